"""Requests to learn how a reporter can be reached: asked, approved by another, shown once."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.models.base import Base

if TYPE_CHECKING:
    from tipline.models.staff import Staff
    from tipline.models.tips import Tip


class IdentityRequest(Base):
    """One request; nobody approves their own."""

    __tablename__ = "identity_request"
    __table_args__ = (
        CheckConstraint("approved_by_id <> requested_by_id", name="approved_by_another"),
        CheckConstraint("shown_at IS NULL OR approved_at IS NOT NULL", name="shown_if_approved"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id"), index=True)
    reason: Mapped[str]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]

    tip: Mapped["Tip"] = relationship()
    requested_by: Mapped["Staff"] = relationship(foreign_keys=requested_by_id)
    approved_by: Mapped["Staff | None"] = relationship(foreign_keys=approved_by_id)
