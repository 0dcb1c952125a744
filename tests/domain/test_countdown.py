"""The countdown: a date, days left and a word, as the person who looks at it would count."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.domain.calendars import Calendar, CalendarYear
from tipline.domain.countdown import NEVER, Countdown, countdown

SHANGHAI = ZoneInfo("Asia/Shanghai")
NO_DAYS = CalendarYear(frozenset(), frozenset())
CALENDAR = Calendar({2026: NO_DAYS})
# The end of 10 July in Shanghai is 16:00 UTC.
DUE_AT = datetime(2026, 7, 10, 16, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def left(due_at: datetime, now: datetime) -> Countdown:
    return countdown(due_at, now=now, zone=SHANGHAI, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("now", "days", "word"),
    [
        (datetime(2026, 7, 1, 2, tzinfo=UTC), 9, "ok"),
        (datetime(2026, 7, 7, 15, 59, tzinfo=UTC), 3, "ok"),
        (datetime(2026, 7, 7, 16, 0, tzinfo=UTC), 2, "soon"),
        (datetime(2026, 7, 9, 16, 0, tzinfo=UTC), 0, "soon"),
        (datetime(2026, 7, 10, 15, 59, 59, tzinfo=UTC), 0, "soon"),
        (datetime(2026, 7, 10, 16, 0, tzinfo=UTC), -1, "late"),
        (datetime(2026, 7, 11, 16, 0, tzinfo=UTC), -2, "late"),
    ],
)
def test_days_are_counted_in_local_dates_to_the_end_of_the_last_day(
    now: datetime, days: int, word: str
) -> None:
    found = left(DUE_AT, now)
    assert (found.due_on, found.days_left, found.urgency) == (date(2026, 7, 10), days, word)


def test_a_deadline_in_hours_is_late_on_its_own_day() -> None:
    at_noon = datetime(2026, 7, 10, 4, tzinfo=UTC)
    assert left(at_noon, at_noon - timedelta(seconds=1)).urgency == "soon"
    late = left(at_noon, at_noon)
    assert (late.due_on, late.days_left, late.urgency) == (date(2026, 7, 10), -1, "late")


@given(INSTANTS)
def test_without_a_deadline_there_is_no_date_and_no_hurry(now: datetime) -> None:
    assert left(NEVER, now) == Countdown(None, None, "ok")


@given(INSTANTS, INSTANTS)
def test_late_is_exactly_from_the_due_instant_on(due_at: datetime, now: datetime) -> None:
    found = left(due_at, now)
    assert (found.urgency == "late") == (now >= due_at)
    assert found.days_left is not None
    assert (found.days_left < 0) == (now >= due_at)


@given(INSTANTS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_days_left_never_grow_while_time_passes(
    due_at: datetime, now: datetime, passed: timedelta
) -> None:
    earlier, later = left(due_at, now), left(due_at, now + passed)
    assert earlier.days_left is not None
    assert later.days_left is not None
    assert later.days_left <= earlier.days_left
    assert earlier.due_on == later.due_on


@pytest.mark.parametrize(("year", "provisional"), [(2026, False), (2027, True)])
def test_a_date_is_provisional_while_its_years_calendar_is_not_published(
    year: int, provisional: bool
) -> None:
    due_at = datetime(year, 7, 10, 16, tzinfo=UTC)
    assert left(due_at, due_at - timedelta(days=30)).provisional is provisional


def test_a_deadline_that_has_passed_is_no_longer_provisional() -> None:
    due_at = datetime(2027, 7, 10, 16, tzinfo=UTC)
    assert not left(due_at, due_at + timedelta(days=1)).provisional
