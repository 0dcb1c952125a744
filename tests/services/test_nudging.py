"""Pressing for an answer: from the day after a promise broke, once a working day, one up each."""

from datetime import UTC, datetime, timedelta

import given
import pytest
from flask import Flask

from tipline.models import Clock, Entry, Reminder, Tip
from tipline.services import answers, clocks, feedback, postponing
from tipline.services.feedback import TooEarly
from tipline.vault import sealing

DAY = timedelta(days=1)
BROKEN = datetime(2026, 7, 10, 16, tzinfo=UTC)  # the first instant of Saturday the 11th


@pytest.fixture
def code(app: Flask) -> str:
    code = sealing.mint_code()
    given.tip(code=code, division="440902")
    return code


def test_nobody_may_press_before_a_promise_is_broken(code: str) -> None:
    for when in (given.NOW, BROKEN - timedelta(microseconds=1)):
        with pytest.raises(TooEarly):
            feedback.nudge(code, now=when)
    assert feedback.nudge(code, now=BROKEN) == 1


def test_a_nudge_counts_once_a_working_day(code: str) -> None:
    assert feedback.nudge(code, now=BROKEN) == 1
    for hours in (1, 23, 47):  # the rest of Saturday, and Sunday
        with pytest.raises(TooEarly):
            feedback.nudge(code, now=BROKEN + timedelta(hours=hours))
    assert feedback.nudge(code, now=BROKEN + timedelta(hours=48)) == 2
    assert feedback.nudge(code, now=BROKEN + timedelta(hours=72)) == 3


def test_each_nudge_goes_one_person_further_up(app: Flask) -> None:
    city = given.office("4409")
    district = given.office("440902", parent_id=city)
    near = given.staff("supervisor", username="nearby", office_id=district)
    far = given.staff("supervisor", username="faraway", office_id=city)
    code = sealing.mint_code()
    given.tip(code=code, division="440902")
    for days in (2, 3, 4):
        feedback.nudge(code, now=BROKEN + days * DAY)
    nudges = [each.id for each in given.every(Entry) if each.event == "tip.nudged"]
    reminded = [each.staff_id for each in given.every(Reminder) if each.entry_id in nudges]
    assert reminded == [near.id, far.id, far.id]


def test_nobody_presses_on_a_tip_that_is_done(code: str) -> None:
    feedback.withdraw(code, now=given.NOW)
    with pytest.raises(TooEarly):
        feedback.nudge(code, now=BROKEN + DAY)


def test_a_broken_promise_makes_an_interim_answer_due_that_progress_meets(code: str) -> None:
    office = given.staff("triage_officer")
    late = datetime(2026, 7, 23, 2, tzinfo=UTC)
    clocks.ring(now=late)
    (interim,) = [each for each in given.every(Clock) if each.step == "interim_answer"]
    assert (interim.state, interim.about_kind) == ("running", "tip")
    answers.tell_progress(1, by=office, body="还在等检验结果，最晚八月。", now=late + DAY)
    (interim,) = [each for each in given.every(Clock) if each.step == "interim_answer"]
    assert interim.state == "met"


def test_new_facts_start_the_check_again_from_when_they_came_in(code: str) -> None:
    office = given.staff("triage_officer")
    with pytest.raises(postponing.NotPossible, match="nothing_new"):
        postponing.start_again(1, by=office, now=given.NOW)
    feedback.add(code, words="又看见两个人输液。", now=given.NOW + 2 * DAY)
    postponing.start_again(1, by=office, now=given.NOW + 3 * DAY)
    (check,) = [each for each in given.every(Clock) if each.step == "initial_check"]
    assert check.started_at == given.NOW + 2 * DAY
    assert str(check.due_on) == "2026-07-24"
    assert given.every(Tip)[0].case.due_at <= check.due_at
