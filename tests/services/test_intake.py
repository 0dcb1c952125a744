"""Intake: one statement, one tip, one receipt."""

from datetime import timedelta

import given
import pytest
from crowd import at_once
from flask import Flask
from sqlalchemy import func, select

from tipline.db import db
from tipline.models import Case, Clinic, Contact, Entry, Message, Tip
from tipline.policy import load
from tipline.runtime import runtime
from tipline.services import intake
from tipline.vault import words


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


def test_a_tip_has_its_home_case_and_its_clinic_from_the_first_second(app: Flask) -> None:
    tip = given.tip(address="官山一路 11 号", floor="4 楼")
    (case,) = given.every(Case)
    (clinic,) = given.every(Clinic)
    assert (tip.case_id, case.clinic_id, case.status) == (case.id, clinic.id, "received")
    assert (clinic.division, clinic.address, clinic.floor) == ("440902", "官山一路 11 号", "4 楼")
    assert (tip.number[0], case.number[0]) == ("T", "C")
    assert tip.number[1:] != case.number[1:]


@pytest.mark.parametrize("category", load().categories)
def test_a_tip_is_as_urgent_as_its_kind(app: Flask, category: str) -> None:
    tip = given.tip(category=category)
    assert tip.priority == tip.case.priority == load().categories[category].priority


@pytest.mark.parametrize(
    ("division", "office"),
    [
        ("440902", "district"),
        ("440904", "city"),
        ("4409", "city"),
        ("440802", "root"),
        ("44", "root"),
        ("", "root"),
    ],
)
def test_a_tip_goes_to_the_smallest_office_that_holds_its_place(
    app: Flask, division: str, office: str
) -> None:
    city = given.office("4409")
    district = given.office("440902", parent_id=city)
    given.office("440902", department="police")
    given.office("")
    offices = {"root": given.ROOT_OFFICE, "city": city, "district": district}
    assert given.tip(division=division).case.office_id == offices[office]


def test_the_words_open_for_the_desk_and_stand_nowhere_in_clear(app: Flask) -> None:
    said = {"facts": "卧室里的输液架", "who": "陈阿姨"}
    tip = given.tip(words=said, contact=("sms", "+8613800138000"))
    key = runtime().desk_words.tip_key(tip.key_for_desk)
    assert words.read(key, tip.words_sealed) == said
    stored = repr(given.everything())
    for hidden in ("输液架", "陈阿姨", "13800138000"):
        assert hidden not in stored


def test_a_contact_is_bound_to_the_number_of_its_tip(app: Flask) -> None:
    tip = given.tip(contact=("sms", "+8613800138000"))
    (contact,) = given.every(Contact)
    assert runtime().contacts.address_for(tip.number, contact.sealed) == "+8613800138000"


def test_a_form_sent_twenty_times_at_once_is_one_tip(app: Flask) -> None:
    sealed = intake.seal(given.statement())
    again = [lambda: intake.receive(sealed, now=given.NOW)] * 20
    receipts = at_once(app, again)
    assert {receipt.number for receipt in receipts} == {sealed.number}  # type: ignore[attr-defined]
    assert len(given.every(Tip)) == 1
    assert given.every(Message) == []


def test_two_versions_of_a_form_sent_at_once_are_one_tip_and_one_addition(app: Flask) -> None:
    first = given.statement()
    second = given.statement(code=first.code, words={"facts": "改过的"})
    versions = [intake.seal(first), intake.seal(second)]
    at_once(app, [lambda v=v: intake.receive(v, now=given.NOW) for v in versions])
    assert len(given.every(Tip)) == 1
    assert [message.kind for message in given.every(Message)] == ["addition"]


def test_thirty_tips_at_once_are_thirty(app: Flask) -> None:
    sealed = [intake.seal(given.statement()) for _ in range(30)]
    at_once(app, [lambda s=s: intake.receive(s, now=given.NOW) for s in sealed])
    assert {tip.number for tip in given.every(Tip)} == {each.number for each in sealed}


def test_sealing_touches_no_database(app: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    assert intake.seal(given.statement()).words_sealed
    assert db.engine.pool.checkedout() == 0
