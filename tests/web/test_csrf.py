"""Forged requests: a form that did not come from our own page changes nothing."""

from dataclasses import replace

import browsing
import given
import pytest
from browsing import Browser
from flask import Flask
from test_access import routes

from tipline.models import Message
from tipline.policy import load
from tipline.settings import Settings, complete
from tipline.vault import sealing
from wsgi import channels_for

HOOKS = {
    "hooks.sms",
    "hooks.sms_status",
    "hooks.gateway_message",
    "hooks.gateway_status",
    "hooks.telegram",
}
PROVIDER_SIDE = {
    "simulator.gateway",
    "simulator.twilio_messages",
    "simulator.twilio_delete",
    "simulator.telegram_method",
}
SAFE = {"GET", "HEAD", "OPTIONS"}


def accepted(app: Flask, browser: Browser, form: dict[str, str]) -> set[str]:
    """The routes that let a changing request through with this form."""
    return {
        rule.endpoint
        for rule, method, path in routes(app)
        if method not in SAFE and browser.open(path, method=method, data=form).status_code != 400
    }


@pytest.mark.parametrize("form", [{}, {"csrf_token": ""}, {"csrf_token": "x"}])
def test_only_hooks_take_a_form_without_our_token(app: Flask, form: dict[str, str]) -> None:
    given.tip()
    browser = browsing.signed_in(app, *load().roles)
    before = given.everything()
    assert accepted(app, browser, form) == HOOKS
    assert given.everything() == before


def test_only_hooks_take_a_form_with_the_token_of_another_visit(app: Flask) -> None:
    browser, other = browsing.signed_in(app, *load().roles), Browser(app)
    before = given.everything()
    assert accepted(app, browser, {"csrf_token": other.token()}) == HOOKS
    assert given.everything() == before


def test_only_the_provider_side_of_the_simulator_takes_forms_without_our_token(
    chosen: Settings,
) -> None:
    demo = complete(replace(chosen, demo="1"))
    with given.running(demo, channels=channels_for(demo)) as app:
        assert accepted(app, Browser(app), {}) == HOOKS | PROVIDER_SIDE
        assert browsing.read(Browser(app).get("/simulator/")).text


TEXT = "半夜有人打针 <b>&"


def test_a_question_is_asked_again_with_what_was_typed_when_its_token_was_too_old(
    app: Flask,
) -> None:
    browser = Browser(app)
    response = browser.open("/report", method="POST", data={"page": "facts", "facts": TEXT})
    page = browsing.read(response)
    assert (response.status_code, page.fields["facts"]) == (400, TEXT)
    assert "data-receipt-code" not in page.marks
    assert browsing.press(browser, page, "next").fields["page"] == "when"


def test_an_addition_is_kept_on_the_page_when_its_token_was_too_old(app: Flask) -> None:
    code = sealing.mint_code()
    given.tip(code=code)
    form = {"receipt_code": code, "go": "add", "body": TEXT}
    response = Browser(app).open("/status", method="POST", data=form)
    assert (response.status_code, browsing.read(response).fields["body"]) == (400, TEXT)
    assert given.every(Message) == []


def test_a_brief_is_kept_on_the_page_when_its_token_was_too_old(app: Flask) -> None:
    tip = given.tip()
    browser = browsing.signed_in(app, "triage_officer")
    response = browser.open(f"/desk/tips/{tip.id}/accept", method="POST", data={"brief": TEXT})
    assert (response.status_code, browsing.read(response).fields["typed"]) == (400, TEXT)
