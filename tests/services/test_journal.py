"""The journal: one line for everything that happens, and nothing of it can be read back."""

from datetime import timedelta

import given
from flask import Flask

from tipline.db import use_case
from tipline.domain.actors import Actor
from tipline.models import Clock, Entry
from tipline.policy import load
from tipline.services import answers, feedback, journal, triage
from tipline.vault import sealing

HOUR = timedelta(hours=1)


def written() -> list[tuple[str, str, int, str]]:
    """All lines but those that stand for the accounts of this test."""
    return [
        (line.event, line.about_kind, line.about_id, line.by)
        for line in given.every(Entry)
        if line.about_kind != "staff"
    ]


def test_a_tip_writes_its_life_down_line_by_line(office: Actor, inspector: Actor) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code)
    case_id = tip.case_id
    feedback.add(code, words="还有孩子", now=given.NOW)
    triage.open_words(tip.id, by=office, now=given.NOW)
    given.concluded(tip.id, office=office, inspector=inspector)
    answers.release(tip.id, by=office, body="已查实。", now=given.NOW)
    assert written() == [
        ("tip.received", "tip", tip.id, "reporter"),
        ("tip.supplemented", "tip", tip.id, "reporter"),
        ("words.opened", "tip", tip.id, office.by),
        ("tip.accepted", "tip", tip.id, office.by),
        ("case.queued", "case", case_id, office.by),
        ("case.claimed", "case", case_id, inspector.by),
        ("visit.made", "case", case_id, inspector.by),
        ("case.found", "case", case_id, inspector.by),
        ("case.concluded", "case", case_id, inspector.by),
        ("tip.outcome_told", "tip", tip.id, office.by),
        ("case.closed", "case", case_id, office.by),
    ]


def test_a_line_says_when_it_happened_and_when_it_was_written_down(
    office: Actor, inspector: Actor
) -> None:
    case = given.claimed(given.tip().id, office=office, inspector=inspector)
    given.visit(
        case.id,
        by=inspector,
        at=given.NOW,
        now=given.NOW + 5 * HOUR,
    )
    line = given.every(Entry)[-1]
    assert (line.at, line.recorded_at) == (given.NOW, given.NOW + 5 * HOUR)


def test_clocks_count_from_when_it_happened_and_not_from_when_it_was_written_down(
    app: Flask,
) -> None:
    tip = given.tip()

    @use_case
    def note() -> None:
        late = given.NOW + 50 * HOUR
        journal.record("case.filed", ("case", tip.case_id), by="test", at=given.NOW, now=late)

    note()
    (decision,) = [clock for clock in given.every(Clock) if clock.step == "decision"]
    assert decision.started_at == given.NOW


def test_no_line_holds_a_word_of_a_reporter(office: Actor, inspector: Actor) -> None:
    code, secret = sealing.mint_code(), "卧室里的输液架"
    contact = ("sms", "+8613800138000")
    tip = given.tip(code=code, words={"facts": secret}, address="官山一路", contact=contact)
    feedback.add(code, words=secret, now=given.NOW)
    given.answered(tip.id, office=office, inspector=inspector, body=secret)
    facts = repr([line.facts for line in given.every(Entry)])
    for hidden in (secret, "官山", "13800138000", code):
        assert hidden not in facts


def test_every_event_that_is_written_has_words_for_the_staff(
    office: Actor, inspector: Actor
) -> None:
    given.answered(given.tip().id, office=office, inspector=inspector)
    events = {line.event for line in given.every(Entry)}
    assert events <= set(load().events)
