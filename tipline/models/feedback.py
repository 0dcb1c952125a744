"""The reporter's last word, and the alarms that pass the unit by."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.models.base import Base

if TYPE_CHECKING:
    from tipline.models.tips import Tip


class Rating(Base):
    """What a reporter says of the answer; without one there is silence, which is counted too."""

    __tablename__ = "rating"

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id"), unique=True)
    answered: Mapped[bool]
    content: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)

    tip: Mapped["Tip"] = relationship()


class Alarm(Base):
    """A reporter is threatened, or somebody here did wrong; the words are sealed to the tip."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index(
            "ix_alarm_open",
            "id",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes]
    at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str] = mapped_column(default="")

    tip: Mapped["Tip"] = relationship()

    @property
    def ref(self) -> tuple[str, int]:
        """How the journal names this alarm."""
        return ("alarm", self.id)
