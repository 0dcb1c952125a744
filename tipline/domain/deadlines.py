"""Deadlines: what one step of a deadline profile says, and when it is due."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tipline.domain.calendars import Calendar, CalendarYear
from tipline.domain.counting import DAY, Due, Line, Roll, Unit, count, ensure_length
from tipline.domain.words import Text

__all__ = [
    "Calendar",
    "CalendarYear",
    "Due",
    "HardLimit",
    "Line",
    "Roll",
    "Step",
    "StepDue",
    "Unit",
    "count",
    "due_for",
    "warning_instants",
]

About = Literal["tip", "case"]
Bound = Literal["office", "reporter", "police"]


@dataclass(frozen=True, kw_only=True)
class StepDue(Due):
    """When a step is due; `due_instant` is the first UTC instant at which it is late."""

    due_instant: datetime


@dataclass(frozen=True)
class HardLimit:
    """A second period that the step may never exceed; its last day is never moved."""

    duration: int
    unit: Unit
    basis: str

    def __post_init__(self) -> None:
        ensure_length(self.unit, self.duration)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One deadline: which events start, meet and stop it, how long it runs, who owes it.

    `only_if` and `meets_if` name facts that the starting and the meeting journal line must
    carry. A step with a promise is shown to the reporter with its date.
    """

    id: str
    about: About
    label: Text
    starts_on: tuple[str, ...]
    meets_on: tuple[str, ...]
    stops_on: tuple[str, ...] = ()
    duration: int
    unit: Unit
    roll: Roll = "none"
    only_if: Mapping[str, str] = field(default_factory=dict)
    meets_if: Mapping[str, str] = field(default_factory=dict)
    bound: Bound = "office"
    promise: Text | None = None
    hard_limit: HardLimit | None = None
    basis: str
    warn_percent_left: tuple[int, ...] = (50, 20)

    def __post_init__(self) -> None:
        ensure_length(self.unit, self.duration)
        if not (self.starts_on and self.meets_on):
            raise ValueError("needs an event that starts it and one that meets it")
        if self.promise and self.roll != "none":
            raise ValueError("a promise to the reporter may not roll past its day; set roll: none")
        if not all(0 < percent < 100 for percent in self.warn_percent_left):
            raise ValueError("warn_percent_left takes numbers from 1 to 99")

    def is_started_by(self, event: str, facts: Mapping[str, object]) -> bool:
        """Does this journal line start the clock?"""
        return event in self.starts_on and _has(facts, self.only_if)

    def is_met_by(self, event: str, facts: Mapping[str, object]) -> bool:
        """Does this journal line meet the deadline?"""
        return event in self.meets_on and _has(facts, self.meets_if)

    def is_stopped_by(self, event: str) -> bool:
        """Is the step no longer owed after this event?"""
        return event in self.stops_on


def due_for(step: Step, *, at: datetime, calendar: Calendar, zone: ZoneInfo) -> StepDue:
    """When a step that starts at this instant is due: the earlier of its period and hard limit."""
    due = _due(step.unit, step.duration, at, calendar=calendar, zone=zone, roll=step.roll)
    if step.hard_limit is None:
        return due
    limit = _due(step.hard_limit.unit, step.hard_limit.duration, at, calendar=calendar, zone=zone)
    return due if due.due_instant <= limit.due_instant else _cut(due, limit, step.hard_limit)


def warning_instants(
    started_at: datetime, due_instant: datetime, percent_left: tuple[int, ...]
) -> tuple[datetime, ...]:
    """When these percentages of the time are left, earliest first; none when no time was given."""
    whole = due_instant - started_at
    if whole <= timedelta(0):
        return ()
    return tuple(due_instant - whole * percent / 100 for percent in sorted(percent_left)[::-1])


def _has(facts: Mapping[str, object], wanted: Mapping[str, str]) -> bool:
    return all(facts.get(name) == value for name, value in wanted.items())


def _due(
    unit: Unit, n: int, at: datetime, *, calendar: Calendar, zone: ZoneInfo, roll: Roll = "none"
) -> StepDue:
    if at.tzinfo is None:
        raise ValueError("a deadline starts at an aware time")
    local = at.astimezone(zone)
    start = local if unit == "hour" else local.date()
    due = count(unit, n, start, calendar=calendar, roll=roll)
    late = due.due_at or datetime.combine(due.last_day + DAY, time(), zone)
    parts = {part.name: getattr(due, part.name) for part in fields(due)}
    return StepDue(**parts, due_instant=late.astimezone(UTC))


def _cut(due: StepDue, limit: StepDue, hard_limit: HardLimit) -> StepDue:
    """The hard limit's date, explained by the step's own days up to it."""
    before = tuple(line for line in due.lines if line.date <= limit.last_day)
    why = f"hard limit of {hard_limit.duration} {hard_limit.unit}s ends here"
    return replace(limit, lines=(*before, Line(limit.last_day, False, why)))
