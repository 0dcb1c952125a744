"""Answers: every report has a result, and every reporter reads it with the code."""

import given
import pytest
from flask import Flask
from sqlalchemy import select

from tipline.db import db
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import CaseStatus, IllegalTransition, TipStatus
from tipline.models import Clock, Delivery, Message
from tipline.queries import status
from tipline.queries.letters import answer_draft, hard_words, is_too_long, revealing
from tipline.services import answers, casework, triage
from tipline.services.answers import AnswerEmpty, NotConcluded
from tipline.vault import sealing

NINE = 9
PHONE = ("sms", "+8613800138000")


def test_answer_is_read_with_the_code_and_closes_the_case(app: Flask) -> None:
    code = sealing.mint_code()
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt(code=code).tip_id
    case = given.answered(tip_id, office=office, inspector=inspector, body="已经查处。")
    opened = status.by_code(code)
    assert opened
    assert (opened.answer, case.status) == ("已经查处。", CaseStatus.CLOSED)


def test_nine_tips_on_one_clinic_are_one_case_and_nine_answers(app: Flask) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tips = [given.receipt().tip_id for _ in range(NINE)]
    case = given.accepted(tips[0], by=office)
    for tip_id in tips[1:]:
        triage.join(tip_id, case.id, by=office, now=given.NOW)
    casework.claim(case.id, by=inspector, now=given.NOW)
    casework.record_finding(
        case.id, by=inspector, finding="other_authority", note="", now=given.NOW
    )
    casework.conclude(case.id, by=inspector, now=given.NOW)
    for number, tip_id in enumerate(tips):
        assert given.case_of(tip_id).status == CaseStatus.CONCLUDED
        answers.release(tip_id, by=office, body=f"答复 {number}", now=given.NOW)
    assert given.case_of(tips[0]).status == CaseStatus.CLOSED
    assert {given.reread(tip_id).status for tip_id in tips} == {TipStatus.ANSWERED}


def test_answer_waits_until_the_case_is_concluded(app: Flask) -> None:
    office = given.staff("triage_officer")
    tip_id = given.receipt().tip_id
    given.accepted(tip_id, by=office)
    with pytest.raises(IllegalTransition):
        answers.release(tip_id, by=office, body="太早", now=given.NOW)


def test_answer_is_released_once(app: Flask) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt().tip_id
    given.answered(tip_id, office=office, inspector=inspector)
    with pytest.raises(IllegalTransition):
        answers.release(tip_id, by=office, body="再来一次", now=given.NOW)


def test_answer_is_refused_to_who_works_for_another_office(app: Flask) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    elsewhere = given.staff(
        "triage_officer", username="elsewhere", office_id=given.office("440904")
    )
    tip_id = given.receipt().tip_id
    given.concluded(tip_id, office=office, inspector=inspector)
    with pytest.raises(NotThere):
        answers.release(tip_id, by=elsewhere, body="不归我管", now=given.NOW)


def test_releasing_meets_the_promise_of_the_outcome(app: Flask) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt().tip_id
    given.answered(tip_id, office=office, inspector=inspector)
    clock = db.session.scalars(select(Clock).where(Clock.step == "outcome_notice")).one()
    assert (clock.state, clock.missed) == ("met", False)


def test_draft_of_an_answer_names_measures_and_reveals_nobody(app: Flask) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt().tip_id
    case = given.claimed(tip_id, office=office, inspector=inspector)
    given.visit(case.id, by=inspector, now=given.NOW)
    given.measure(case.id, by=inspector, kind="fine", amount_fen=5_150_000, now=given.NOW)
    casework.record_finding(case.id, by=inspector, finding="substantiated", note="", now=given.NOW)
    casework.conclude(case.id, by=inspector, now=given.NOW)
    tip = given.reread(tip_id)
    draft = answer_draft(tip)
    assert draft
    assert "罚款" in draft
    assert not revealing(tip, draft)


@pytest.mark.parametrize("slip", ["联系电话13800138000", "我妈在那里打过针", "老陈说的"])
def test_answer_with_words_that_give_the_reporter_away_is_noticed(app: Flask, slip: str) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt().tip_id
    given.concluded(tip_id, office=office, inspector=inspector)
    tip = given.reread(tip_id)
    assert revealing(tip, f"{answer_draft(tip)}{slip}")


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh", ["促进法》第九十九条", "15 日内", "行政复议（60 日内）", "行政诉讼（6 个月内）"]),
        ("en", ["Promotion Law, article 99", "within 15 days", "within 60 days", "6 months"]),
    ],
)
def test_a_letter_says_on_which_law_it_rests_and_what_can_be_done_next(
    app: Flask, locale: str, said: list[str]
) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt(locale=locale).tip_id
    case = given.claimed(tip_id, office=office, inspector=inspector)
    given.visit(case.id, by=inspector, now=given.NOW)
    given.measure(case.id, by=inspector, kind="ban", amount_fen=None, now=given.NOW)
    casework.record_finding(case.id, by=inspector, finding="substantiated", note="", now=given.NOW)
    casework.conclude(case.id, by=inspector, now=given.NOW)
    draft = answer_draft(given.reread(tip_id))
    assert draft
    assert [word for word in said if word not in draft] == []


def test_a_letter_about_nothing_found_names_no_law(app: Flask) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt().tip_id
    given.concluded(tip_id, office=office, inspector=inspector, finding="unsubstantiated")
    draft = answer_draft(given.reread(tip_id))
    assert draft
    assert "第九十九条" not in draft


def test_hard_words_and_length_are_pointed_out_but_not_what_the_template_says(app: Flask) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt().tip_id
    given.concluded(tip_id, office=office, inspector=inspector)
    tip = given.reread(tip_id)
    draft = answer_draft(tip) or ""
    assert hard_words(tip, draft) == []
    added = hard_words(tip, f"{draft}对当事人予以处罚")
    assert [hard.word for hard in added] == ["当事人", "予以"]
    assert not is_too_long(draft)
    assert is_too_long(draft * 9)


def read(code: str) -> str | None:
    """What the reporter reads with this code."""
    given.db.session.rollback()
    opened = status.by_code(code)
    assert opened is not None
    return opened.answer


def test_an_answer_is_read_with_the_code_alone(office: Actor, inspector: Actor) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code)
    given.answered(tip.id, office=office, inspector=inspector, body=" 已查实，已取缔。\n")
    assert read(code) == "已查实，已取缔。"
    (message,) = given.every(Message)
    assert "已查实".encode() not in message.sealed
    assert given.reread(tip.id).status == "answered"
    assert given.case_of(tip.id).status == "closed"


def test_nine_tips_on_one_case_are_one_visit_and_nine_answers(
    office: Actor, inspector: Actor
) -> None:
    codes = [sealing.mint_code() for _ in range(9)]
    tips = [given.tip(code=code, contact=PHONE) for code in codes]
    for tip in tips[1:]:
        triage.join(tip.id, tips[0].case_id, by=office, now=given.NOW)
    case = given.concluded(tips[0].id, office=office, inspector=inspector)
    assert len(case.visits) == 1
    for number, tip in enumerate(tips):
        assert given.case_of(tip.id).status == "concluded"
        answers.release(tip.id, by=office, body=f"答复 {number}", now=given.NOW)
    assert [read(code) for code in codes] == [f"答复 {number}" for number in range(9)]
    assert given.case_of(tips[0].id).status == "closed"
    told = [each.notice.tip_id for each in given.every(Delivery)]
    assert {tip_id: told.count(tip_id) for tip_id in told} == {tip.id: 2 for tip in tips}


@pytest.mark.parametrize("state", ["received", "queued", "claimed"])
def test_no_answer_is_released_before_the_case_is_concluded(
    office: Actor, inspector: Actor, state: str
) -> None:
    tip = given.tip()
    if state == "queued":
        given.accepted(tip.id, by=office)
    if state == "claimed":
        given.claimed(tip.id, office=office, inspector=inspector)
    with pytest.raises(NotConcluded):
        answers.release(tip.id, by=office, body="已查实。", now=given.NOW)
    assert given.every(Message) == []


@pytest.mark.parametrize("body", ["", " ", "\n\u3000"])
def test_an_answer_says_something(office: Actor, inspector: Actor, body: str) -> None:
    tip = given.tip()
    given.concluded(tip.id, office=office, inspector=inspector)
    with pytest.raises(AnswerEmpty):
        answers.release(tip.id, by=office, body=body, now=given.NOW)


@pytest.mark.parametrize("role", ["inspector", "auditor", "administrator", "operator"])
def test_nobody_answers_who_may_not(office: Actor, inspector: Actor, role: str) -> None:
    tip = given.tip()
    given.concluded(tip.id, office=office, inspector=inspector)
    other = inspector if role == "inspector" else given.staff(role)
    with pytest.raises(NotThere):
        answers.release(tip.id, by=other, body="已查实。", now=given.NOW)


def test_a_supervisor_may_answer(office: Actor, inspector: Actor) -> None:
    tip = given.tip()
    given.concluded(tip.id, office=office, inspector=inspector)
    answers.release(tip.id, by=given.staff("supervisor"), body="已查实。", now=given.NOW)
    assert given.reread(tip.id).status == "answered"
