"""The counting rules of the law, with dates worked out by hand from the published calendars."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tipline.domain.deadlines import Calendar, Due, Roll, Unit, count
from tipline.policy import load

CALENDAR: Calendar = load().calendar
BEIJING = timezone(timedelta(hours=8))


def ends(unit: Unit, n: int, start: str, roll: Roll = "none") -> Due:
    return count(unit, n, date.fromisoformat(start), calendar=CALENDAR, roll=roll)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-02-12", 7, "2026-02-28"),
        ("2026-04-30", 7, "2026-05-13"),
        ("2026-09-18", 15, "2026-10-15"),
        ("2026-09-19", 1, "2026-09-20"),
        ("2025-01-24", 15, "2025-02-20"),
    ],
)
@pytest.mark.parametrize("roll", ["any_rest_day", "statutory_holiday_only", "none"])
def test_workdays_skip_holidays_and_count_makeup_days(
    start: str, n: int, due: str, roll: Roll
) -> None:
    assert ends("workday", n, start, roll).due_on == date.fromisoformat(due)


def test_workdays_name_the_days_that_were_counted() -> None:
    counted = [line.date.day for line in ends("workday", 7, "2026-02-12").lines if line.counted]
    assert counted == [13, 14, 24, 25, 26, 27, 28]


@pytest.mark.parametrize(
    ("start", "n", "raw", "due"),
    [
        ("2026-09-16", 15, "2026-10-01", "2026-10-08"),
        ("2026-07-03", 90, "2026-10-01", "2026-10-08"),
        ("2026-01-30", 15, "2026-02-14", "2026-02-14"),
    ],
)
@pytest.mark.parametrize("roll", ["any_rest_day", "statutory_holiday_only"])
def test_calendar_days_roll_past_a_holiday_but_not_past_a_makeup_saturday(
    start: str, n: int, raw: str, due: str, roll: Roll
) -> None:
    found = ends("calendar_day", n, start, roll)
    assert (found.raw_on, found.due_on) == (date.fromisoformat(raw), date.fromisoformat(due))


@pytest.mark.parametrize(
    ("roll", "due"),
    [
        ("any_rest_day", "2026-09-20"),
        ("statutory_holiday_only", "2026-09-19"),
        ("none", "2026-09-19"),
    ],
)
def test_an_ordinary_saturday_rolls_only_when_any_rest_day_does(roll: Roll, due: str) -> None:
    found = ends("calendar_day", 30, "2026-08-20", roll)
    assert found.raw_on == date(2026, 9, 19)
    assert found.due_on == date.fromisoformat(due)


def test_a_holiday_does_not_roll_when_the_step_forbids_it() -> None:
    assert ends("calendar_day", 15, "2026-09-16", "none").due_on == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("unit", "n", "start", "due"),
    [
        ("month", 2, "2026-07-14", "2026-09-14"),
        ("month", 1, "2026-01-31", "2026-02-28"),
        ("month", 1, "2024-01-31", "2024-02-29"),
        ("month", 11, "2025-12-15", "2026-11-15"),
        ("year", 2, "2024-02-29", "2026-02-28"),
        ("year", 1, "2025-03-01", "2026-03-01"),
    ],
)
def test_months_and_years_end_on_the_same_day_number_or_the_months_last(
    unit: Unit, n: int, start: str, due: str
) -> None:
    assert ends(unit, n, start).due_on == date.fromisoformat(due)


def test_months_roll_when_they_end_on_a_holiday() -> None:
    found = ends("month", 1, "2026-09-03", "any_rest_day")
    assert (found.raw_on, found.due_on) == (date(2026, 10, 3), date(2026, 10, 8))


def test_hours_run_through_a_holiday() -> None:
    start = datetime(2026, 9, 30, 17, 30, tzinfo=BEIJING)
    found = count("hour", 24, start, calendar=CALENDAR, roll="any_rest_day")
    assert found.due_at == datetime(2026, 10, 1, 17, 30, tzinfo=BEIJING)
    assert found.due_on is None


def test_same_day_ends_today_even_on_a_holiday() -> None:
    assert ends("same_day", 0, "2026-10-01", "any_rest_day").due_on == date(2026, 10, 1)


@pytest.mark.parametrize(("year", "days"), [(2025, 248), (2026, 248)])
def test_the_calendar_has_as_many_workdays_as_the_notice_says(year: int, days: int) -> None:
    every = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    assert sum(CALENDAR.is_workday(day) for day in every) == days


@pytest.mark.parametrize(
    ("start", "n", "due", "provisional"),
    [
        ("2026-12-25", 4, "2026-12-31", False),
        ("2026-12-25", 5, "2027-01-01", True),
    ],
)
def test_a_year_not_published_counts_weekdays_and_is_provisional(
    start: str, n: int, due: str, provisional: bool
) -> None:
    found = ends("workday", n, start)
    assert (found.due_on, found.provisional) == (date.fromisoformat(due), provisional)


def test_an_instant_in_utc_stays_in_utc() -> None:
    found = count("hour", 24, datetime(2026, 3, 1, tzinfo=UTC), calendar=CALENDAR)
    assert found.due_at == datetime(2026, 3, 2, tzinfo=UTC)
    assert found.due_at.tzinfo is UTC
