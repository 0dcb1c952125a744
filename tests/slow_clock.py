"""An independent oracle: when a clock is due, found by looking at one day after the other.

It shares no code with the engine. Everything is a plain set of days and a loop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Notices:
    """What the yearly notices say."""

    off: frozenset[date]
    makeup: frozenset[date]

    def works(self, day: date) -> bool:
        return day in self.makeup or (day.isoweekday() <= 5 and day not in self.off)


@dataclass(frozen=True)
class Case:
    """A period to be counted: its length, its pauses [from, until), its extensions."""

    unit: str
    n: int
    start: datetime
    roll: str
    pauses: Sequence[tuple[datetime, datetime]]
    extensions: Sequence[int]
    limit: int | None = None


def due(case: Case, notices: Notices) -> datetime:
    """The local instant at which the period has ended and the duty is late."""
    if case.unit == "hour":
        return _hours(case)
    last = case.start.date()
    for length in (case.n, *case.extensions):
        last = _days(case, length, last, notices)
    while _moves(case.roll, last, notices):
        last += DAY
    end = _midnight_after(last, case.start)
    if case.limit is not None:
        end = min(end, _midnight_after(case.start.date() + case.limit * DAY, case.start))
    return end


def _days(case: Case, length: int, start: date, notices: Notices) -> date:
    if case.unit == "workday":
        left = length
    else:
        left = (_calendar_end(case.unit, length, start) - start).days
    day = start
    while left:
        day += DAY
        if any(begin.date() <= day < until.date() for begin, until in case.pauses):
            continue
        if case.unit != "workday" or notices.works(day):
            left -= 1
    return day


def _calendar_end(unit: str, length: int, start: date) -> date:
    if unit == "calendar_day":
        return start + length * DAY
    months = length if unit == "month" else 12 * length
    year, month = start.year, start.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    day = start.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def _moves(roll: str, day: date, notices: Notices) -> bool:
    if roll == "any_rest_day":
        return not notices.works(day)
    return roll == "statutory_holiday_only" and day in notices.off and day not in notices.makeup


def _hours(case: Case) -> datetime:
    """Minute by minute would be the same; a pause shifts by the part of it that is still ahead."""
    minutes, now = 60 * (case.n + sum(case.extensions)), case.start
    step = timedelta(minutes=1)
    while minutes:
        if not any(begin <= now < until for begin, until in case.pauses):
            minutes -= 1
        now += step
    return now


def _midnight_after(day: date, like: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=like.tzinfo) + DAY
