"""Running deadlines, and the rules under which they run."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base

# What the lists of deadlines are about; the indexes below hold just these rows.
OWED = literal_column("clock.state = 'running' AND clock.bound = 'office'", Boolean)
WAITS = literal_column(
    "(clock.state = 'paused' OR clock.state = 'running' AND clock.bound <> 'office')", Boolean
)
CIRCULATED = literal_column("clock.missed AND clock.ring_at IS NULL", Boolean)


def _listed(name: str, of: str) -> Index:
    return Index(name, "due_at", "id", sqlite_where=text(of), postgresql_where=text(of))


class ClockRule(Base):
    """A step of a profile as it once read; kept for the clocks that started under it."""

    __tablename__ = "clock_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(16), unique=True)
    content: Mapped[dict[str, Any]]


class TimeRequest(Base):
    """An inspector asks for a pause or an extension; a supervisor decides, once."""

    __tablename__ = "time_request"
    __table_args__ = (
        CheckConstraint("kind IN ('pause', 'extension')", name="kind_known"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_one_at_a_time"
        ),
        CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name="decided_yes_or_no"),
        Index(
            "uq_time_request_open",
            "case_id",
            "kind",
            "step",
            "ground",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    step: Mapped[str] = mapped_column(String(40))
    ground: Mapped[str] = mapped_column(String(60))
    n: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20), default="")
    document: Mapped[str]
    begins_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    granted: Mapped[bool | None]


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
        _listed("ix_clock_owed", "state = 'running' AND bound = 'office'"),
        _listed("ix_clock_waits", "state = 'paused' OR state = 'running' AND bound <> 'office'"),
        _listed(
            "ix_clock_circulated",
            "state = 'running' AND bound = 'office' AND missed AND ring_at IS NULL",
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
