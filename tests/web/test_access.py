"""Who may open which page: the matrix of every route and every role, derived from the rules."""

from datetime import timedelta

import browsing
import given
import pytest
from browsing import Browser
from flask import Flask
from werkzeug.routing import Rule

from tipline.policy import load
from tipline.policy.vocabulary import PERMISSIONS
from tipline.services import staff
from tipline.web.access import NOBODY, PUBLIC, SIGNED_IN, rule_of

ROLES = load().roles
STRANGER = "stranger"
HOOKS = {
    "hooks.sms",
    "hooks.sms_status",
    "hooks.telegram",
    "hooks.gateway_message",
    "hooks.gateway_status",
}  # check their caller themselves
UNASKED = {"HEAD", "OPTIONS"}
MAOMING, ZHANJIANG = "440902", "440802"


def routes(app: Flask) -> list[tuple[Rule, str, str]]:
    """Every route, method by method, with an address that leads there."""
    found = []
    for rule in app.url_map.iter_rules():
        texts = ("token", "filename", "step")
        values = {name: "x" if name in texts else 1 for name in rule.arguments}
        built = rule.build(values, append_unknown=False)
        assert built is not None, rule
        found += [(rule, method, built[1]) for method in sorted((rule.methods or set()) - UNASKED)]
    return found


def expected(app: Flask, rule: Rule, method: str, role: str) -> str:
    """What the table of rules and the policy's roles say of this route for this role."""
    needed = rule_of(app, rule.endpoint)
    if rule.endpoint in HOOKS or needed in (None, NOBODY):
        return "refused"
    if needed == PUBLIC:
        return "open"
    if role == STRANGER:
        return "log in" if method == "GET" else "refused"
    return "open" if needed == SIGNED_IN or needed in ROLES[role].permissions else "refused"


def outcome(browser: Browser, method: str, path: str, token: str) -> str:
    """What really happens."""
    response = browser.open(path, method=method, data={"csrf_token": token})
    if response.status_code in (401, 403):
        return "refused"
    if response.status_code >= 500:
        return f"broken: {response.status_code}"
    return "log in" if "/login?next=" in response.headers.get("Location", "") else "open"


@pytest.mark.parametrize("role", [STRANGER, *ROLES])
def test_every_route_opens_for_those_whom_its_rule_names_and_for_nobody_else(
    app: Flask, role: str
) -> None:
    given.staff("operator", username="colleague")  # number 1, whom the addresses speak of
    given.tip()
    browser = Browser(app) if role == STRANGER else browsing.signed_in(app, role)
    token, cookie = browser.token(), browser.client.get_cookie("session")
    assert cookie is not None
    wrong = {}
    for rule, method, path in routes(app):
        browser.client.set_cookie("session", cookie.value)
        should, does = expected(app, rule, method, role), outcome(browser, method, path, token)
        if should != does:
            wrong[f"{method} {path}"] = f"should be {should}, is {does}"
    assert wrong == {}


def test_every_route_names_a_rule_that_there_is(app: Flask) -> None:
    known = {PUBLIC, SIGNED_IN, NOBODY, *PERMISSIONS}
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {name for name in endpoints if rule_of(app, name) not in known} == set()


def test_a_view_without_a_rule_opens_for_nobody_when_somebody_forgets_one(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for browser in (Browser(app), browsing.signed_in(app, *ROLES)):
        assert browser.get("/forgotten").status_code == 403


@pytest.mark.parametrize("path", ["/desk/tips/{tip}", "/field/cases/{case}", "/clinics/{case}"])
def test_a_record_of_another_district_is_answered_like_one_that_does_not_exist(
    app: Flask, path: str
) -> None:
    given.office(MAOMING)
    elsewhere = given.office(ZHANJIANG)
    tip = given.tip(division=MAOMING)
    browser = browsing.signed_in(app, "triage_officer", "inspector", office_id=elsewhere)
    foreign = browser.get(path.format(tip=tip.id, case=tip.case_id))
    missing = browser.get(path.format(tip=999, case=999))
    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert foreign.headers.get("Content-Length") == missing.headers.get("Content-Length")


ACTS = {
    "/desk/tips/{tip}/words": {},
    "/desk/tips/{tip}/accept": {"brief": "摘要", "division": MAOMING, "address": "某处"},
    "/desk/tips/{tip}/decline": {"reason": "too_old"},
    "/desk/tips/{tip}/refer": {"department": "police"},
    "/desk/tips/{tip}/join": {"case_id": "{case}"},
    "/desk/tips/{tip}/ask": {"body": "几楼？"},
    "/desk/tips/{tip}/answer": {"answer": "已查实。"},
    "/clinics/{case}": {"address": "某处"},
    "/clinics/{case}/habits": {"from_hour": "9", "until_hour": "12"},
    "/clinics/{case}/parties": {"name": "某人", "role": "practitioner"},
    "/clinics/{case}/cases/{case}/take-back": {},
    "/desk/supervision/{case}/assign": {"to": "1"},
    "/desk/supervision/{case}/take-over": {"reason": "保护主义"},
    "/desk/supervision/{case}/list": {
        "level": "city",
        "reason": "反映强烈",
        "due_on": "2099-01-01",
    },
    "/field/cases/{case}/claim": {},
    "/field/cases/{case}/hand-back": {"reason": "wrong_district"},
    "/field/cases/{case}/plan": {"kind": "open", "planned_at": "2099-01-01T05:00"},
    "/field/cases/{case}/not-file": {"reason": "x"},
    "/field/cases/{case}/hold": {"kind": "seizure", "document": "1", "goods": "x"},
    "/field/cases/{case}/decide": {"document": "1", "kind": "ban"},
    "/field/cases/{case}/decisions/1": {"go": "serve"},
    "/field/cases/{case}/transfer": {"kind": "crime"},
    "/field/cases/{case}/transfers/1": {"go": "papers"},
    "/field/cases/{case}/ticks": {},
    "/field/revisits/{case}/reinspect_30": {"back": "yes"},
    "/field/cases/{case}/visit": {"kind": "open"},
    "/field/cases/{case}/measure": {"kind": "ban"},
    "/field/cases/{case}/finding": {"finding": "licensed"},
    "/field/cases/{case}/file": {},
    "/field/cases/{case}/conclude": {},
}


@pytest.mark.parametrize("path", ACTS)
def test_nothing_can_be_done_to_a_record_of_another_district(app: Flask, path: str) -> None:
    given.office(MAOMING)
    elsewhere = given.office(ZHANJIANG)
    tip = given.tip(division=MAOMING)
    browser = browsing.signed_in(
        app, "triage_officer", "inspector", "supervisor", office_id=elsewhere
    )
    before = given.everything()
    form = {name: value.format(case=tip.case_id) for name, value in ACTS[path].items()}
    foreign = browser.post(path.format(tip=tip.id, case=tip.case_id), form)
    missing = browser.post(path.format(tip=999, case=999), form)
    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert given.everything() == before


def test_a_superior_office_sees_what_lies_below_it(app: Flask) -> None:
    city = given.office("4409")
    given.office(MAOMING, parent_id=city)
    tip = given.tip(division=MAOMING)
    browser = browsing.signed_in(app, "triage_officer", office_id=city)
    assert browser.get(f"/desk/tips/{tip.id}").status_code == 200


def test_a_session_ends_at_once_when_the_account_is_disabled(app: Flask) -> None:
    person = given.staff("triage_officer")
    browser = Browser(app).sign_in(person.name)
    assert browser.get("/desk/").status_code == 200
    staff.set_active(person.id, False, by="test", now=given.NOW)
    assert "/login" in browser.get("/desk/").headers["Location"]
    staff.set_active(person.id, True, by="test", now=given.NOW + timedelta(hours=1))
    assert "/login" in browser.get("/desk/").headers["Location"]


def test_a_permission_ends_at_once_when_it_is_taken_away(app: Flask) -> None:
    person = given.staff("auditor")
    browser = Browser(app).sign_in(person.name)
    assert browser.get("/desk/journal").status_code == 200
    staff.revoke(person.id, 1, by="test", now=given.NOW)
    assert browser.get("/desk/journal").status_code == 403
