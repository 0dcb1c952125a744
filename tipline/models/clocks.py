"""Running deadlines."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class Clock(Base):
    """One deadline of one tip or case, under the policy of the day it began."""

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("about_kind", "about_id", "step", "started_by_id"),
        Index(
            "ix_clock_ring",
            "ring_at",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    about_kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int]
    step: Mapped[str] = mapped_column(String(40))
    bound: Mapped[str] = mapped_column(String(20))
    started_by_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    started_at: Mapped[datetime]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime]
    provisional: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10), default="running")
    missed: Mapped[bool] = mapped_column(default=False)
    ring_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    policy_version: Mapped[str] = mapped_column(String(64))
