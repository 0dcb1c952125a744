"""Taicang, as printed: a tip by the city hotline, a landlord, and one who was banned twice before.

The office's half; fines and payments are played elsewhere.
"""

from datetime import UTC, date, datetime, timedelta

import browsing
import given
from flask import Flask
from sqlalchemy import select

from tipline.db import db
from tipline.domain.actors import Actor
from tipline.models import Clock, Tip
from tipline.queries.clinics import clinic_view
from tipline.services import clinics, matching, parties
from tipline.services.parties import Described

AT = datetime(2022, 12, 1, 2, 0, tzinfo=UTC)
LI = Described(kind="person", name="李某", identity="320585197001011234")
LANDLORD = Described(kind="person", name="房东", identity="320585196001011234")
TOLD = {"category": "unlicensed_clinic", "division": "440902", "address": "城厢新村 3 栋 101"}


def by_hotline(app: Flask) -> Tip:
    """Written down from the hotline's order, on the operator's page."""
    operator = browsing.signed_in(app, "operator")
    form = operator.read("/desk/take-in").fields
    said = {"facts": "家里挂水", "source": "hotline_12345", "source_number": "TC2212-0117"}
    operator.post("/desk/take-in", form | TOLD | said)
    return given.every(Tip)[-1]


def test_a_tip_by_the_hotline_keeps_its_number_and_has_the_reply_clock_of_the_hotline(
    app: Flask,
) -> None:
    tip = by_hotline(app)
    assert (tip.source, tip.source_number) == ("hotline_12345", "TC2212-0117")
    steps = set(db.session.scalars(select(Clock.step).where(Clock.about_id == tip.id)))
    assert "interim_reply_12345" in steps
    page = browsing.signed_in(app, "triage_officer").read(f"/desk/tips/{tip.id}")
    assert "12345热线 TC2212-0117" in page.text


def test_the_landlord_is_a_party_of_his_own_and_the_repeat_offender_is_known_by_his_number(
    app: Flask, office: Actor
) -> None:
    former = given.tip(address="浏河镇老街 8 号", now=AT - timedelta(days=1600)).case.clinic_id
    parties.add(former, by=office, described=LI, role="practitioner", now=AT)
    link = clinic_view(office, former, now=AT).parties[0].link.id
    for on in (date(2016, 5, 10), date(2018, 7, 20)):
        parties.note_record(former, link, by=office, kind="ban", on=on, note="", here=True, now=AT)
    here = by_hotline(app).case.clinic_id
    parties.add(here, by=office, described=LI, role="practitioner", now=AT)
    parties.add(here, by=office, described=LANDLORD, role="venue_provider", now=AT)
    offender, landlord = clinic_view(office, here, now=AT).parties
    assert [record.on.year for _, record in offender.records] == [2016, 2018]
    assert [place.address for place in offender.elsewhere] == ["浏河镇老街 8 号"]
    assert (landlord.link.role, landlord.records) == ("venue_provider", [])


def test_a_second_tip_on_the_same_flat_is_suggested_and_stays_a_tip_of_its_own(
    app: Flask, office: Actor
) -> None:
    first = by_hotline(app)
    later = given.tip(address="城厢新村三幢101室", division="440902")
    matching.understand(now=AT)
    page = browsing.signed_in(app, "triage_officer", username="desk")
    assert "同一小区或村" in page.read(f"/desk/tips/{later.id}").text
    clinics.place(later.case_id, first.case.clinic_id, by=office, now=AT)
    assert given.reread(later.id).number != given.reread(first.id).number
    assert given.reread(later.id).case_id != given.reread(first.id).case_id
