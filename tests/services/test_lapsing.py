"""A law may say what it amounts to when a period is let pass, and when more time may be asked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import given as state
import pytest
from flask import Flask

from tipline.models import Clock, Entry, Notice
from tipline.services import casework, clocks, postponing
from tipline.settings import Settings

DEFAULT = resources.files("tipline") / "policy" / "default" / "deadlines.yaml"
OWN = """
  - id: own_window
    about: case
    label: {zh: 要求听证, en: Ask for a hearing}
    starts_on: [outside.notice_served]
    meets_on: [outside.hearing_set]
    duration: 5
    unit: workday
    bound: accused
    lapses_as: outside.closing_condition_met
    basis: {zh: 本单位自定, en: An office's own}
  - id: own_check
    about: case
    label: {zh: 自查, en: Own check}
    starts_on: [case.filed]
    meets_on: [case.concluded]
    duration: 5
    unit: workday
    extensions:
      - max: 5
        unit: workday
        approver: head
        grounds: [complex]
        ask_before_expiry: false
        tell_reporter: false
    basis: {zh: 本单位自定, en: An office's own}
"""
LATE = datetime(2026, 8, 3, 2, tzinfo=UTC)


@pytest.fixture
def app(chosen: Settings, tmp_path: Path) -> Iterator[Flask]:
    """A bureau with two steps of its own."""
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "deadlines.yaml").write_text(DEFAULT.read_text(encoding="utf-8") + OWN, "utf-8")
    with state.running(replace(chosen, policy=str(folder)), channels=[]) as app:
        yield app


def clock_of(step: str) -> Clock:
    (found,) = [each for each in state.every(Clock) if each.step == step]
    return found


def test_letting_a_period_pass_amounts_to_the_event_that_its_law_names(app: Flask) -> None:
    office, inspector = state.staff("triage_officer"), state.staff("inspector")
    case = state.claimed(state.tip().id, office=office, inspector=inspector)
    served = {"kind": "notice_served", "document": "告字 1 号", "at": state.NOW}
    casework.note_outside_event(case.id, by=inspector, now=state.NOW, **served)  # type: ignore[arg-type]
    clocks.ring(now=LATE)
    clocks.ring(now=LATE + timedelta(days=1))
    lapsed = [each for each in state.every(Entry) if each.facts.get("lapsed")]
    assert [(each.event, each.facts["kind"]) for each in lapsed] == [
        ("case.noted", "closing_condition_met")
    ]
    assert lapsed[0].at == clock_of("own_window").due_at


def test_more_time_may_be_asked_for_late_and_untold_where_the_rule_says_so(app: Flask) -> None:
    office, inspector = state.staff("triage_officer"), state.staff("inspector")
    case = state.claimed(state.tip().id, office=office, inspector=inspector)
    casework.file(case.id, by=inspector, now=state.NOW)
    before, told = clock_of("own_check").due_at, len(state.every(Notice))
    late = before + timedelta(hours=10)
    wish = {"step": "own_check", "ground": "complex", "n": 5, "document": ""}
    postponing.ask_extension(case.id, by=inspector, now=late, **wish)  # type: ignore[arg-type]
    postponing.decide(1, by=state.staff("supervisor"), granted=True, now=late)
    assert clock_of("own_check").due_at == before + timedelta(days=7)
    assert len(state.every(Notice)) == told
