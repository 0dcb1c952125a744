"""Notices: who is told what, on which channel; and who is left in peace."""

import given
import pytest
from flask import Flask

from tipline.domain.actors import Actor
from tipline.models import Delivery, Notice
from tipline.services import casework, feedback, triage
from tipline.vault import sealing

PHONE = ("sms", "+8613800138000")


def owed(tip_id: int) -> list[str]:
    """The kinds of notices owed to a reporter."""
    return [notice.kind for notice in given.every(Notice) if notice.tip_id == tip_id]


def outbox(tip_id: int) -> list[tuple[str, str]]:
    """What is to be sent, and on which channel."""
    return [
        (delivery.notice.kind, delivery.channel)
        for delivery in given.every(Delivery)
        if delivery.notice.tip_id == tip_id
    ]


def test_who_left_no_contact_is_owed_the_news_and_sent_nothing(office: Actor) -> None:
    tip = given.tip()
    given.accepted(tip.id, by=office)
    assert owed(tip.id) == ["received", "news"]
    assert outbox(tip.id) == []


def test_who_left_a_number_on_the_page_is_sent_news_but_no_receipt(office: Actor) -> None:
    """The receipt stands on the page already."""
    tip = given.tip(contact=PHONE)
    given.accepted(tip.id, by=office)
    assert outbox(tip.id) == [("news", "sms")]


def test_who_wrote_by_message_is_answered_on_the_same_channel(app: Flask, office: Actor) -> None:
    tip = given.tip(channel="sms", contact=PHONE)
    given.accepted(tip.id, by=office)
    assert outbox(tip.id) == [("received", "sms"), ("news", "sms")]


def test_who_wants_no_reply_is_sent_neither_news_nor_questions(office: Actor) -> None:
    tip = given.tip(contact=PHONE, wants_reply=False)
    given.accepted(tip.id, by=office)
    triage.ask(tip.id, by=office, body="几楼？", now=given.NOW)
    assert owed(tip.id) == ["received", "news", "question"]
    assert outbox(tip.id) == []


def test_who_wrote_by_message_is_answered_even_without_wanting_news(app: Flask) -> None:
    tip = given.tip(channel="sms", contact=PHONE, wants_reply=False)
    assert outbox(tip.id) == [("received", "sms")]


DECISIONS = {
    "decline": {"reason": "too_old", "note": ""},
    "refer": {"department": "police", "note": ""},
}


@pytest.mark.parametrize("act", DECISIONS)
def test_every_decision_is_news(office: Actor, act: str) -> None:
    tip = given.tip(contact=PHONE)
    getattr(triage, act)(tip.id, by=office, now=given.NOW, **DECISIONS[act])
    assert outbox(tip.id) == [("news", "sms")]


def test_joining_is_not_told(office: Actor) -> None:
    first, second = given.tip(), given.tip(contact=PHONE)
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    assert outbox(second.id) == []


def test_filing_is_told_to_every_reporter_of_the_case(office: Actor, inspector: Actor) -> None:
    first, second = given.tip(contact=PHONE), given.tip(contact=PHONE)
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    case = given.claimed(first.id, office=office, inspector=inspector)
    casework.file(case.id, by=inspector, now=given.NOW)
    for tip in (first, second):
        assert outbox(tip.id) == [("news", "sms"), ("news", "sms")]


def test_who_withdrew_is_told_nothing_more(office: Actor, inspector: Actor) -> None:
    code = sealing.mint_code()
    first, second = given.tip(), given.tip(code=code, contact=PHONE)
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    case = given.claimed(first.id, office=office, inspector=inspector)
    feedback.withdraw(code, now=given.NOW)
    before = outbox(second.id)
    casework.file(case.id, by=inspector, now=given.NOW)
    assert outbox(second.id) == before


def test_the_whole_way_of_a_tip_is_told_in_three_pieces_of_news(
    office: Actor, inspector: Actor
) -> None:
    tip = given.tip(contact=PHONE)
    case = given.claimed(tip.id, office=office, inspector=inspector)
    casework.file(case.id, by=inspector, now=given.NOW)
    given.visit(case.id, by=inspector, now=given.NOW)
    casework.record_finding(case.id, by=inspector, finding="substantiated", note="", now=given.NOW)
    casework.conclude(case.id, by=inspector, now=given.NOW)
    assert outbox(tip.id) == [("news", "sms"), ("news", "sms")]  # the visit is told to nobody


def test_an_addition_by_code_is_acknowledged_to_who_wrote_by_message(app: Flask) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code, channel="sms", contact=PHONE)
    feedback.add(code, words="还有", now=given.NOW)
    assert outbox(tip.id) == [("received", "sms"), ("added", "sms")]


def test_no_notice_holds_anything_but_its_kind(office: Actor) -> None:
    """What is sent is made from a template when it is sent; the row says nothing of the matter."""
    given.tip(contact=PHONE, address="官山一路")
    columns = {column.name for column in Notice.__table__.columns}
    assert columns == {
        *("id", "tip_id", "kind", "field", "because"),
        *("files", "too_large", "created_at", "dead_at", "replayed_at"),
    }
