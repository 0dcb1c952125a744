"""Running deadlines, and the rules under which they run."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class ClockRule(Base):
    """A step of a profile as it once read; kept for the clocks that started under it."""

    __tablename__ = "clock_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(16), unique=True)
    content: Mapped[dict[str, Any]]


class Clock(Base):
    """One deadline of one tip, case or office, under the rule of the day it began.

    What it is due follows from its rule and the journal; the dates stand here for the index.
    `rung_at` is the last alarm that rang, `ring_at` the next one.
    """

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("about_kind", "about_id", "step", "started_by_id"),
        Index(
            "ix_clock_ring",
            "ring_at",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index(
            "ix_clock_provisional",
            "id",
            sqlite_where=text("provisional AND state IN ('running', 'paused')"),
            postgresql_where=text("provisional AND state IN ('running', 'paused')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    about_kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int]
    step: Mapped[str] = mapped_column(String(40))
    bound: Mapped[str] = mapped_column(String(20))
    rule_mark: Mapped[str | None] = mapped_column(ForeignKey("clock_rule.mark"))
    started_by_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    started_at: Mapped[datetime]
    first_due_on: Mapped[date | None]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime]
    provisional: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10), default="running")
    missed: Mapped[bool] = mapped_column(default=False)
    ring_at: Mapped[datetime | None]
    rung_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    policy_version: Mapped[str] = mapped_column(String(64))

    @property
    def ref(self) -> tuple[str, int]:
        """What it is about, as the journal names it."""
        return (self.about_kind, self.about_id)
