"""What a reporter does with the receipt code."""

from datetime import timedelta

import given
import pytest
from flask import Flask
from sqlalchemy import select

from tipline.db import db
from tipline.domain.actors import NotThere
from tipline.domain.lifecycle import CaseStatus, IllegalTransition, TipStatus
from tipline.models import Clock, Entry, Message
from tipline.queries import status
from tipline.queries.triage import unread
from tipline.services import feedback, triage
from tipline.vault import sealing

LATER = given.NOW + timedelta(days=2)


@pytest.fixture
def code() -> str:
    """A receipt code."""
    return sealing.mint_code()


def test_added_words_are_seen_by_the_reporter_and_listed_for_the_desk(
    app: Flask, code: str
) -> None:
    office = given.staff("triage_officer")
    tip_id = given.receipt(code=code).tip_id
    feedback.add(code, words="他们搬到二楼了", now=LATER)
    opened = status.by_code(code)
    assert opened
    assert [message.body for message in opened.messages] == ["他们搬到二楼了"]
    assert [(row.id, row.messages) for row in unread(office)] == [(tip_id, 1)]
    triage.open_words(tip_id, by=office, now=LATER)
    db.session.rollback()
    assert unread(office) == []


def test_words_can_be_added_after_the_answer(app: Flask, code: str) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt(code=code).tip_id
    given.answered(tip_id, office=office, inspector=inspector)
    feedback.add(code, words="又开了", now=LATER)
    assert [row.id for row in unread(office)] == [tip_id]


def test_withdrawal_stops_what_is_owed_and_leaves_the_case_to_the_office(
    app: Flask, code: str
) -> None:
    tip_id = given.receipt(code=code).tip_id
    feedback.withdraw(code, now=LATER)
    assert given.reread(tip_id).status == TipStatus.WITHDRAWN
    assert given.case_of(tip_id).status == CaseStatus.RECEIVED
    assert "running" not in db.session.scalars(select(Clock.state)).all()


def test_withdrawal_of_the_last_waiting_tip_closes_a_concluded_case(app: Flask, code: str) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip_id = given.receipt(code=code).tip_id
    given.concluded(tip_id, office=office, inspector=inspector)
    feedback.withdraw(code, now=LATER)
    assert given.case_of(tip_id).status == CaseStatus.CLOSED


def test_withdrawal_comes_too_late_after_the_answer(app: Flask, code: str) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    given.answered(given.receipt(code=code).tip_id, office=office, inspector=inspector)
    with pytest.raises(IllegalTransition):
        feedback.withdraw(code, now=LATER)


def test_another_code_opens_and_changes_nothing(app: Flask, code: str) -> None:
    tip_id = given.receipt(code=code).tip_id
    other = sealing.mint_code()
    assert status.by_code(other) is None
    with pytest.raises(NotThere):
        feedback.withdraw(other, now=LATER)
    with pytest.raises(NotThere):
        feedback.add(other, words="x", now=LATER)
    assert given.reread(tip_id).status == TipStatus.RECEIVED


@pytest.fixture
def received(app: Flask, code: str) -> str:
    """The code of a tip that was just received."""
    given.receipt(code=code)
    return code


def test_words_are_added_sealed_and_read_again_with_the_code(received: str) -> None:
    feedback.add(received, words="还有孩子", now=given.NOW)
    (message,) = given.every(Message)
    assert (message.kind, message.from_office, message.at) == ("addition", False, given.NOW)
    assert "还有孩子".encode() not in message.sealed
    opened = status.by_code(received)
    assert opened is not None
    assert [said.body for said in opened.messages] == ["还有孩子"]


def test_an_addition_never_changes_what_was_said_first(received: str) -> None:
    before = given.reread(1).words_sealed
    feedback.add(received, words="其实不是", now=given.NOW)
    assert given.reread(1).words_sealed == before


def test_a_declined_tip_can_still_be_added_to(received: str) -> None:
    """Several remedies ask the reporter to add what is missing."""
    officer = given.staff("triage_officer")
    triage.decline(1, by=officer, reason="place_not_found", note="", now=given.NOW)
    feedback.add(received, words="是 401 室", now=given.NOW)
    assert len(given.every(Message)) == 1


def test_withdrawing_is_final(received: str) -> None:
    feedback.withdraw(received, now=given.NOW)
    assert given.reread(1).status == "withdrawn"
    with pytest.raises(IllegalTransition):
        feedback.withdraw(received, now=given.NOW)
    assert [line.event for line in given.every(Entry)].count("tip.withdrawn") == 1


def test_a_tip_may_be_withdrawn_while_it_is_being_checked(received: str) -> None:
    given.claimed(1, office=given.staff("triage_officer"), inspector=given.staff("inspector"))
    feedback.withdraw(received, now=given.NOW)
    assert given.reread(1).status == "withdrawn"
    assert given.case_of(1).status == "claimed"
