"""Work calendars: how their files come together, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from tipline.domain.calendars import SATURDAY, Calendar, CalendarYear
from tipline.policy.files import CalendarFile, CalendarPartFile
from tipline.policy.forms import CalendarPart

Found = Iterator[tuple[str, str]]
REACHES_BACK = timedelta(days=7)


def put_together(
    years: Mapping[int, CalendarYear], parts: Iterable[CalendarPart]
) -> tuple[Calendar, dict[str, Calendar]]:
    """The calendar of the whole country, and those of areas that have days of their own."""
    whole, local = dict(years), dict[str, dict[int, CalendarYear]]()
    for part in parts:
        for code in part.divisions:
            local.setdefault(code, {}).update(part.years)
        if not part.divisions:
            whole.update(part.years)
    return Calendar(whole), {code: Calendar(whole, days) for code, days in local.items()}


def mistakes(read: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """File, key and reason of every mistake in the folder of calendars."""
    for name, part in read.items():
        if name.startswith("calendars/"):
            for key, reason in check_calendar(part):
                yield name, key, reason


def check_calendar(file: CalendarFile | CalendarPartFile) -> Found:
    """Off days and make-up workdays lie in their year and do not contradict each other."""
    for year, days in file.years.items():
        yield from _check_year(year, days)


def _check_year(year: int, days: CalendarYear) -> Found:
    both = {"off_days": days.off_days, "makeup_workdays": days.makeup_workdays}
    for key, dates in both.items():
        for day in sorted(dates):
            if not _lies_in(day, year):
                yield f"years.{year}.{key}", f"{day} lies outside {year}"
    for day in sorted(days.off_days & days.makeup_workdays):
        yield f"years.{year}", f"{day} is both an off day and a make-up workday"
    for day in sorted(days.makeup_workdays):
        if day.weekday() < SATURDAY:
            yield f"years.{year}.makeup_workdays", f"{day} is not on a weekend"


def _lies_in(day: date, year: int) -> bool:
    """The holiday of New Year may begin in the last days of the year before."""
    return date(year, 1, 1) - REACHES_BACK <= day <= date(year, 12, 31)
