"""Clocks: started, met and stopped as the policy says; warned once and missed once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import given
import pytest
from crowd import at_once
from flask import Flask

from tipline.domain.actors import Actor
from tipline.domain.countdown import NEVER
from tipline.models import Clock, Entry
from tipline.policy import load
from tipline.services import answers, casework, clocks, feedback, journal, triage
from tipline.vault import sealing

DAY = timedelta(days=1)
MIDNIGHT = timedelta(hours=16)  # the end of a day in Shanghai, in UTC
RINGS = ("warned", "missed", "urged", "circulated")
BAN = {"kind": "ban", "amount_fen": None, "note": ""}


def end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + MIDNIGHT


def states(about: tuple[str, int]) -> dict[str, str]:
    """Each step with the state of its clock."""
    return {
        clock.step: clock.state
        for clock in given.every(Clock)
        if (clock.about_kind, clock.about_id) == about
    }


def clock(step: str) -> Clock:
    (found,) = [each for each in given.every(Clock) if each.step == step]
    return found


def test_a_tip_starts_the_clocks_of_its_receipt(app: Flask) -> None:
    tip = given.tip()
    assert states(tip.ref) == {
        "ack": "met",
        "triage": "running",
        "acceptance_notice": "running",
        "initial_check": "running",
    }


@pytest.mark.parametrize(("source", "starts"), [("hotline_12345", True), ("own_channel", False)])
def test_a_clock_for_one_source_starts_for_no_other(app: Flask, source: str, starts: bool) -> None:
    tip = given.tip(source=source)
    assert ("interim_reply_12345" in states(tip.ref)) is starts


def test_deadlines_are_counted_in_local_working_days(app: Flask) -> None:
    given.tip()  # on Wednesday the 1st of July
    due = {each.step: each.due_on for each in given.every(Clock)}
    assert due["triage"] == date(2026, 7, 2)
    assert due["acceptance_notice"] == date(2026, 7, 10)
    assert due["initial_check"] == date(2026, 7, 22)


def test_a_tip_late_in_the_evening_utc_counts_from_the_local_day(app: Flask) -> None:
    given.tip(now=datetime(2026, 7, 1, 16, 0, tzinfo=UTC))  # midnight in Shanghai: the 2nd
    assert clock("triage").due_on == date(2026, 7, 3)


def test_accepting_meets_triage_and_starts_the_routing_of_the_case(office: Actor) -> None:
    tip = given.tip()
    case = given.accepted(tip.id, by=office)
    assert states(tip.ref)["triage"] == states(tip.ref)["acceptance_notice"] == "met"
    assert states(tip.ref)["initial_check"] == "running"
    assert states(case.ref) == {}


def test_declining_meets_what_was_owed_and_stops_the_rest(office: Actor) -> None:
    tip = given.tip()
    triage.decline(tip.id, by=office, reason="too_old", note="", now=given.NOW)
    assert states(tip.ref) == {
        "ack": "met",
        "triage": "met",
        "acceptance_notice": "met",
        "initial_check": "stopped",
    }


def test_withdrawing_stops_every_clock_of_the_tip(app: Flask) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code)
    feedback.withdraw(code, now=given.NOW)
    assert set(states(tip.ref).values()) == {"met", "stopped"}


def test_the_whole_way_of_a_case_leaves_no_clock_running(office: Actor, inspector: Actor) -> None:
    tip = given.tip()
    given.answered(tip.id, office=office, inspector=inspector)
    assert [each.step for each in given.every(Clock) if each.state == "running"] == []


def test_filing_starts_the_decision_of_every_tip_of_the_case(
    office: Actor, inspector: Actor
) -> None:
    first, second = given.tip(), given.tip()
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    case = given.claimed(first.id, office=office, inspector=inspector)
    casework.file(case.id, by=inspector, now=given.NOW)
    for tip in (first, second):
        assert states(tip.ref)["decision"] == "running"
        assert states(tip.ref)["initial_check"] == "met"


@pytest.mark.parametrize("ended", ["withdrawn", "declined"])
def test_no_clock_starts_for_a_tip_that_has_ended(
    office: Actor, inspector: Actor, ended: str
) -> None:
    code = sealing.mint_code()
    first, second = given.tip(), given.tip(code=code)
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    if ended == "withdrawn":
        feedback.withdraw(code, now=given.NOW)
    else:
        triage.decline(second.id, by=office, reason="too_old", note="", now=given.NOW)
    case = given.concluded(first.id, office=office, inspector=inspector)
    casework_steps = set(states(second.ref)) & {"decision", "outcome_notice"}
    assert (case.status, casework_steps) == ("concluded", set())


def test_joining_keeps_every_promise_of_the_tip(office: Actor) -> None:
    first, second = given.tip(), given.tip(now=given.NOW + DAY)
    before = {each.id: (each.due_on, each.due_at) for each in given.every(Clock)}
    triage.join(second.id, first.case_id, by=office, now=given.NOW + DAY)
    assert {each.id: (each.due_on, each.due_at) for each in given.every(Clock)} == before
    assert states(second.ref)["acceptance_notice"] == "running"


def test_a_ban_starts_three_inspections_that_an_ordinary_visit_does_not_meet(
    office: Actor, inspector: Actor
) -> None:
    case = given.claimed(given.tip().id, office=office, inspector=inspector)
    given.measure(case.id, by=inspector, now=given.NOW, **BAN)
    again = {"reinspect_30": "running", "reinspect_90": "running", "reinspect_180": "running"}
    assert {k: v for k, v in states(case.ref).items() if "reinspect" in k} == again
    given.visit(case.id, by=inspector, now=given.NOW)
    assert {k: v for k, v in states(case.ref).items() if "reinspect" in k} == again


def test_tip_and_case_carry_the_earliest_deadline_that_the_office_owes(office: Actor) -> None:
    tip = given.tip()
    assert tip.due_at == tip.case.due_at == end_of(date(2026, 7, 2))
    case = given.accepted(tip.id, by=office)
    assert given.reread(tip.id).due_at == case.due_at == end_of(date(2026, 7, 22))


def test_a_case_at_work_carries_the_earliest_deadline_of_all_its_tips(
    office: Actor, inspector: Actor
) -> None:
    later, earlier = given.tip(now=given.NOW + 5 * DAY), given.tip()
    case = given.claimed(later.id, office=office, inspector=inspector, now=given.NOW + 5 * DAY)
    assert case.due_at == end_of(date(2026, 7, 27))
    triage.join(earlier.id, case.id, by=office, now=given.NOW + 5 * DAY)
    assert given.case_of(later.id).due_at == end_of(date(2026, 7, 22))


def test_a_case_in_triage_carries_the_deadline_of_a_tip_that_joined_it(office: Actor) -> None:
    code = sealing.mint_code()
    first, second = given.tip(code=code), given.tip()
    feedback.withdraw(code, now=given.NOW)
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    tip = given.reread(second.id)
    assert tip.case.due_at == tip.due_at == end_of(date(2026, 7, 10))


def test_what_is_done_carries_no_deadline(office: Actor, inspector: Actor) -> None:
    tip = given.tip()
    given.answered(tip.id, office=office, inspector=inspector)
    assert given.reread(tip.id).due_at == given.case_of(tip.id).due_at == NEVER


def test_a_deadline_in_a_year_whose_calendar_is_not_published_is_provisional(app: Flask) -> None:
    assert not load().calendar.is_published(2027)
    given.tip(now=datetime(2026, 12, 28, 2, tzinfo=UTC))
    found = {each.step: each.provisional for each in given.every(Clock)}
    assert found == {
        "ack": False,
        "triage": False,
        "acceptance_notice": True,
        "initial_check": True,
    }


def rung(event: str) -> list[str]:
    return [line.facts["step"] for line in given.every(Entry) if line.event == event]


def test_a_clock_warns_before_and_is_missed_after_once_each(app: Flask) -> None:
    given.tip()
    for hours in range(0, 24 * 32, 3):
        clocks.ring(now=given.NOW + timedelta(hours=hours))
    for step in ("triage", "acceptance_notice", "initial_check"):
        rings = [rung(f"clock.{kind}").count(step) for kind in RINGS]
        assert rings == [3, 1, 1, 1], step
    assert all(clock(step).missed for step in ("triage", "acceptance_notice", "initial_check"))


def test_a_clock_that_was_not_looked_at_for_long_is_missed_once_and_not_warned_late(
    app: Flask,
) -> None:
    given.tip()
    for _ in range(3):
        clocks.ring(now=given.NOW + 100 * DAY)
    assert rung("clock.warned") == []
    late = ["acceptance_notice", "initial_check", "interim_answer", "triage"]
    for kind in RINGS[1:]:
        assert sorted(rung(f"clock.{kind}")) == late


def test_a_clock_that_was_met_or_stopped_never_rings(office: Actor) -> None:
    tip = given.tip()
    triage.decline(tip.id, by=office, reason="too_old", note="", now=given.NOW)
    assert clocks.ring(now=given.NOW + 100 * DAY) == 0


def test_a_clock_is_missed_from_the_first_instant_after_its_day(app: Flask) -> None:
    given.tip()
    clocks.ring(now=end_of(date(2026, 7, 2)) - timedelta(microseconds=1))
    assert rung("clock.missed") == []
    clocks.ring(now=end_of(date(2026, 7, 2)))
    assert rung("clock.missed") == ["triage"]


def test_two_workers_ring_each_clock_once(app: Flask) -> None:
    for _ in range(10):
        given.tip()
    late = given.NOW + 100 * DAY
    at_once(app, [lambda: clocks.ring(now=late)] * 4)
    while clocks.ring(now=late):
        pass
    steps = ("triage", "acceptance_notice", "initial_check", "interim_answer")
    for kind in RINGS[1:]:
        assert Counter(rung(f"clock.{kind}")) == dict.fromkeys(steps, 10)


def test_a_clock_that_was_missed_can_still_be_met(office: Actor) -> None:
    tip = given.tip()
    clocks.ring(now=given.NOW + 5 * DAY)
    given.accepted(tip.id, by=office, now=given.NOW + 6 * DAY)
    assert (clock("triage").state, clock("triage").missed) == ("met", True)


def test_the_clock_may_jump_back_and_nothing_rings_twice(app: Flask) -> None:
    given.tip()
    clocks.ring(now=given.NOW + 100 * DAY)
    clocks.ring(now=given.NOW - 400 * DAY)
    clocks.ring(now=given.NOW + 100 * DAY)
    assert len(rung("clock.missed")) == 4


def test_a_released_answer_meets_the_outcome_notice(office: Actor, inspector: Actor) -> None:
    tip = given.tip()
    given.concluded(tip.id, office=office, inspector=inspector)
    assert states(tip.ref)["outcome_notice"] == "running"
    answers.release(tip.id, by=office, body="已查实。", now=given.NOW)
    assert states(tip.ref)["outcome_notice"] == "met"


def test_every_clock_keeps_the_policy_it_began_under(app: Flask) -> None:
    given.tip()
    assert {each.policy_version for each in given.every(Clock)} == {load().version}


class Killed(BaseException):
    """The process dies here."""


def test_a_sweep_that_dies_in_the_middle_rings_everything_once_in_the_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        given.tip()
    late, record = given.NOW + 100 * DAY, journal.record
    for lines in range(1, 40, 4):
        left = iter([True] * lines)

        def dying(*words: object, left: Iterator[bool] = left, **more: object) -> Entry:
            if not next(left, False):
                raise Killed
            return record(*words, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(journal, "record", dying)
        with pytest.raises(Killed):
            clocks.ring(now=late)
    monkeypatch.setattr(journal, "record", record)
    while clocks.ring(now=late):
        pass
    steps = ("triage", "acceptance_notice", "initial_check", "interim_answer")
    for kind in RINGS[1:]:
        assert Counter(rung(f"clock.{kind}")) == dict.fromkeys(steps, 5)
