"""The inbox: kept first, understood later, and each message once."""

from collections.abc import Callable

import given
import pytest
from crowd import at_once
from flask import Flask
from sqlalchemy import func, select

from tipline import worker
from tipline.channels import Heard
from tipline.db import db
from tipline.domain import receipts
from tipline.models import Inbound, Message, Tip
from tipline.queries import status
from tipline.services import inbox
from tipline.vault import words

PHONE = "+8613800138000"
FACTS = "菜市场二楼有人给人拔牙，没有牌子"


def count(model: type) -> int:
    """How many records of a kind there are now."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_message_is_kept_once_however_often_it_is_brought(app: Flask) -> None:
    for _ in range(20):
        inbox.keep("sms", Heard("SM1", PHONE, FACTS), now=given.NOW)
    assert count(Inbound) == 1


def test_first_message_is_at_once_a_tip_that_is_answered(app: Flask, sms: given.Collecting) -> None:
    inbox.keep("sms", Heard("SM1", PHONE, FACTS), now=given.NOW)
    worker.tick(given.NOW)
    tip = db.session.scalars(select(Tip)).one()
    ((address, text),) = sms.sent
    assert address == PHONE
    assert tip.number in text
    assert "7月10日" in text
    assert receipts.code_in(text) is None


def test_code_is_told_when_asked_for_and_opens_the_words(app: Flask, sms: given.Collecting) -> None:
    for id_, text in (("SM1", FACTS), ("SM2", "查询码")):
        inbox.keep("sms", Heard(id_, PHONE, text), now=given.NOW)
        worker.tick(given.NOW)
    code = receipts.code_in(sms.sent[-1][1])
    assert code
    opened = status.by_code(code)
    assert opened
    assert opened.tip.number in sms.sent[0][1]


def test_later_message_adds_to_the_open_tip(app: Flask) -> None:
    given.message("telegram", "7001", FACTS, id="1")
    given.message("telegram", "7001", "他们晚上搬走了", id="2")
    assert (count(Tip), count(Message)) == (1, 1)


def test_message_begins_a_new_tip_when_the_former_is_answered(app: Flask) -> None:
    given.message("sms", PHONE, FACTS, id="SM1")
    former = db.session.scalars(select(Tip)).one()
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    given.answered(former.id, office=office, inspector=inspector)
    given.message("sms", PHONE, "那家又开了", id="SM2")
    assert (count(Tip), count(Message)) == (2, 1)


def test_senders_are_told_apart_by_channel_and_address(app: Flask) -> None:
    given.message("sms", "7001", FACTS, id="1")
    given.message("telegram", "7001", FACTS, id="1")
    given.message("telegram", "7002", FACTS, id="2")
    assert count(Tip) == 3


def test_understanding_again_changes_nothing(app: Flask) -> None:
    given.message("sms", PHONE, FACTS, id="SM1")
    kept = db.session.scalars(select(Inbound)).one()
    inbox.understand(kept.id, now=given.NOW)
    assert (count(Tip), count(Message)) == (1, 0)


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "‮abc", "💉" * 5000, "<b>'; DROP TABLE tip;--"]
)
def test_any_text_is_kept_exactly(app: Flask, text: str) -> None:
    given.message("telegram", "7001", FACTS, id="1")
    given.message("telegram", "7001", text, id="2")
    db.session.rollback()
    tip = db.session.scalars(select(Tip)).one()
    if text:
        body = read_by_the_desk(app, tip)(tip.messages[0].sealed)
        assert str(body).removeprefix("情况：") == text


def test_message_that_cannot_be_understood_waits_and_blocks_nobody(
    app: Flask, sms: given.Collecting
) -> None:
    inbox.keep("sms", Heard("SM1", PHONE, FACTS), now=given.NOW)
    broken = db.session.scalars(select(Inbound)).one()
    broken.sealed = b"not sealed at all" * 5
    db.session.commit()
    inbox.keep("sms", Heard("SM2", PHONE, FACTS), now=given.NOW)
    worker.tick(given.NOW)
    assert len(sms.sent) == 1
    db.session.rollback()
    assert db.session.get_one(Inbound, broken.id).due_at > given.NOW


def read_by_the_desk(app: Flask, tip: Tip) -> Callable[[bytes], object]:
    """What the desk reads with its key."""
    key = app.extensions["tipline"].desk_words.tip_key(tip.key_for_desk)
    return lambda sealed: words.read(key, sealed)


def test_message_is_kept_once_when_it_is_brought_fifty_times_at_once(app: Flask) -> None:
    bring = [lambda: inbox.keep("sms", Heard("SM1", PHONE, FACTS), now=given.NOW)] * 50
    assert set(at_once(app, bring)) == {None}
    assert count(Inbound) == 1


def test_message_is_understood_once_when_several_workers_take_it(app: Flask) -> None:
    inbox.keep("sms", Heard("SM1", PHONE, FACTS), now=given.NOW)
    (waiting,) = inbox.waiting(now=given.NOW)
    at_once(app, [lambda: inbox.understand(waiting, now=given.NOW)] * 6)
    assert (count(Tip), count(Message)) == (1, 0)


def test_messages_of_one_sender_are_one_tip_when_several_workers_take_them(app: Flask) -> None:
    for number in range(4):
        inbox.keep("sms", Heard(f"SM{number}", PHONE, f"第{number}条"), now=given.NOW)
    waiting = inbox.waiting(now=given.NOW)
    at_once(app, [lambda n=n: inbox.understand(n, now=given.NOW) for n in waiting])
    [tip] = given.every(Tip)
    read = read_by_the_desk(app, tip)
    told = [*read(tip.words_sealed).values(), *(read(each.sealed) for each in tip.messages)]
    everything = "\n".join(map(str, [*told, tip.address]))
    assert all(f"第{number}条" in everything for number in range(4))
