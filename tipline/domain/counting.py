"""Counting days: where a period of days, hours or months ends, and why, day by day.

Law: Civil Code 201 (the first day is not counted), 202 (months end on the same day number)
and 203 (a period that ends on a rest day ends on the next working day, at 24:00).
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from tipline.domain.calendars import Calendar
from tipline.domain.lines import Line
from tipline.domain.pauses import Pause, hours_end

Unit = Literal["workday", "calendar_day", "hour", "month", "year", "same_day"]
Roll = Literal["any_rest_day", "statutory_holiday_only", "none"]
Direction = Literal["after", "before"]

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
    unit: Unit,
    n: int,
    start: date | datetime,
    *,
    calendar: Calendar,
    roll: Roll = "none",
    direction: Direction = "after",
    pauses: Sequence[Pause] = (),
) -> Due:
    """The bare counting rule: `n` units after (or before) `start`, which itself is not counted.

    `start` is a local date, for hours an aware datetime. ValueError when it is neither, or
    when the period is negative, longer than a century or leaves the years 1 to 9999.
    """
    ensure_length(unit, n, least=0)
    timed = isinstance(start, datetime)
    if timed != (unit == "hour"):
        raise ValueError("hours start at a time with its zone, every other unit on a date")
    try:
        if isinstance(start, datetime):
            return _count_hours(n, start, pauses)
        if unit == "same_day":
            line = Line(start, True, "same_day")
            return Due(due_on=start, raw_on=start, provisional=False, lines=(line,))
        stride = -DAY if direction == "before" else DAY
        days = _walk(unit, n, start, calendar=calendar, pauses=pauses, stride=stride)
        return _day_due(calendar, days, roll)
    except OverflowError as error:
        raise ValueError("the period runs past the year 9999") from error


def ensure_length(unit: str, n: int, *, least: int = 1) -> None:
    """ValueError when a period of this unit cannot have this length."""
    if unit == "same_day":
        least = 0
    if not least <= n <= LONGEST[unit]:
        raise ValueError(f"unit {unit} takes a number from {least} to {LONGEST[unit]}")


def end_on(day: date, *, calendar: Calendar, roll: Roll, lines: Sequence[Line]) -> Due:
    """A period that ends on this day, which may roll; the last line is that day's."""
    assert lines[-1].date == day
    return _day_due(calendar, list(lines), roll)


def _count_hours(n: int, start: datetime, pauses: Sequence[Pause]) -> Due:
    if start.tzinfo is None:
        raise ValueError("a period in hours starts at a time with its zone")
    end = hours_end(start.astimezone(UTC), timedelta(hours=n), pauses).astimezone(start.tzinfo)
    days = (start.date(), *_days_after(start.date(), end.date()))
    lines = tuple(Line(day, True, "hours") for day in days)
    return Due(due_at=end, raw_on=end.date(), provisional=False, lines=lines)


def _walk(
    unit: Unit,
    n: int,
    start: date,
    *,
    calendar: Calendar,
    pauses: Sequence[Pause],
    stride: timedelta,
) -> list[Line]:
    """Day by day until as many have counted as the period has."""
    works = unit == "workday"
    needed = n if works else abs((_raw_end(unit, n, start, stride) - start).days)
    lines, day, counted = [Line(start, False, "start")], start, 0
    while counted < needed:
        day += stride
        line = _met_on(day, counted + 1, calendar, works=works, pauses=pauses)
        counted += line.counted
        lines.append(line)
    return lines


def _met_on(
    day: date, number: int, calendar: Calendar, *, works: bool, pauses: Sequence[Pause]
) -> Line:
    for pause in pauses:
        if pause.covers(day):
            return Line(day, False, "paused", detail=pause.ground)
    if not works:
        return Line(day, True, "day", number)
    counted = calendar.is_workday(day)
    return Line(day, counted, calendar.kind_of(day), number if counted else 0)


def _raw_end(unit: Unit, n: int, start: date, stride: timedelta) -> date:
    if unit not in MONTHS:
        return start + n * stride
    months = start.year * 12 + start.month - 1 + n * MONTHS[unit] * stride.days
    year, month = months // 12, months % 12 + 1
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _rolled(calendar: Calendar, lines: list[Line], roll: Roll) -> list[Line]:
    """The same days, and the rest days over which the end moves to the next working day."""
    day = lines[-1].date
    if not _rolls(calendar, day, roll):
        return lines
    found = [*lines[:-1], replace(lines[-1], moves_on=calendar.kind_of(day))]
    while _rolls(calendar, day, roll):
        day += DAY
        rests = calendar.kind_of(day) if _rolls(calendar, day, roll) else None
        found.append(Line(day, False, rests or "moved_here", moves_on=rests))
    return found


def _rolls(calendar: Calendar, day: date, roll: Roll) -> bool:
    rests: Mapping[Roll, Callable[[date], bool]] = {
        "any_rest_day": calendar.is_rest_day,
        "statutory_holiday_only": calendar.is_holiday,
        "none": lambda day: False,
    }
    return rests[roll](day)


def _days_after(start: date, end: date) -> Iterator[date]:
    return (start + number * DAY for number in range(1, (end - start).days + 1))


def _day_due(calendar: Calendar, counted: list[Line], roll: Roll) -> Due:
    first, *others = _rolled(calendar, counted, roll)
    known = [
        line if calendar.is_published(line.date.year) else replace(line, published=False)
        for line in others
    ]
    return Due(
        due_on=known[-1].date if known else first.date,
        raw_on=counted[-1].date,
        provisional=not all(line.published for line in known),
        lines=(first, *known),
    )
