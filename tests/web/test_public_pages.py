"""The home page, and the simulator's screens: what everybody sees."""

from collections.abc import Iterator
from dataclasses import replace

import browsing
import given
import pytest
from browsing import Browser
from flask import Flask

from tipline.models import Inbound, Tip
from tipline.services import inbox
from tipline.settings import Settings, complete
from wsgi import channels_for


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "查进度"), ("en", "Tipline")])
def test_the_home_page_leads_to_the_report_and_to_the_status(
    app: Flask, language: str, said: str
) -> None:
    page = Browser(app).read("/", headers={"Accept-Language": language})
    assert 'href="/report"' in page.html
    assert 'href="/status"' in page.html
    assert said in page.text


def test_the_language_that_was_chosen_stays(app: Flask) -> None:
    browser = Browser(app)
    browser.get("/?lang=en")
    assert '<html lang="en">' in browser.read("/").html
    assert '<html lang="en">' in browser.read("/report").html
    browser.get("/?lang=xx")
    assert '<html lang="en">' in browser.read("/").html


def test_every_public_page_offers_the_way_out_and_the_limits(app: Flask) -> None:
    for path in ("/", "/report", "/status", "/nowhere"):
        html = Browser(app).read(path).html
        assert 'href="/leave"' in html
        assert "#limits" in html


def test_a_part_that_is_not_served_is_not_there(chosen: Settings) -> None:
    with given.running(replace(chosen, serve="public"), channels=[]) as app:
        browser = Browser(app)
        assert browser.get("/").status_code == 200
        for path in ("/desk/", "/field/", "/staff/", "/rewards/"):
            assert browser.get(path).status_code == 404
        assert browser.open("/hooks/telegram", method="POST").status_code == 404


@pytest.mark.parametrize("served", ["desk,field,staff,rewards", "hooks", "public,hooks"])
def test_an_error_page_stands_alone_whatever_is_served(chosen: Settings, served: str) -> None:
    with given.running(replace(chosen, serve=served), channels=[]) as app:
        response = Browser(app).get("/nowhere")
    assert response.status_code == 404
    assert "没有找到这个页面" in browsing.read(response).text


@pytest.fixture
def demo(chosen: Settings) -> Iterator[Flask]:
    """The application as it runs in the demo, with its simulator."""
    settings = complete(replace(chosen, demo="1"))
    with given.running(settings, channels=channels_for(settings)) as app:
        yield app


def test_there_is_no_simulator_outside_the_demo(app: Flask) -> None:
    assert Browser(app).get("/simulator/").status_code == 404


@pytest.mark.parametrize(
    ("path", "channel"), [("/simulator/sms", "sms"), ("/simulator/chat", "telegram")]
)
def test_a_simulated_message_goes_through_the_real_hook_and_becomes_a_tip(
    demo: Flask, path: str, channel: str
) -> None:
    Browser(demo).post(path, {"text": "桥头有人拔牙"})
    assert [message.channel for message in given.every(Inbound)] == [channel]
    assert "桥头有人拔牙" in Browser(demo).read("/simulator/").text


@pytest.mark.parametrize("token", ["wrong", "1:wrong", "%00"])
def test_the_simulated_provider_refuses_strangers(demo: Flask, token: str) -> None:
    browser = Browser(demo)
    chat = browser.open(f"/simulator/telegram/bot{token}/sendMessage", method="POST")
    sms = browser.open("/simulator/twilio/2010-04-01/Accounts/ACx/Messages.json", method="POST")
    assert (chat.status_code, sms.status_code) == (401, 401)


def test_what_the_simulator_sent_is_understood_like_any_message(demo: Flask) -> None:
    Browser(demo).post("/simulator/sms", {"text": "桥头有人拔牙"})
    (inbound,) = given.every(Inbound)
    inbox.understand(inbound.id, now=inbound.received_at)
    assert [(tip.channel, tip.status) for tip in given.every(Tip)] == [("sms", "received")]


def test_a_button_of_the_simulated_chat_answers_the_open_question(demo: Flask) -> None:
    browser = Browser(demo)
    browser.post("/simulator/chat", {"text": "桥头有人拔牙"})
    for value in ("category=dental_treatment", "wants_reply=no"):
        browser.post("/simulator/press", {"pressed": value})
    for inbound in given.every(Inbound):
        inbox.understand(inbound.id, now=inbound.received_at)
    [tip] = given.every(Tip)
    assert (tip.category, tip.wants_reply) == ("dental_treatment", False)
