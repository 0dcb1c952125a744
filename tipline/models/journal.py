"""The append-only list of everything that happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class Entry(Base):
    """One line: who, what, when, about which record."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_about", "about_kind", "about_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(40))
    about_kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int]
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
