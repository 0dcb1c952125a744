"""Budgets of whole requests: page, hook and log-in included, however many rows there are."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import browsing
import given
import pytest
from browsing import Browser
from flask import Flask
from sqlalchemy import Connection, event, insert, select, text
from statements import recorded
from twilio.request_validator import RequestValidator

from tipline.db import db
from tipline.models import Case, Clinic, Clock, Tip
from tipline.settings import Settings
from wsgi import channels_for

FEW, MANY = 10, 1_500
# What the accounts library asks for on every page of somebody who is signed in.
SIGNING_IN = ("FROM staff WHERE staff.fs_uniquifier = ", "FROM staff_grant LEFT OUTER JOIN office")
TOKEN, ACCOUNT, HOOK = "auth-token-of-ours", "AC" + "1" * 32, "/hooks/twilio/sms"
Request = Callable[[], int]
Row = dict[str, Any]


@pytest.fixture
def app(chosen: Settings) -> Iterator[Flask]:
    """The application with an account at the provider of text messages."""
    account = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_from": "+86106"}
    connected = replace(chosen, **account)
    with given.running(connected, channels=channels_for(connected)) as app:
        yield app


# Requests: made ready first, so that only the one that counts is counted.


def intake(app: Flask) -> Iterator[Request]:
    """The last post of a report."""
    browser = Browser(app)
    while True:
        page = browsing.checked(browser, contact_channel="sms", contact_address="13800138000")
        form = page.fields | {"go": "send"}
        yield lambda form=form: browser.post("/report", form).status_code


def webhook(app: Flask) -> Iterator[Request]:
    """A text message that comes in."""
    browser, number = Browser(app), 0
    url = app.extensions["tipline"].settings.public_url + HOOK
    while True:
        number += 1
        form = {"MessageSid": f"SM{number}", "AccountSid": ACCOUNT, "From": "+8613800138000"}
        signed = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form)}
        yield (
            lambda form=form, signed=signed: (
                browser.open(HOOK, method="POST", data=form, headers=signed).status_code
            )
        )


def queue(app: Flask) -> Iterator[Request]:
    """The desk's list of tips that wait for triage."""
    browser = browsing.signed_in(app, "triage_officer")
    while True:
        yield lambda: browser.get("/desk/").status_code


def pool(app: Flask) -> Iterator[Request]:
    """The inspectors' list of cases to claim."""
    browser = browsing.signed_in(app, "inspector")
    while True:
        yield lambda: browser.get("/field/").status_code


def claim(app: Flask) -> Iterator[Request]:
    """An inspector takes a case."""
    office, browser = given.staff("triage_officer"), browsing.signed_in(app, "inspector")
    while True:
        path = f"/field/cases/{given.accepted(given.tip().id, by=office).id}/claim"
        form = {"csrf_token": browser.token()}
        yield lambda path=path, form=form: browser.post(path, form).status_code


def spent(request: Request, status: int) -> tuple[list[str], int]:
    """What each statement of a request does, beside those of signing in; and its commits."""
    with recorded(db.engine) as said:
        assert request() == status
    own = [each for each in said.statements if not any(part in each for part in SIGNING_IN)]
    return [each.partition("(")[0].partition(" SET ")[0] for each in own], said.commits


BUDGETS = [
    pytest.param(intake, 200, 12, 1, id="intake"),
    pytest.param(webhook, 200, 4, 1, id="webhook"),
    pytest.param(queue, 200, 3, 0, id="queue"),
    pytest.param(pool, 200, 3, 0, id="pool"),
    pytest.param(claim, 302, 4, 1, id="claim"),
]


@pytest.mark.parametrize(("requests", "status", "statements", "commits"), BUDGETS)
def test_a_request_keeps_to_its_budget_however_many_rows_there_are(
    app: Flask,
    requests: Callable[[Flask], Iterator[Request]],
    status: int,
    statements: int,
    commits: int,
) -> None:
    made = requests(app)
    fill(FEW)
    with_few = spent(next(made), status)
    fill(MANY)
    with_many = spent(next(made), status)
    assert with_few == with_many
    assert with_many[1] == commits
    assert len(with_many[0]) <= statements, with_many[0]


@pytest.mark.parametrize(
    ("role", "path", "index"),
    [("triage_officer", "/desk/", "ix_tip_triage"), ("inspector", "/field/", "ix_case_pool")],
)
def test_every_page_of_a_list_is_read_from_its_index_without_sorting(
    app: Flask, role: str, path: str, index: str
) -> None:
    browser = browsing.signed_in(app, role)
    fill(MANY)
    for _ in range(3):
        with asked() as questions:
            page = browser.get(path).get_data(as_text=True)
        plan = plan_of(*questions[0])
        assert index in plan
        assert not re.search("sort|temp b-tree", plan, re.IGNORECASE), plan
        path = path.partition("?")[0] + "?after=" + re.findall(r"after=([\d.]+)", page)[0]


# Rows: copies of tips that came by the use cases, since to make each would take minutes.


def fill(number: int) -> None:
    """So many more tips that wait for triage, and as many cases in the pool."""
    office = given.staff("triage_officer", username=f"filler{number}")
    waiting, pooled = given.tip().id, given.tip().id
    given.accepted(pooled, by=office)
    begin = number * 100_000
    with db.engine.connect().execution_options(writes=True) as connection:
        copy(connection, waiting, range(begin, begin + number))
        copy(connection, pooled, range(begin + number, begin + 2 * number))
        connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()


def copy(connection: Connection, tip_id: int, ids: range) -> None:
    """The tip with its clinic, case and clocks once more under each of these numbers."""
    tip = one(connection, Tip, tip_id)
    case = one(connection, Case, tip["case_id"])
    clinic = one(connection, Clinic, case["clinic_id"])
    of_tip = (Clock.about_kind == "tip") & (Clock.about_id == tip_id)
    clocks = list(connection.execute(select(Clock.__table__).where(of_tip)).mappings())
    copies: list[tuple[Any, list[Row]]] = [
        (Clinic, [clinic | {"id": n} for n in ids]),
        (Case, [case | own(n) | {"number": f"C{n}", "clinic_id": n} for n in ids]),
        (Tip, [tip | own(n) | {"number": f"T{n}", "case_id": n, **mark(n)} for n in ids]),
        (Clock, [without_id(clock) | {"about_id": n} for n in ids for clock in clocks]),
    ]
    for model, rows in copies:
        connection.execute(insert(model.__table__), rows)


def one(connection: Connection, model: Any, row_id: int) -> Row:
    found = connection.execute(select(model.__table__).where(model.id == row_id))
    return dict(found.mappings().one())


def own(number: int) -> Row:
    due_at = given.NOW + timedelta(minutes=number % 997)
    return {"id": number, "priority": number % 4 + 1, "due_at": due_at}


def mark(number: int) -> Row:
    return {"code_mark": f"mark {number}".encode(), "received_no": number}


def without_id(row: Any) -> Row:
    return {name: value for name, value in row.items() if name != "id"}


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """The statements that ask for rows by urgency, with their values."""
    found: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "priority, " in statement.partition("ORDER BY")[2]:
            found.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", listen)
    yield found
    event.remove(db.engine, "before_cursor_execute", listen)


def plan_of(statement: str, values: Any) -> str:
    """How the database would answer."""
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{explain} {statement}", values)
        return "\n".join(str(row[-1]) for row in rows)
