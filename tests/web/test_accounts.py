"""Log-in: a name, a password, and a one-time code where it is required."""

import hmac
import re
import time
from base64 import b32decode

import browsing
import given
import pytest
from browsing import Browser, read
from flask import Flask

from bots import dialogue
from tipline.domain.actors import Actor
from tipline.services import staff
from tipline.settings import Settings
from tipline.web import create_app


@pytest.fixture
def officer(app: Flask) -> Actor:
    return given.staff("triage_officer")


def totp(key: str, *, steps: int = 0) -> str:
    """The six digits that an authenticator shows (RFC 6238)."""
    letters = re.sub(r"[\s-]", "", key).upper()
    secret = b32decode(letters + "=" * (-len(letters) % 8))
    moment = (int(time.time()) // 30 + steps).to_bytes(8, "big")
    digest = hmac.digest(secret, moment, "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def set_up(browser: Browser) -> str:
    """Set the one-time code up on the page; the key that the authenticator keeps."""
    page = read(browser.post("/tf-setup", {"setup": "authenticator"}))
    found = re.search(r"<code>([^<]+)</code>", page.html)
    assert found is not None, page.text
    action = re.search(r'action="(/tf-[^"]+)"[^>]*two_factor_verify_code_form', page.html)
    assert action is not None
    browser.post(action[1], {"code": totp(found[1])})
    return found[1]


@pytest.mark.parametrize("typed", ["triageofficer", "TriageOfficer", " triageofficer "])
def test_a_name_is_known_however_it_is_written(app: Flask, officer: Actor, typed: str) -> None:
    assert Browser(app).sign_in(typed).get("/desk/").status_code == 200


@pytest.mark.parametrize("password", ["", "wrong", given.PASSWORD + " x", given.PASSWORD.upper()])
def test_a_wrong_password_opens_nothing(app: Flask, officer: Actor, password: str) -> None:
    browser = Browser(app).sign_in(officer.name, password)
    assert "/login" in browser.get("/desk/").headers["Location"]


def test_an_unknown_name_is_answered_like_a_wrong_password(app: Flask, officer: Actor) -> None:
    def answer(name: str) -> str:
        form = {"username": name, "password": "wrong password"}
        html = Browser(app).post("/login", form).get_data(as_text=True)
        return re.sub(r'value="[^"]*"', "", html)

    assert answer(officer.name) == answer("nobodyatall")


def test_a_disabled_account_is_answered_like_an_unknown_one(app: Flask, officer: Actor) -> None:
    staff.set_active(officer.id, False, by="test", now=given.NOW)
    form = {"username": officer.name, "password": given.PASSWORD}
    response = Browser(app).post("/login", form)
    assert response.status_code == 200
    assert "账号或密码不对" in read(response).text


def test_log_in_leads_to_the_page_that_was_asked_for(app: Flask, officer: Actor) -> None:
    browser = Browser(app)
    asked = browser.get("/desk/answers").headers["Location"]
    form = {"username": officer.name, "password": given.PASSWORD}
    assert browser.post(asked, form).headers["Location"].endswith("/desk/answers")


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("triage_officer", "/desk/"),
        ("inspector", "/field/"),
        ("supervisor", "/desk/"),
        ("reward_officer", "/rewards/"),
        ("administrator", "/staff/"),
        ("auditor", "/desk/journal"),
    ],
)
def test_everybody_starts_where_their_work_is(app: Flask, role: str, place: str) -> None:
    browser = browsing.signed_in(app, role)
    assert browser.get("/staff/start").headers["Location"] == place


def test_who_may_do_nothing_is_told_so(app: Flask) -> None:
    assert (
        "还没有任何权限" in browsing.signed_in(app, username="newcomer").read("/staff/start").text
    )


def test_logging_out_ends_the_session_and_needs_a_form(app: Flask, officer: Actor) -> None:
    browser = Browser(app).sign_in(officer.name)
    assert browser.get("/logout").status_code == 405
    assert browser.get("/desk/").status_code == 200
    browser.post("/logout")
    assert "/login" in browser.get("/desk/").headers["Location"]


def test_the_session_is_a_new_one_after_log_in(app: Flask, officer: Actor) -> None:
    browser = Browser(app)
    browser.get("/status")
    before = browser.client.get_cookie("session")
    browser.sign_in(officer.name)
    after = browser.client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_changing_the_password_ends_every_other_session(app: Flask, officer: Actor) -> None:
    here, elsewhere = Browser(app).sign_in(officer.name), Browser(app).sign_in(officer.name)
    new = "another horse battery"
    form = {"password": given.PASSWORD, "new_password": new, "new_password_confirm": new}
    assert here.post("/change", form).status_code == 302
    assert here.get("/desk/").status_code == 200
    assert "/login" in elsewhere.get("/desk/").headers["Location"]
    assert Browser(app).sign_in(officer.name, new).get("/desk/").status_code == 200


def test_a_password_that_is_too_short_is_refused(app: Flask, officer: Actor) -> None:
    browser = Browser(app).sign_in(officer.name)
    form = {"password": given.PASSWORD, "new_password": "123456789"}
    assert browser.post("/change", form | {"new_password_confirm": "123456789"}).status_code == 200
    assert Browser(app).sign_in(officer.name).get("/desk/").status_code == 200


def test_who_owes_a_one_time_code_is_led_to_set_it_up_first(app: Flask, officer: Actor) -> None:
    browser = Browser(app).sign_in(officer.name)
    staff.require_totp(officer.id, True, by="test", now=given.NOW)
    for path in ("/desk/", "/desk/answers", "/staff/start"):
        assert browser.get(path).headers["Location"] == "/tf-setup"
    set_up(browser)
    assert browser.get("/desk/").status_code == 200


def test_a_one_time_code_is_asked_for_once_it_is_set_up(app: Flask, officer: Actor) -> None:
    key = set_up(Browser(app).sign_in(officer.name))
    browser = Browser(app).sign_in(officer.name)
    assert "/login" in browser.get("/desk/").headers["Location"]
    browser.post("/tf-validate", {"code": "000000"})
    assert "/login" in browser.get("/desk/").headers["Location"]
    browser.post("/tf-validate", {"code": totp(key, steps=1)})
    assert browser.get("/desk/").status_code == 200


def test_a_one_time_code_works_once(app: Flask, officer: Actor) -> None:
    key = set_up(Browser(app).sign_in(officer.name))
    code = totp(key, steps=1)
    first, second = Browser(app).sign_in(officer.name), Browser(app).sign_in(officer.name)
    first.post("/tf-validate", {"code": code})
    second.post("/tf-validate", {"code": code})
    assert first.get("/desk/").status_code == 200
    assert "/login" in second.get("/desk/").headers["Location"]


def test_a_reset_takes_password_and_one_time_code_away(app: Flask, officer: Actor) -> None:
    browser = Browser(app).sign_in(officer.name)
    set_up(browser)
    staff.reset(officer.name, password="another horse battery", by="test", now=given.NOW)
    assert "/login" in browser.get("/desk/").headers["Location"]
    assert "/login" in Browser(app).sign_in(officer.name).get("/desk/").headers["Location"]
    fresh = Browser(app).sign_in(officer.name, "another horse battery")
    assert fresh.get("/desk/").status_code == 200


def test_passwords_are_kept_by_argon2id_at_full_strength(chosen: Settings) -> None:
    app = create_app(chosen, channels=[], dialogue=dialogue.converse)
    hashed = app.extensions["security"].pwd_context.hash("x")
    assert re.match(r"\$argon2id\$v=19\$m=(65536|\d{6,}),t=[3-9]", hashed)
