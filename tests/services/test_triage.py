"""Triage: accept, decline, refer, join, ask; what a reporter was promised is never touched."""

import given
import pytest
from flask import Flask

from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Entry, Message, Referral, Tip
from tipline.services import feedback, triage
from tipline.services.triage import BriefMissing
from tipline.vault import sealing

MAONAN, DIANBAI = "440902", "440904"


def test_accepting_puts_the_case_into_the_pool_with_its_brief(office: Actor) -> None:
    tip = given.tip()
    case = given.accepted(tip.id, by=office, priority=1, floor="4 楼")
    assert (case.status, case.brief, case.priority) == ("queued", "出租屋内夜间输液，无牌照。", 1)
    assert (case.clinic.address, case.clinic.floor) == ("官山一路 11 号 401", "4 楼")
    assert given.reread(tip.id).status == "accepted"


def test_accepting_with_a_corrected_place_moves_the_case_to_the_office_of_that_place(
    office: Actor,
) -> None:
    given.office(MAONAN)
    right = given.office(DIANBAI)
    tip = given.tip(division=MAONAN)
    case = given.accepted(tip.id, by=office, division=DIANBAI, address="电白路 1 号")
    assert (case.office_id, case.division, case.clinic.division) == (right, DIANBAI, DIANBAI)
    assert (given.reread(tip.id).division, given.reread(tip.id).address) == (
        MAONAN,
        "官山一路 11 号 401",
    )


def test_accepting_without_a_brief_is_refused(office: Actor) -> None:
    tip = given.tip()
    with pytest.raises(BriefMissing):
        triage.accept(tip.id, by=office, assessed=given.assessed(brief=" \n"), now=given.NOW)
    assert given.reread(tip.id).status == "received"


def test_accepting_takes_every_tip_of_the_case_along(office: Actor) -> None:
    first, second = given.tip(), given.tip()
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    given.accepted(first.id, by=office)
    assert [tip.status for tip in given.every(Tip)] == ["accepted", "accepted"]


def test_accepting_leaves_a_withdrawn_tip_withdrawn(office: Actor) -> None:
    code = sealing.mint_code()
    first, second = given.tip(), given.tip(code=code)
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    feedback.withdraw(code, now=given.NOW)
    given.accepted(first.id, by=office)
    assert given.reread(second.id).status == "withdrawn"


@pytest.mark.parametrize(("act", "status"), [("decline", "declined"), ("refer", "referred")])
def test_the_case_ends_with_its_last_tip(office: Actor, act: str, status: str) -> None:
    first, second = given.tip(), given.tip()
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    said = {
        "decline": {"reason": "too_old", "note": ""},
        "refer": {"department": "police", "note": ""},
    }[act]
    getattr(triage, act)(first.id, by=office, now=given.NOW, **said)
    assert given.case_of(first.id).status == "received"
    getattr(triage, act)(second.id, by=office, now=given.NOW, **said)
    assert given.case_of(first.id).status == status


def test_a_referral_holds_neither_words_nor_reporter(office: Actor) -> None:
    tip = given.tip(words={"facts": "卧室里"}, contact=("sms", "+8613800138000"))
    triage.refer(tip.id, by=office, department="police", note="请查", now=given.NOW)
    (referral,) = given.every(Referral)
    row = {name: value for name, value in vars(referral).items() if not name.startswith("_")}
    assert (row["department"], row["note"], row["case_id"]) == ("police", "请查", tip.case_id)
    assert "tip_id" not in row


def test_joining_keeps_number_and_code_and_moves_the_home_case(office: Actor) -> None:
    code = sealing.mint_code()
    first, second = given.tip(), given.tip(code=code)
    before = (second.number, second.code_mark, second.received_at, second.words_sealed)
    former = second.case_id
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    tip = given.reread(second.id)
    assert (tip.number, tip.code_mark, tip.received_at, tip.words_sealed) == before
    assert (tip.case_id, tip.status) == (first.case_id, "received")
    line = given.every(Entry)[-1]
    assert (line.event, line.facts) == (
        "tip.joined",
        {"from_case": former, "to_case": first.case_id},
    )


def test_a_case_that_lost_its_last_tip_says_where_it_went(office: Actor) -> None:
    first, second = given.tip(), given.tip()
    former = second.case
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    former = given.db.session.get_one(type(former), former.id)
    assert (former.status, former.joined_to_id) == ("joined", first.case_id)


@pytest.mark.parametrize("at_work", [False, True])
def test_a_tip_that_joins_a_case_already_taken_on_is_taken_on_with_it(
    office: Actor, at_work: bool
) -> None:
    first, second = given.tip(), given.tip()
    if at_work:
        given.claimed(first.id, office=office, inspector=given.staff("inspector"))
    else:
        given.accepted(first.id, by=office)
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    assert given.reread(second.id).status == "accepted"


def test_joining_is_refused_when_the_case_is_over_or_its_own(office: Actor) -> None:
    inspector = given.staff("inspector")
    closed, own = given.tip(), given.tip()
    given.answered(closed.id, office=office, inspector=inspector)
    for case_id in (closed.case_id, own.case_id):
        with pytest.raises(IllegalTransition):
            triage.join(own.id, case_id, by=office, now=given.NOW)
    with pytest.raises(NotThere):
        triage.join(own.id, 999, by=office, now=given.NOW)


def test_joining_a_case_of_another_office_is_like_joining_none(app: Flask) -> None:
    here, elsewhere = given.office(MAONAN), given.office(DIANBAI)
    officer = given.staff("triage_officer", office_id=here)
    foreign, own = given.tip(division=DIANBAI), given.tip(division=MAONAN)
    assert foreign.case.office_id == elsewhere
    with pytest.raises(NotThere):
        triage.join(own.id, foreign.case_id, by=officer, now=given.NOW)


def test_a_decision_is_made_once(office: Actor) -> None:
    tip = given.tip()
    triage.decline(tip.id, by=office, reason="too_old", note="", now=given.NOW)
    with pytest.raises(IllegalTransition):
        given.accepted(tip.id, by=office)
    with pytest.raises(IllegalTransition):
        triage.refer(tip.id, by=office, department="police", note="", now=given.NOW)
    assert given.reread(tip.id).status == "declined"


def test_a_question_is_sealed_to_the_tip(office: Actor) -> None:
    tip = given.tip()
    triage.ask(tip.id, by=office, body="几楼？", now=given.NOW)
    (message,) = given.every(Message)
    assert (message.kind, message.from_office) == ("question", True)
    assert "几楼".encode() not in message.sealed


@pytest.mark.parametrize(
    "role", ["supervisor", "inspector", "auditor", "administrator", "operator"]
)
def test_nobody_but_the_desk_decides(app: Flask, role: str) -> None:
    tip, actor = given.tip(), given.staff(role)
    with pytest.raises(NotThere):
        given.accepted(tip.id, by=actor)
    with pytest.raises(NotThere):
        triage.open_words(tip.id, by=actor, now=given.NOW)
    assert given.reread(tip.id).status == "received"


def test_opening_words_is_written_down_each_time(office: Actor) -> None:
    tip = given.tip()
    for _ in range(3):
        triage.open_words(tip.id, by=office, now=given.NOW)
    assert [line.by for line in given.every(Entry) if line.event == "words.opened"] == [
        office.by
    ] * 3
