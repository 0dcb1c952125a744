"""Webhooks: nobody speaks in a provider's name, and each message is kept once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import given
import pytest
from browsing import Browser
from flask import Flask
from loopback import Provider, listening
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from tipline.db import db
from tipline.models import Delivery, Inbound
from tipline.services import delivery
from tipline.settings import Settings
from wsgi import channels_for

TOKEN, SECRET, ACCOUNT = "auth-token-of-ours", "secret-of-our-bot", "AC" + "1" * 32
PUBLIC_URL = "http://tipline.test"
MESSAGE = {"MessageSid": "SM1", "AccountSid": ACCOUNT, "From": "+8613800138000", "Body": "打针"}
UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "date": 0,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "is_bot": False, "first_name": "x", "language_code": "en"},
        "text": "打针",
    },
}


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that takes what it is sent."""
    with listening() as provider:
        provider.answer = (201, {"sid": "SM9", "status": "queued"})
        yield provider


@pytest.fixture
def connected(chosen: Settings, provider: Provider) -> Iterator[Flask]:
    """The application with accounts at both providers."""
    with_accounts = replace(
        chosen,
        twilio_base_url=provider.url,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_from="+8610690000000",
        telegram_token="1:token",
        telegram_secret=SECRET,
    )
    with given.running(with_accounts, channels=channels_for(with_accounts)) as app:
        yield app


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Inbound.id))) or 0


def sms(app: Flask, form: dict[str, str], path: str = "/hooks/twilio/sms", **header: str) -> int:
    """Bring a message with whatever signature is said to be right."""
    headers = {"X-Twilio-Signature": header["signature"]} if "signature" in header else {}
    return Browser(app).open(path, method="POST", data=form, headers=headers).status_code


def signature(form: dict[str, str], path: str = "/hooks/twilio/sms", token: str = TOKEN) -> str:
    computed: str = RequestValidator(token).compute_signature(PUBLIC_URL + path, form)
    return computed


def telegram(app: Flask, body: bytes, secret: str | None = SECRET) -> TestResponse:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    return Browser(app).open("/hooks/telegram", method="POST", data=body, headers=headers)


def test_a_signed_text_message_is_kept_once_however_often_it_comes(connected: Flask) -> None:
    for _ in range(5):
        assert sms(connected, MESSAGE, signature=signature(MESSAGE)) == 200
    assert kept() == 1


FORGED: dict[str, Callable[[], dict[str, str]]] = {
    "nothing": dict,
    "empty": lambda: {"signature": ""},
    "garbage": lambda: {"signature": "AAAA"},
    "not ascii": lambda: {"signature": "é"},
    "another account's": lambda: {"signature": signature(MESSAGE, token="foreign")},
    "of another address": lambda: {"signature": signature(MESSAGE, "/hooks/twilio/status")},
    "of another body": lambda: {"signature": signature(MESSAGE | {"Body": "x"})},
    "of fewer fields": lambda: {"signature": signature({"MessageSid": "SM1"})},
}


@pytest.mark.parametrize("why", FORGED)
def test_a_text_message_is_refused_when_its_signature_is_not_ours(
    connected: Flask, why: str
) -> None:
    assert sms(connected, MESSAGE, **FORGED[why]()) == 403
    assert kept() == 0


def test_a_text_message_is_refused_when_it_is_signed_for_another_account(connected: Flask) -> None:
    foreign = MESSAGE | {"AccountSid": "AC" + "2" * 32}
    assert sms(connected, foreign, signature=signature(foreign)) == 403
    assert kept() == 0


@pytest.mark.parametrize("added", ["?x=1", "?a=%20&b"])
def test_a_text_message_is_refused_when_something_was_added_to_the_address(
    connected: Flask, added: str
) -> None:
    assert sms(connected, MESSAGE, f"/hooks/twilio/sms{added}", signature=signature(MESSAGE)) == 403
    assert kept() == 0


def test_a_text_message_is_checked_against_our_public_address_whatever_the_proxy_says(
    connected: Flask,
) -> None:
    headers = {
        "X-Twilio-Signature": signature(MESSAGE),
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Proto": "https",
        "Host": "10.0.0.1:8000",
    }
    path = "/hooks/twilio/sms"
    answer = Browser(connected).open(path, method="POST", data=MESSAGE, headers=headers)
    assert (answer.status_code, kept()) == (200, 1)


def test_a_status_report_is_refused_when_its_signature_is_not_ours(connected: Flask) -> None:
    report = {"MessageSid": "SM1", "MessageStatus": "failed", "AccountSid": ACCOUNT}
    path = "/hooks/twilio/status"
    assert sms(connected, report, path) == 403
    assert sms(connected, report, path, signature=signature(report, path, "foreign")) == 403
    assert sms(connected, report, path, signature=signature(report, path)) == 204


def test_an_update_of_the_bot_is_kept_once_however_often_it_comes(connected: Flask) -> None:
    for _ in range(5):
        assert telegram(connected, json.dumps(UPDATE).encode()).status_code == 200
    assert kept() == 1


def test_who_presses_a_button_is_told_at_once_that_it_was_heard(connected: Flask) -> None:
    person = UPDATE["message"]["from"]  # type: ignore[index]
    query = {"id": "77", "from": person, "chat_instance": "1", "data": "wants_reply=yes"}
    pressed = {"update_id": 8, "callback_query": query | {"message": UPDATE["message"]}}
    answer = telegram(connected, json.dumps(pressed).encode())
    told = {"method": "answerCallbackQuery", "callback_query_id": "77"}
    assert (answer.status_code, answer.get_json(), kept()) == (200, told, 1)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET.upper(), "é"])
def test_an_update_is_refused_when_the_secret_is_not_ours(
    connected: Flask, secret: str | None
) -> None:
    assert telegram(connected, json.dumps(UPDATE).encode(), secret).status_code == 403
    assert kept() == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b"[" * 100_000, b"{}"]
)
def test_an_update_that_is_not_one_is_let_pass_so_that_it_is_not_brought_again(
    connected: Flask, body: bytes
) -> None:
    assert telegram(connected, body).status_code == 200
    assert kept() == 0


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "x" * 1_000_000, "", "😀" * 1000])
def test_a_text_is_kept_whatever_signs_it_holds(connected: Flask, text: str) -> None:
    said = {**UPDATE, "message": {**UPDATE["message"], "text": text}}  # type: ignore[dict-item]
    assert telegram(connected, json.dumps(said).encode()).status_code == 200
    assert kept() == 1


@pytest.mark.parametrize("path", ["/hooks/twilio/sms", "/hooks/twilio/status", "/hooks/telegram"])
def test_every_webhook_is_refused_when_its_provider_is_not_configured(
    app: Flask, path: str
) -> None:
    signed = {"X-Twilio-Signature": signature(MESSAGE, path, "")}
    secret = {"X-Telegram-Bot-Api-Secret-Token": ""}
    answer = Browser(app).open(path, method="POST", data=MESSAGE, headers=signed | secret)
    assert (answer.status_code, kept()) == (403, 0)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_webhook_answers_nothing_but_posts(connected: Flask, method: str) -> None:
    assert Browser(connected).open("/hooks/telegram", method=method).status_code == 405


def reported(app: Flask, url: str, sid: str, status: str) -> int:
    """The provider says what became of a message, at the address that it was given for this."""
    path = url.removeprefix(PUBLIC_URL)
    form = {"MessageSid": sid, "MessageStatus": status, "AccountSid": ACCOUNT}
    return sms(app, form, path, signature=signature(form, path))


def send_all(now: datetime) -> None:
    for delivery_id in delivery.lease(now=now):
        delivery.send(delivery_id, now=now)


def state() -> str:
    return given.every(Delivery)[-1].state


@pytest.mark.parametrize(
    ("first", "then", "ends"),
    [
        ("delivered", "delivered", "delivered"),
        ("delivered", "failed", "delivered"),
        ("undelivered", "delivered", "failed"),
        ("sent", "delivered", "delivered"),
        ("queued", "sent", "accepted"),
    ],
)
def test_reports_lead_to_the_end_and_never_back(
    connected: Flask, provider: Provider, first: str, then: str, ends: str
) -> None:
    given.tip(channel="sms", contact=("sms", "+8613800138000"))
    send_all(given.NOW)
    url = provider.heard[0].form["StatusCallback"]
    for status in (first, first, then):
        assert reported(connected, url, "SM9", status) == 204
    assert state() == ends
