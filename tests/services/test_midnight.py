"""A second before and a second after midnight in Shanghai, wherever the server stands."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import given
import pytest
from flask import Flask

from tipline.domain.deadlines import Rule, due_for
from tipline.models import Clock
from tipline.policy import load

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The 20th of September is a Sunday that is worked. Counted by hand, ten working days later:
# after the 20th: 21 22 23 24 28 29 30 September, 8 9 10 October (a Saturday that is worked);
# after the 21st: 22 23 24 28 29 30 September, 8 9 10 12 October.
MIDNIGHT = [
    (datetime(2026, 9, 20, 23, 59, 59, tzinfo=SHANGHAI), date(2026, 10, 10)),
    (datetime(2026, 9, 21, 0, 0, 1, tzinfo=SHANGHAI), date(2026, 10, 12)),
]


@pytest.fixture(params=["UTC", "America/New_York"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The zone that the machine believes to be in."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("server_zone")
@pytest.mark.parametrize(("at", "due"), MIDNIGHT)
def test_ten_working_days_are_counted_from_the_local_day(at: datetime, due: date) -> None:
    rule = Rule(duration=10, unit="workday")
    for instant in (at, at.astimezone(UTC), at.astimezone()):
        found = due_for(rule, at=instant, calendar=load().calendar, zone=SHANGHAI)
        assert found.due_on == due
        assert found.due_instant == datetime(due.year, due.month, due.day, 16, tzinfo=UTC)


@pytest.mark.usefixtures("server_zone")
@pytest.mark.parametrize("at", [at for at, _ in MIDNIGHT])
def test_a_tip_at_midnight_is_promised_dates_from_its_local_day(app: Flask, at: datetime) -> None:
    given.tip(now=at.astimezone(UTC))
    triage = next(each for each in given.every(Clock) if each.step == "triage")
    assert triage.due_on == at.date().replace(day=at.day + 1)
