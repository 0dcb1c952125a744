"""Counting and steps, for any dates: what must hold whatever the calendar says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.domain.deadlines import (
    Calendar,
    CalendarYear,
    HardLimit,
    Roll,
    Step,
    Unit,
    count,
    due_for,
    warning_instants,
)
from tipline.domain.words import Text

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
GOLDEN_WEEK = frozenset(date(2026, 10, day) for day in range(1, 8))
CALENDAR = Calendar(
    {
        2026: CalendarYear(GOLDEN_WEEK, frozenset({date(2026, 9, 20), date(2026, 10, 10)})),
        2027: CalendarYear(frozenset({date(2027, 1, 1)}), frozenset()),
    }
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
DAY_UNITS: st.SearchStrategy[Unit] = st.sampled_from(("workday", "calendar_day", "month"))
ROLLS: st.SearchStrategy[Roll] = st.sampled_from(("any_rest_day", "statutory_holiday_only", "none"))
NUMBERS = st.integers(1, 40)
STEP = Step(
    id="check",
    about="tip",
    label=Text(zh="核查", en="Check"),
    starts_on=("tip.received",),
    meets_on=("case.filed",),
    stops_on=("tip.withdrawn",),
    duration=3,
    unit="workday",
    basis=Text(zh="试", en="test"),
)


@given(DAY_UNITS, NUMBERS, DAYS, ROLLS)
def test_count_is_monotone_in_n(unit: Unit, n: int, start: date, roll: Roll) -> None:
    sooner = count(unit, n, start, calendar=CALENDAR, roll=roll).last_day
    later = count(unit, n + 1, start, calendar=CALENDAR, roll=roll).last_day
    assert sooner <= later


@given(NUMBERS, DAYS, ROLLS)
def test_count_ends_on_a_workday_for_workdays(n: int, start: date, roll: Roll) -> None:
    due = count("workday", n, start, calendar=CALENDAR, roll=roll)
    assert CALENDAR.is_workday(due.last_day)
    assert due.raw_on == due.due_on


@given(st.sampled_from(("calendar_day", "month")), NUMBERS, DAYS)
def test_count_never_ends_on_a_rest_day_when_any_rolls(unit: Unit, n: int, start: date) -> None:
    due = count(unit, n, start, calendar=CALENDAR, roll="any_rest_day")
    assert not CALENDAR.is_rest_day(due.last_day)
    between = (due.raw_on + number * DAY for number in range((due.last_day - due.raw_on).days))
    assert all(CALENDAR.is_rest_day(day) for day in between)


@given(DAY_UNITS, NUMBERS, DAYS, ROLLS)
def test_count_never_counts_the_first_day(unit: Unit, n: int, start: date, roll: Roll) -> None:
    lines = count(unit, n, start, calendar=CALENDAR, roll=roll).lines
    assert (lines[0].date, lines[0].counted) == (start, False)
    assert all(line.date > start for line in lines[1:])


@given(DAY_UNITS, NUMBERS, DAYS, ROLLS)
def test_count_explains_every_day_once(unit: Unit, n: int, start: date, roll: Roll) -> None:
    due = count(unit, n, start, calendar=CALENDAR, roll=roll)
    length = (due.last_day - start).days
    assert [line.date for line in due.lines] == [
        start + DAY * number for number in range(length + 1)
    ]
    assert all(line.why for line in due.lines)


@given(st.sampled_from(("workday", "calendar_day")), NUMBERS, DAYS, ROLLS)
def test_count_counts_exactly_n_days(unit: Unit, n: int, start: date, roll: Roll) -> None:
    lines = count(unit, n, start, calendar=CALENDAR, roll=roll).lines
    assert sum(line.counted for line in lines) == n


@given(DAY_UNITS, NUMBERS, DAYS, ROLLS)
def test_count_is_provisional_exactly_when_it_reaches_an_unpublished_year(
    unit: Unit, n: int, start: date, roll: Roll
) -> None:
    due = count(unit, n, start, calendar=CALENDAR, roll=roll)
    assert due.provisional == (due.last_day.year > 2027)


def test_count_is_provisional_when_it_leaves_an_unpublished_year() -> None:
    assert count("workday", 5, date(2025, 12, 29), calendar=CALENDAR).provisional
    assert not count("workday", 5, date(2025, 12, 31), calendar=CALENDAR).provisional


@given(st.integers(0, 500), st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))
def test_hours_run_through_rest_days(n: int, at: datetime) -> None:
    start = at.replace(tzinfo=UTC)
    due = count("hour", n, start, calendar=CALENDAR, roll="any_rest_day")
    assert due.due_at == start + timedelta(hours=n)
    assert not due.provisional


@pytest.mark.parametrize(
    ("unit", "n", "start"),
    [
        ("hour", 1, date(2026, 1, 1)),
        ("hour", 1, datetime(2026, 1, 1)),
        ("workday", 1, datetime(2026, 1, 1, tzinfo=UTC)),
        ("calendar_day", -1, date(2026, 1, 1)),
        ("calendar_day", 10**9, date(2026, 1, 1)),
        ("year", 100, date(9950, 1, 1)),
        ("calendar_day", 36_000, date(9950, 1, 1)),
        ("workday", 20_000, date(9950, 1, 1)),
    ],
)
def test_count_refuses_what_it_cannot_count(unit: Unit, n: int, start: date | datetime) -> None:
    with pytest.raises(ValueError, match="."):
        count(unit, n, start, calendar=CALENDAR)


def test_a_step_is_due_at_the_end_of_the_local_day() -> None:
    at = datetime(2026, 7, 1, 17, 0, tzinfo=UTC)
    due = due_for(STEP, at=at, calendar=CALENDAR, zone=SHANGHAI)
    assert due.due_on == date(2026, 7, 7)
    assert due.due_instant == datetime(2026, 7, 7, 16, 0, tzinfo=UTC)


def test_a_step_in_hours_is_due_at_the_instant() -> None:
    step, at = replace(STEP, duration=24, unit="hour"), datetime(2026, 9, 30, 9, 30, tzinfo=UTC)
    due = due_for(step, at=at, calendar=CALENDAR, zone=SHANGHAI)
    assert due.due_instant == at + DAY
    assert due.last_day == date(2026, 10, 1)


def test_a_step_rolls_as_it_says() -> None:
    at = datetime(2026, 9, 16, 4, tzinfo=UTC)
    step = replace(STEP, duration=15, unit="calendar_day")
    fixed = due_for(step, at=at, calendar=CALENDAR, zone=SHANGHAI)
    rolled = due_for(replace(step, roll="any_rest_day"), at=at, calendar=CALENDAR, zone=SHANGHAI)
    assert (fixed.due_on, rolled.due_on) == (date(2026, 10, 1), date(2026, 10, 8))


def test_a_hard_limit_cuts_a_step_that_runs_longer() -> None:
    limit = HardLimit(10, "calendar_day", "test")
    step = replace(STEP, duration=7, hard_limit=limit)
    at = datetime(2026, 9, 30, 4, tzinfo=UTC)
    due = due_for(step, at=at, calendar=CALENDAR, zone=SHANGHAI)
    assert due.due_on == date(2026, 10, 10)
    assert due.due_instant == datetime(2026, 10, 10, 16, tzinfo=UTC)
    assert due.lines[-1].why == "hard limit of 10 calendar_days ends here"


def test_a_hard_limit_changes_nothing_when_the_step_is_shorter() -> None:
    limited = replace(STEP, hard_limit=HardLimit(15, "calendar_day", "test"))
    at = datetime(2026, 7, 1, 4, tzinfo=UTC)
    expected = due_for(STEP, at=at, calendar=CALENDAR, zone=SHANGHAI)
    assert due_for(limited, at=at, calendar=CALENDAR, zone=SHANGHAI) == expected


def test_a_step_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        due_for(STEP, at=datetime(2026, 7, 1), calendar=CALENDAR, zone=SHANGHAI)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"promise": Text(zh="好", en="yes"), "roll": "any_rest_day"}, "promise"),
        ({"duration": 0}, "number from 1"),
        ({"unit": "same_day"}, "number from 0 to 0"),
        ({"meets_on": ()}, "meets it"),
        ({"warn_percent_left": (100,)}, "1 to 99"),
    ],
)
def test_a_step_refuses_what_makes_no_sense(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(STEP, **changes)  # type: ignore[arg-type]


def test_a_step_starts_only_with_the_facts_it_names() -> None:
    step = replace(STEP, only_if={"source": "hotline_12345"})
    assert step.is_started_by("tip.received", {"source": "hotline_12345", "channel": "api"})
    assert not step.is_started_by("tip.received", {"source": "own_channel"})
    assert not step.is_started_by("tip.received", {})
    assert not step.is_started_by("case.filed", {"source": "hotline_12345"})


def test_a_step_is_met_only_with_the_facts_it_names() -> None:
    step = replace(STEP, meets_if={"clock": "check"})
    assert step.is_met_by("case.filed", {"clock": "check"})
    assert not step.is_met_by("case.filed", {"clock": "other"})
    assert STEP.is_met_by("case.filed", {})
    assert STEP.is_stopped_by("tip.withdrawn")
    assert not STEP.is_stopped_by("case.filed")


def test_warnings_ring_when_so_much_time_is_left() -> None:
    start = datetime(2026, 7, 1, tzinfo=UTC)
    rings = warning_instants(start, start + 10 * DAY, (20, 50))
    assert rings == (start + 5 * DAY, start + 8 * DAY)


def test_warnings_do_not_ring_when_nothing_is_left() -> None:
    start = datetime(2026, 7, 1, tzinfo=UTC)
    assert warning_instants(start, start, (50, 20)) == ()
