"""Quiet hours, local time: 21:00 to 08:00 unless the policy says otherwise."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.domain import quiet

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = {"begins": time(21), "ends": time(8), "zone": SHANGHAI}


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (local(1, 20, 59), None),
        (local(1, 21), local(2, 8)),
        (local(1, 23, 59), local(2, 8)),
        (local(2, 0), local(2, 8)),
        (local(2, 7, 59), local(2, 8)),
        (local(2, 8), None),
    ],
)
def test_the_night_ends_in_the_morning(now: datetime, ends: datetime | None) -> None:
    assert quiet.ends_at(now.astimezone(UTC), **NIGHT) == ends


def test_hours_within_one_day_end_on_that_day() -> None:
    noon = {"begins": time(12), "ends": time(14), "zone": SHANGHAI}
    assert quiet.ends_at(local(1, 13), **noon) == local(1, 14)
    assert quiet.ends_at(local(1, 14), **noon) is None


def test_hours_that_begin_and_end_at_once_are_none() -> None:
    assert quiet.ends_at(local(1, 13), begins=time(8), ends=time(8), zone=SHANGHAI) is None


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.times(), st.times())
def test_after_the_quiet_hours_it_is_no_longer_quiet(
    at: datetime, begins: time, ends: time
) -> None:
    now = at.replace(tzinfo=UTC)
    rules = {"begins": begins.replace(tzinfo=None), "ends": ends, "zone": SHANGHAI}
    end = quiet.ends_at(now, **rules)
    if end is not None:
        assert now < end <= now + timedelta(days=1)
        assert quiet.ends_at(end, **rules) is None
