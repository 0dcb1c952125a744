"""Counting days: where a period of days, hours or months ends, and why, day by day.

Law: Civil Code 201 (the first day is not counted), 202 (months end on the same day number)
and 203 (a period that ends on a rest day ends on the next working day, at 24:00).
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from tipline.domain.calendars import Calendar

Unit = Literal["workday", "calendar_day", "hour", "month", "year", "same_day"]
Roll = Literal["any_rest_day", "statutory_holiday_only", "none"]

DAY = timedelta(days=1)
MONTHS = {"month": 1, "year": 12}
LONGEST = {
    "workday": 25_000,
    "calendar_day": 36_525,
    "hour": 876_600,
    "month": 1_200,
    "year": 100,
    "same_day": 0,
}


@dataclass(frozen=True)
class Line:
    """One day of a count: was it counted, and why or why not."""

    date: date
    counted: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class Due:
    """The end of a period: a local day (`due_on`) or, for hours, an instant (`due_at`).

    `raw_on` is the last day before any roll; `provisional` says that the count reached a
    year whose calendar is not published, so that it has to be done again.
    """

    due_on: date | None = None
    due_at: datetime | None = None
    raw_on: date
    provisional: bool
    lines: tuple[Line, ...]

    @property
    def last_day(self) -> date:
        """The local day on which the period ends, whichever the unit."""
        return self.raw_on if self.due_on is None else self.due_on


def count(
    unit: Unit, n: int, start: date | datetime, *, calendar: Calendar, roll: Roll = "none"
) -> Due:
    """The bare counting rule: `n` units after `start`, which itself is not counted.

    `start` is a local date, for hours an aware datetime. ValueError when it is neither, or
    when the period is negative, longer than a century or runs past the year 9999.
    """
    ensure_length(unit, n, least=0)
    timed = isinstance(start, datetime)
    if timed != (unit == "hour"):
        raise ValueError("hours start at a time with its zone, every other unit on a date")
    try:
        if isinstance(start, datetime):
            return _count_hours(n, start)
        if unit == "workday":
            return _count_workdays(n, start, calendar)
        if unit == "same_day":
            return Due(due_on=start, raw_on=start, provisional=False, lines=(_same_day(start),))
        return _count_through(_raw_end(unit, n, start), start, calendar, roll)
    except OverflowError as error:
        raise ValueError("the period runs past the year 9999") from error


def ensure_length(unit: str, n: int, *, least: int = 1) -> None:
    """ValueError when a period of this unit cannot have this length."""
    if unit == "same_day":
        least = 0
    if not least <= n <= LONGEST[unit]:
        raise ValueError(f"unit {unit} takes a number from {least} to {LONGEST[unit]}")


def _count_hours(n: int, start: datetime) -> Due:
    if start.tzinfo is None:
        raise ValueError("a period in hours starts at a time with its zone")
    due_at = (start.astimezone(UTC) + timedelta(hours=n)).astimezone(start.tzinfo)
    days = (start.date(), *_days_after(start.date(), due_at.date()))
    lines = tuple(Line(day, True, "hours run through rest days") for day in days)
    return Due(due_at=due_at, raw_on=due_at.date(), provisional=False, lines=lines)


def _count_workdays(n: int, start: date, calendar: Calendar) -> Due:
    lines = [_start_line(start)]
    day, counted = start, 0
    while counted < n:
        day += DAY
        works = calendar.is_workday(day)
        counted += works
        kind = calendar.describe(day)
        lines.append(_line(calendar, day, works, f"{kind} {counted}" if works else kind))
    return _day_due(calendar, day, day, lines)


def _count_through(raw: date, start: date, calendar: Calendar, roll: Roll) -> Due:
    """Every calendar day up to the raw end, then the days that the end is moved over."""
    due = raw
    while _rolls(calendar, due, roll):
        due += DAY
    lines = [_start_line(start)]
    for number, day in enumerate(_days_after(start, due), start=1):
        why = _why(number, raw=raw, due=due, day=day, kind=calendar.describe(day))
        lines.append(_line(calendar, day, day <= raw, why))
    return _day_due(calendar, raw, due, lines)


def _why(number: int, *, raw: date, due: date, day: date, kind: str) -> str:
    if day < raw or day == raw == due:
        return f"day {number}"
    if day == raw:
        return f"day {number}, {kind}: the end moves on"
    return "the end moves here" if day == due else f"{kind}: the end moves on"


def _raw_end(unit: Unit, n: int, start: date) -> date:
    if unit not in MONTHS:
        return start + n * DAY
    months = start.year * 12 + start.month - 1 + n * MONTHS[unit]
    year, month = months // 12, months % 12 + 1
    if year > date.max.year:
        raise OverflowError
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _rolls(calendar: Calendar, day: date, roll: Roll) -> bool:
    rests: Mapping[Roll, Callable[[date], bool]] = {
        "any_rest_day": calendar.is_rest_day,
        "statutory_holiday_only": calendar.is_holiday,
        "none": lambda day: False,
    }
    return rests[roll](day)


def _days_after(start: date, end: date) -> Iterator[date]:
    return (start + number * DAY for number in range(1, (end - start).days + 1))


def _same_day(start: date) -> Line:
    return Line(start, True, "ends on the day it starts")


def _start_line(start: date) -> Line:
    return Line(start, False, "the first day is not counted")


def _line(calendar: Calendar, day: date, counted: bool, why: str) -> Line:
    known = calendar.is_published(day.year)
    return Line(day, counted, why if known else f"{why} (calendar of {day.year} not published)")


def _day_due(calendar: Calendar, raw: date, due: date, lines: list[Line]) -> Due:
    after_start = {line.date.year for line in lines[1:]}
    provisional = not all(calendar.is_published(year) for year in after_start)
    return Due(due_on=due, raw_on=raw, provisional=provisional, lines=tuple(lines))
