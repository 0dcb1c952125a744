"""Working days: the yearly notice of holidays and make-up workdays, as a calendar.

Law: the rule of the State Council's yearly notice, a day is worked when it is Monday to
Friday and not an off day, or a make-up workday.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tipline.domain.lines import DayKind

SATURDAY = 5


@dataclass(frozen=True)
class CalendarYear:
    """What the notice for one year says; its days may reach into the year before."""

    off_days: frozenset[date]
    makeup_workdays: frozenset[date]
    notice: str = ""


@dataclass(frozen=True)
class Calendar:
    """The published years of one region; an unpublished year counts Monday to Friday.

    `local` are the days of an area of its own (ethnic areas may add holidays), which go before
    those of the whole country and publish no year.
    """

    years: Mapping[int, CalendarYear]
    local: Mapping[int, CalendarYear] = field(default_factory=dict)

    def is_published(self, year: int) -> bool:
        """Has the notice for this year been loaded?"""
        return year in self.years

    def is_workday(self, day: date) -> bool:
        """Is this a day on which offices work?"""
        if day in self._makeup_workdays:
            return True
        return day.weekday() < SATURDAY and day not in self._off_days

    def is_rest_day(self, day: date) -> bool:
        """Is this a weekend or a holiday that is not worked?"""
        return not self.is_workday(day)

    def is_holiday(self, day: date) -> bool:
        """Is this a day off by the yearly notice (an ordinary weekend is not)?"""
        return day in self._off_days and day not in self._makeup_workdays

    def kind_of(self, day: date) -> DayKind:
        """What kind of day this is."""
        if day in self._makeup_workdays:
            return "makeup_workday"
        if self.is_holiday(day):
            return "public_holiday"
        return "workday" if day.weekday() < SATURDAY else "weekend"

    @cached_property
    def _off_days(self) -> frozenset[date]:
        local = _days(self.local, "off_days")
        return (_days(self.years, "off_days") - _days(self.local, "makeup_workdays")) | local

    @cached_property
    def _makeup_workdays(self) -> frozenset[date]:
        local = _days(self.local, "makeup_workdays")
        return (_days(self.years, "makeup_workdays") - _days(self.local, "off_days")) | local


def _days(years: Mapping[int, CalendarYear], kind: str) -> frozenset[date]:
    return frozenset().union(*(getattr(year, kind) for year in years.values()))
