"""Answers: every report has a result, and every reporter reads it with the code."""

import given
import pytest
from flask import Flask
from sqlalchemy import select

from tipline.db import db
from tipline.domain.actors import NotThere
from tipline.domain.lifecycle import CaseStatus, IllegalTransition, TipStatus
from tipline.models import Clock
from tipline.queries import status
from tipline.queries.tip import answer_draft, revealing
from tipline.services import answers, casework, triage
from tipline.vault import sealing

NINE = 9


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
    casework.record_visit(
        case.id, by=inspector, kind="open", at=given.NOW, officers="", note="", now=given.NOW
    )
    casework.record_measure(
        case.id, by=inspector, kind="fine", amount_fen=5_150_000, note="", now=given.NOW
    )
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
