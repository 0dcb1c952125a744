"""What offices owe on fixed dates: each period once, the next one after the report."""

from datetime import UTC, date, datetime, timedelta

import given
import pytest
from flask import Flask

from tipline.domain.actors import NotThere
from tipline.models import Clock
from tipline.services import clocks


def reports() -> list[tuple[int, date | None, str]]:
    return [
        (each.about_id, each.due_on, each.state)
        for each in given.every(Clock)
        if each.about_kind == "office"
    ]


def test_every_health_office_owes_its_monthly_report_once(app: Flask) -> None:
    given.office("440902")
    given.office("440903", department="police")
    assert clocks.begin_periods(now=given.NOW) == 1  # the root; the new office began by itself
    assert clocks.begin_periods(now=given.NOW) == 0
    due = date(2026, 7, 25)
    assert sorted(reports()) == [(1, due, "running"), (2, due, "running")]


@pytest.mark.parametrize("sent", ["2026-07-20", "2026-07-30"])
def test_the_next_period_begins_where_the_last_one_ended(app: Flask, sent: str) -> None:
    supervisor = given.staff("supervisor")
    clocks.begin_periods(now=given.NOW)
    now = datetime.fromisoformat(sent).replace(tzinfo=UTC)
    clocks.ring(now=now)
    clocks.report(1, by=supervisor, document="月报", now=now)
    assert reports() == [(1, date(2026, 7, 25), "met"), (1, date(2026, 8, 25), "running")]
    with pytest.raises(NotThere):
        clocks.report(1, by=supervisor, document="", now=now)


def test_another_office_cannot_report(app: Flask) -> None:
    elsewhere = given.office("440802")
    clocks.begin_periods(now=given.NOW)
    stranger = given.staff("supervisor", office_id=elsewhere)
    root = next(each.id for each in given.every(Clock) if each.about_id == 1)
    with pytest.raises(NotThere):
        clocks.report(root, by=stranger, document="", now=given.NOW + timedelta(days=1))
