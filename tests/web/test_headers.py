"""Headers: every answer carries them, errors included, and cookies insist on TLS where it is."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import browsing
import given
import pytest
from browsing import Browser
from flask import Flask
from werkzeug.test import TestResponse

from tipline.settings import Settings
from tipline.web.access import PUBLIC, needs
from tipline.web.headers import HEADERS
from tipline.web.uploads import LARGEST_REQUEST

TOO_LARGE = {"method": "POST", "data": b"x" * (LARGEST_REQUEST + 1)}
ASKED: dict[str, tuple[str, dict[str, object], int]] = {
    "page": ("/", {}, 200),
    "form": ("/report", {}, 200),
    "static file": ("/static/tipline.css", {}, 200),
    "machine's question": ("/livez", {}, 200),
    "way out": ("/leave", {}, 302),
    "log-in needed": ("/desk/", {}, 302),
    "bad request": ("/report", {"method": "POST"}, 400),
    "foreign webhook": ("/hooks/telegram", {"method": "POST"}, 403),
    "no such page": ("/nowhere", {}, 404),
    "no such file": ("/static/nowhere.css", {}, 404),
    "wrong method": ("/status", {"method": "DELETE"}, 405),
    "too large": ("/report", TOO_LARGE, 413),
    "failure": ("/failing", {}, 500),
}


@needs(PUBLIC)
def failing() -> str:
    raise RuntimeError("13800138000 said something")


@pytest.fixture
def ask(app: Flask) -> Callable[..., TestResponse]:
    app.add_url_rule("/failing", view_func=failing)
    return Browser(app).get


@pytest.mark.parametrize("what", ASKED)
def test_every_answer_has_the_security_headers(ask: Callable[..., TestResponse], what: str) -> None:
    path, sent, status = ASKED[what]
    response = ask(path, **sent)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    kept = response.headers["Cache-Control"]
    assert kept.startswith("public") if what == "static file" else kept == "no-store"


def test_a_file_that_changes_gets_another_address(app: Flask) -> None:
    addresses = re.findall(r'/static/[^"]+', Browser(app).read("/").html)
    assert addresses
    assert all(re.search(r"\?v=[0-9a-f]{8}$", address) for address in addresses)


def test_the_policy_for_contents_allows_no_inline_script_and_no_other_host() -> None:
    allowed = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in allowed
    assert "http" not in allowed
    assert "*" not in allowed


def test_no_page_holds_an_inline_script_or_style_or_a_foreign_address(app: Flask) -> None:
    tip = given.tip()
    browser = browsing.signed_in(app, "triage_officer", "inspector", "administrator", "auditor")
    paths = ["/", "/report", "/status", "/login", "/desk/", f"/desk/tips/{tip.id}", "/field/"]
    for path in [*paths, "/staff/", "/staff/1", "/staff/offices", "/desk/journal", "/nowhere"]:
        html = browser.get(path).get_data(as_text=True)
        assert "<script>" not in html
        assert " style=" not in html
        assert " onclick=" not in html
        assert "http://" not in html.replace("http://www.w3.org", "")
        assert "https://" not in html


@pytest.mark.parametrize("path", ["/nowhere", "/failing", "/status"])
def test_an_error_page_names_no_cause_no_version_and_no_person(
    ask: Callable[..., TestResponse], path: str
) -> None:
    method = "DELETE" if path == "/status" else "GET"
    response = ask(path, method=method)
    shown = response.get_data(as_text=True) + str(response.headers)
    for telling in ("Traceback", "RuntimeError", "13800138000", "Werkzeug", "Python", "Flask"):
        assert telling not in shown


def test_cookies_insist_on_tls_when_pages_are_served_over_it(chosen: Settings) -> None:
    with given.running(replace(chosen, public_url="https://tipline.test"), channels=[]) as app:
        response = Browser(app).get("/status", base_url="https://tipline.test")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_the_way_out_forgets_the_visit_and_leads_to_an_everyday_page(app: Flask) -> None:
    browser = Browser(app)
    browser.get("/status")
    response = browser.get("/leave")
    assert response.headers["Location"].startswith("https://")
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert browser.client.get_cookie("session") is None


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test/",
        "//evil.test/",
        "\\\\evil.test",
        "/\\evil.test",
        "http:evil.test",
        "%2F%2Fevil.test",
        "https:evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
    ],
)
def test_log_in_never_leads_to_another_site(app: Flask, address: str) -> None:
    given.staff("auditor")
    form = {"username": "auditor", "password": given.PASSWORD, "next": address}
    response = Browser(app).post("/login", form, query_string={"next": address})
    # Browsers read a backslash as a slash, and skip tabs.
    location = response.headers.get("Location", "").replace("\\", "/").replace("\t", "")
    assert urlsplit(urljoin("http://localhost/login", location))[:2] == ("http", "localhost")
