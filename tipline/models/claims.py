"""What decides who may take a case: skills and leave."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class StaffSkill(Base):
    """A skill of the policy that somebody has."""

    __tablename__ = "staff_skill"
    __table_args__ = (UniqueConstraint("staff_id", "skill"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    skill: Mapped[str] = mapped_column(String(40))


class Leave(Base):
    """Days on which somebody is away, the first and the last included."""

    __tablename__ = "staff_leave"
    __table_args__ = (CheckConstraint("last_on >= first_on", name="ends_after_it_begins"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
