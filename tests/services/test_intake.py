"""Intake: one statement, one tip, one receipt."""

from datetime import timedelta

import given
from flask import Flask
from sqlalchemy import func, select

from tipline.db import db
from tipline.models import Entry, Message, Tip
from tipline.services import intake


def test_receive_gives_the_same_receipt_when_the_same_form_is_sent_again(app: Flask) -> None:
    said = given.statement()
    first = intake.receive(intake.seal(said), now=given.NOW)
    again = intake.receive(intake.seal(said), now=given.NOW + timedelta(minutes=1))
    assert (again.number, again.received_at, again.again) == (first.number, first.received_at, True)
    assert db.session.scalar(select(func.count(Tip.id))) == 1


def test_receive_keeps_other_words_as_an_addition_when_the_code_is_the_same(app: Flask) -> None:
    said = given.statement()
    first = intake.receive(intake.seal(said), now=given.NOW)
    other = given.statement(code=said.code, words={"facts": "还看到孩子在里面打针。"})
    intake.receive(intake.seal(other), now=given.NOW)
    messages = db.session.scalars(select(Message)).all()
    assert [(each.tip_id, each.kind) for each in messages] == [(first.tip_id, "addition")]


def test_receive_writes_one_journal_line(app: Flask) -> None:
    tip = given.tip()
    lines = db.session.scalars(select(Entry)).all()
    assert [(line.event, line.about_kind, line.about_id) for line in lines] == [
        ("tip.received", "tip", tip.id)
    ]
