"""Listings: cases under the eyes of an upper level."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base

OPEN = text("lifted_at IS NULL")


class Listing(Base):
    """A case listed for supervision: by which level, why, and until when it has to be done."""

    __tablename__ = "listing"
    __table_args__ = (
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_one_at_a_time"
        ),
        Index("uq_listing_open", "case_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    level: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    due_on: Mapped[date]
    listed_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    listed_at: Mapped[datetime]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    lifted_at: Mapped[datetime | None]

    @classmethod
    def stands_for(cls, case_id: Any) -> ColumnElement[bool]:
        """Whether this is the listing under which a case is now."""
        return and_(cls.case_id == case_id, cls.lifted_at.is_(None))
