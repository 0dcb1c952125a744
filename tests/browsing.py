"""A reader of our pages: keeps cookies and tokens, and each request has a context of its own."""

from contextvars import Context
from html.parser import HTMLParser
from typing import Any

import given
from flask import Flask
from werkzeug.test import TestResponse

FIELDS = ("input", "select", "textarea")
UNSENT = ("submit", "button", "checkbox", "radio")


class Page(HTMLParser):
    """What a page shows: its text, and the fields of all its forms with what stands in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.text, self.fields = html, "", dict[str, str]()
        self.marks, self.names = dict[str, str](), set[str]()
        self._area, self._select, self._quiet = "", "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.marks |= {name: value for name, value in given.items() if name.startswith("data-")}
        self._quiet = tag in ("script", "style")
        name = given.get("name", "")
        self.names |= {name} if tag in FIELDS else set()
        if tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "select":
            self._select = name
            self.fields.setdefault(name, "")
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = given.get("value", "")
        elif tag == "input" and ("checked" in given or given.get("type") not in UNSENT):
            self.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data
        elif not self._quiet:
            self.text += data


class Browser:
    """Somebody at a screen."""

    def __init__(self, app: Flask) -> None:
        self.app, self.client = app, app.test_client()

    def open(self, path: str, **sent: Any) -> TestResponse:
        """One request, as from outside: nothing of the test's own context is seen by it."""
        response: TestResponse = Context().run(self.client.open, path, buffered=True, **sent)
        return response

    def get(self, path: str, **sent: Any) -> TestResponse:
        """Look at a page."""
        return self.open(path, **sent)

    def post(self, path: str, form: dict[str, Any] | None = None, **sent: Any) -> TestResponse:
        """Send a form with the token that belongs to it."""
        form = form or {}
        form = form if "csrf_token" in form else form | {"csrf_token": self.token()}
        return self.open(path, method="POST", data=form, **sent)

    def read(self, path: str, **sent: Any) -> Page:
        """Look at a page and read it."""
        return read(self.get(path, **sent))

    def token(self) -> str:
        """The token of this visit, as the public pages carry it."""
        return self.read("/status").fields["csrf_token"]

    def sign_in(self, username: str, password: str = given.PASSWORD) -> "Browser":
        """Log in on the page for staff."""
        self.post("/login", {"username": username, "password": password})
        return self


def read(response: TestResponse) -> Page:
    """The page in an answer."""
    return Page(response.get_data(as_text=True))


def signed_in(app: Flask, *roles: str, username: str = "", office_id: int = 1) -> Browser:
    """A new member of staff with these roles, at the screen and logged in."""
    actor = given.staff(*roles, username=username, office_id=office_id)
    return Browser(app).sign_in(actor.name)


USUAL = {
    "category": "unlicensed_clinic",
    "division": "440902",
    "address": "官山一路 11 号",
    "landmark": "菜市场后门",
    "floor": "4 楼 401",
    "facts": "晚上有人给人打吊针，墙上没有执照。",
    "when": "每天七点以后",
    "who": "一个五十岁左右的男人",
    "contact_channel": "none",
    "contact_address": "",
    "wants_reply": "yes",
    "wants_reward": "no",
}


def press(browser: Browser, page: Page, go: str, **typed: str) -> Page:
    """Fill in what is typed on a page of the report and press one of its buttons."""
    asked = {name: text for name, text in typed.items() if name in page.names}
    return read(browser.post("/report", page.fields | asked | {"go": go}))


def checked(browser: Browser, **typed: str) -> Page:
    """The page on which everything is checked, after all questions were answered."""
    page = browser.read("/report")
    while page.fields["page"] != "check":
        before = page.fields["page"]
        page = press(browser, page, "next", **(USUAL | typed))
        assert page.fields["page"] != before, page.text
    return page


def reported(browser: Browser, **typed: str) -> Page:
    """The receipt of a report that was sent."""
    return press(browser, checked(browser, **typed), "send")
