"""Dates as they are written out for people."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tipline.domain.dates import last_day, written


@pytest.mark.parametrize(
    ("locale", "text"), [("zh", "2026年7月5日"), ("en", "5 July 2026"), ("fr", "5 July 2026")]
)
def test_a_date_is_written_out_without_zeros_in_front(locale: str, text: str) -> None:
    assert written(date(2026, 7, 5), locale) == text


@pytest.mark.parametrize(
    ("until", "day"),
    [
        (datetime(2026, 7, 4, 16, 0, tzinfo=UTC), date(2026, 7, 4)),
        (datetime(2026, 7, 4, 16, 0, 1, tzinfo=UTC), date(2026, 7, 5)),
    ],
)
def test_a_period_that_ends_at_midnight_has_the_day_before_as_its_last(
    until: datetime, day: date
) -> None:
    assert last_day(until, ZoneInfo("Asia/Shanghai")) == day
