"""Deadlines: when a period of the law ends, and what one step of a deadline profile says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tipline.domain.calendars import Calendar, CalendarYear
from tipline.domain.counting import DAY, Due, Roll, Unit, count, end_on
from tipline.domain.lines import Line, in_extension
from tipline.domain.pauses import Pause
from tipline.domain.rules import Extension, HardLimit, Rule
from tipline.domain.words import Text

__all__ = [
    "Calendar",
    "CalendarYear",
    "Due",
    "Extension",
    "HardLimit",
    "Line",
    "Pause",
    "Roll",
    "Rule",
    "Step",
    "StepDue",
    "Unit",
    "count",
    "due_for",
    "warning_instants",
]

About = Literal["tip", "case", "office"]
OUTSIDE = "case.noted"


@dataclass(frozen=True, kw_only=True)
class StepDue(Due):
    """When a step is due; `due_instant` is the first UTC instant at which it is late."""

    due_instant: datetime


@dataclass(frozen=True)
class Granted:
    """An extension that was granted."""

    n: int
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Step(Rule):
    """One deadline: which events start, meet and stop it, how long it runs, who owes it.

    `only_if` and `meets_if` name facts that the starting and the meeting journal line must
    carry, with one value or any of several; `same` names facts that both must carry alike, where
    several such clocks run beside each other. A step with a promise is shown to the reporter with
    its date. `rule` names the regime and step of the law that it was made from. One that recurs
    starts again when it ends.
    """

    id: str
    about: About
    label: Text
    starts_on: tuple[str, ...]
    meets_on: tuple[str, ...]
    stops_on: tuple[str, ...] = ()
    only_if: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    meets_if: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    same: tuple[str, ...] = ()
    promise: Text | None = None
    basis: Text
    rule: str = ""
    recurs: bool = False
    warn_percent_left: tuple[int, ...] = (50, 20)
    remind_percent_left: tuple[int, ...] = ()
    warn_hours_left: tuple[int, ...] = (24,)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.has_term:
            raise ValueError("needs a duration, fixed dates or a rule that has one")
        if not (self.starts_on and self.meets_on):
            raise ValueError("needs an event that starts it and one that meets it")
        if self.promise and self.roll != "none":
            raise ValueError("a promise to the reporter may not roll past its day; set roll: none")
        if self.promise and self.about != "tip":
            raise ValueError("a promise to the reporter is about their tip; set about: tip")
        if self.recurs and not (self.on_dates and self.about == "office"):
            raise ValueError("only an office's duty on fixed dates recurs")
        for name in ("warn_percent_left", "remind_percent_left"):
            if not all(0 < percent < 100 for percent in getattr(self, name)):
                raise ValueError(f"{name} takes numbers from 1 to 99")

    def is_started_by(self, event: str, facts: Mapping[str, object]) -> bool:
        """Does this journal line start the clock?"""
        if self.recurs and facts.get("step", self.id) != self.id:
            return False
        return _name(event, facts) in self.starts_on and _has(facts, self.only_if)

    def is_met_by(self, event: str, facts: Mapping[str, object]) -> bool:
        """Does this journal line meet the deadline?"""
        return _name(event, facts) in self.meets_on and _has(facts, self.meets_if)

    def is_stopped_by(self, event: str, facts: Mapping[str, object] | None = None) -> bool:
        """Is the step no longer owed after this event?"""
        return _name(event, facts or {}) in self.stops_on


def _name(event: str, facts: Mapping[str, object]) -> str:
    """What happens outside is named by its kind."""
    return f"outside.{facts.get('kind')}" if event == OUTSIDE else event


def named(name: str) -> tuple[str, dict[str, object]]:
    """The event and facts of a line that goes by this name."""
    kind = name.removeprefix("outside.")
    return (name, {}) if kind == name else (OUTSIDE, {"kind": kind})


def due_for(
    rule: Rule,
    *,
    at: datetime,
    calendar: Calendar,
    zone: ZoneInfo,
    pauses: Sequence[tuple[datetime, datetime, str]] = (),
    extensions: Sequence[Granted] = (),
    facts: Mapping[str, object] | None = None,
) -> StepDue:
    """When a step that starts at this instant is due: the earlier of its period and hard limit.

    `pauses` are instants with their ground; `extensions` are counted from the end of what was
    there before. A hard limit knows neither. ValueError when the law names no figure.
    """
    if at.tzinfo is None:
        raise ValueError("a deadline starts at an aware time")
    counted = _Counting(calendar, zone, at, pauses)
    due = counted.due(rule, _periods(rule, extensions, facts or {}))
    if rule.hard_limit is None:
        return due
    limit_rule = Rule(duration=rule.hard_limit.duration, unit=rule.hard_limit.unit)
    limit = _Counting(calendar, zone, at, ()).due(limit_rule, _periods(limit_rule, (), {}))
    return due if due.due_instant <= limit.due_instant else _cut(due, limit, rule.hard_limit)


def warning_instants(
    started_at: datetime,
    due_instant: datetime,
    percent_left: Sequence[int],
    hours_left: Sequence[int] = (),
) -> tuple[datetime, ...]:
    """When these percentages and hours are left, earliest first; none when no time was given."""
    whole = due_instant - started_at
    if whole <= timedelta(0):
        return ()
    shares = {due_instant - whole * percent / 100 for percent in percent_left}
    hours = {due_instant - timedelta(hours=each) for each in hours_left}
    return tuple(sorted(shares | {at for at in hours if at > started_at}))


def _has(facts: Mapping[str, object], wanted: Mapping[str, str | tuple[str, ...]]) -> bool:
    return all(
        facts.get(name) == value if isinstance(value, str) else facts.get(name) in value
        for name, value in wanted.items()
    )


def _periods(
    rule: Rule, extensions: Sequence[Granted], facts: Mapping[str, object]
) -> list[Granted]:
    """The length that the facts choose, and then what was granted on top."""
    if rule.duration is None:
        return list(extensions)
    chosen = Granted(rule.duration, rule.unit)
    for other in rule.alternatives:
        if other.when and _has(facts, other.when):
            chosen = Granted(other.duration, other.unit)
    return [chosen, *extensions]


@dataclass(frozen=True)
class _Counting:
    """One count: under this calendar, in this zone, from this instant, with these pauses."""

    calendar: Calendar
    zone: ZoneInfo
    at: datetime
    pauses: Sequence[tuple[datetime, datetime, str]]

    def due(self, rule: Rule, periods: Sequence[Granted]) -> StepDue:
        if rule.on_dates:
            due = self._on_dates(rule)
        elif not rule.has_term:
            raise ValueError("the law names no figure for this step")
        elif rule.unit == "hour":
            due = self._hours(sum(part.n for part in periods))
        else:
            due = self._days(rule, periods)
        late = due.due_at or datetime.combine(due.last_day + DAY, time(), self.zone)
        parts = {part.name: getattr(due, part.name) for part in fields(due)}
        return StepDue(**parts, due_instant=late.astimezone(UTC))

    def _on_dates(self, rule: Rule) -> Due:
        start = self._day(self.at)
        day, fixed = min((each.after(start), each.written) for each in rule.on_dates)
        lines = (Line(start, False, "start"), Line(day, True, "fixed_date", detail=fixed))
        return end_on(day, calendar=self.calendar, roll=rule.roll, lines=lines)

    def _hours(self, n: int) -> Due:
        local = [Pause(begin, end, ground) for begin, end, ground in self.pauses]
        start = self.at.astimezone(self.zone)
        return count("hour", n, start, calendar=self.calendar, pauses=local)

    def _days(self, rule: Rule, periods: Sequence[Granted]) -> Due:
        """Each period is counted from the end of the one before; only the last end is moved."""
        days = [Pause(self._day(begin), self._day(end), why) for begin, end, why in self.pauses]
        due, before = None, list[Line]()
        for part in periods:
            due = count(
                part.unit,
                part.n,
                due.raw_on if due else self._day(self.at),
                calendar=self.calendar,
                roll=rule.roll if part is periods[-1] else "none",
                direction=rule.direction,
                pauses=days,
            )
            before += map(in_extension, due.lines[1:]) if before else due.lines
        assert due is not None
        provisional = not all(line.published for line in before)
        return replace(due, lines=tuple(before), provisional=provisional)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def _cut(due: StepDue, limit: StepDue, hard_limit: HardLimit) -> StepDue:
    """The hard limit's date, explained by the step's own days up to it."""
    before = tuple(line for line in due.lines if line.date <= limit.last_day)
    last = Line(
        limit.last_day, False, "hard_limit", number=hard_limit.duration, detail=hard_limit.unit
    )
    return replace(limit, lines=(*before, last))
