"""Another way to be reached, left on the status page: sealed, and used when the first fails."""

from collections.abc import Iterator
from dataclasses import replace

import given
import pytest
from browsing import Browser, read
from flask import Flask

from tipline import clock
from tipline.channels import CannotReach
from tipline.domain.sending import Why
from tipline.models import Contact, Delivery
from tipline.services import delivery, triage
from tipline.settings import Settings
from tipline.vault import sealing

MAILBOX = "someone@example.cn"


@pytest.fixture
def mail() -> given.Collecting:
    return given.Collecting("email")


@pytest.fixture
def app(chosen: Settings, sms: given.Collecting, mail: given.Collecting) -> Iterator[Flask]:
    with_mail = replace(chosen, smtp_url="smtp://127.0.0.1")
    with given.running(with_mail, channels=[sms, mail]) as app:
        yield app


def leave(app: Flask, code: str, typed: str) -> str:
    form = {"receipt_code": code, "go": "contact", "contact": typed}
    browser = Browser(app)
    return read(browser.post("/status", form | {"csrf_token": browser.token()})).html


def test_the_second_way_is_used_when_the_first_fails(
    app: Flask, sms: given.Collecting, mail: given.Collecting
) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code, contact=("sms", "+8613800138000"))
    assert MAILBOX not in leave(app, code, MAILBOX)
    assert all(MAILBOX.encode() not in each.sealed for each in given.every(Contact))
    office = given.staff("triage_officer")
    triage.decline(tip.id, by=office, reason="too_old", note="", now=given.NOW)
    sms.fails = CannotReach("provider error 21610", Why.OPTED_OUT)
    for _ in range(2):
        for each in delivery.lease(now=given.NOW):
            delivery.send(each, now=given.NOW)
    assert [address for address, _ in mail.sent] == [MAILBOX]
    assert [each.state for each in given.every(Delivery)] == ["failed", "accepted"]


def test_a_new_number_replaces_the_one_that_was_left_before(app: Flask) -> None:
    code = sealing.mint_code()
    given.tip(code=code, contact=("sms", "+8613800138000"))
    leave(app, code, "13900139000")
    [contact] = given.every(Contact)
    contacts = app.extensions["tipline"].contacts
    assert contacts.open(contact.sealed)["address"] == "+8613900139000"


def test_where_somebody_wrote_from_is_never_replaced(app: Flask) -> None:
    given.message("sms", "+8613800138000", "有人在家里打针", id="SM1", now=clock.now())
    before = [each.sealed for each in given.every(Contact)]
    contacts = app.extensions["tipline"].contacts
    [tip] = {each.tip for each in given.every(Contact)}
    code = contacts.open(tip.code_sealed)["code"]
    leave(app, code, "13900139000")
    assert [each.sealed for each in given.every(Contact)] == before


@pytest.mark.parametrize("typed", ["", "1", "a@b", "@example.cn", "a b@example.cn", "x" * 300])
def test_what_is_no_address_is_asked_for_again_and_not_lost(app: Flask, typed: str) -> None:
    code = sealing.mint_code()
    given.tip(code=code)
    html = leave(app, code, typed)
    assert given.every(Contact) == []
    assert "要写完整" in html
    assert typed in html
