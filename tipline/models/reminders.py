"""Reminders on the pages of the staff."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.models.base import Base
from tipline.models.journal import Entry


class Reminder(Base):
    """A line of the journal that somebody has to see, once."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("staff_id", "entry_id"),
        Index(
            "ix_reminder_unread",
            "staff_id",
            "id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship()
