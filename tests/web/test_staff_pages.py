"""Administration: accounts, grants and offices, each only as far as the administrator reaches."""

import browsing
import given
import pytest
from browsing import Browser, read
from flask import Flask

from tipline.models import Grant, Office, Staff

NEW = {"username": "zhangsan", "name": "张三", "password": given.PASSWORD, "role": "auditor"}


@pytest.fixture
def admin(app: Flask) -> Browser:
    return browsing.signed_in(app, "administrator")


def names() -> list[str]:
    return [person.username for person in given.every(Staff)]


def test_an_account_is_added_and_can_log_in(app: Flask, admin: Browser) -> None:
    response = admin.post("/staff/", NEW | {"office_id": "1"})
    assert response.status_code == 302
    assert admin.get(response.headers["Location"]).status_code == 200
    assert Browser(app).sign_in("zhangsan").get("/desk/journal").status_code == 200


@pytest.mark.parametrize("name", ["li", "zhang-san", "wang.wu", "王五", "a b", "x" * 33, "Zhang3"])
def test_a_name_that_is_taken_on_can_log_in_and_any_other_is_refused_in_words(
    app: Flask, admin: Browser, name: str
) -> None:
    response = admin.post("/staff/", NEW | {"office_id": "1", "username": name})
    if response.status_code == 302:
        assert Browser(app).sign_in(name).get("/desk/journal").status_code == 200
    else:
        assert "还差一点" in read(response).text
        assert name in read(response).fields.values()


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        ("username", ""),
        ("username", "administrator"),
        ("password", "short"),
        ("role", "king"),
        ("office_id", "999"),
        ("office_id", "x"),
    ],
)
def test_an_account_is_refused_in_words_and_what_was_typed_stays(
    admin: Browser, wrong: str, value: str
) -> None:
    page = read(admin.post("/staff/", NEW | {"office_id": "1"} | {wrong: value}))
    assert "还差一点" in page.text
    assert "张三" in page.fields.values()
    assert names() == ["administrator"]


def test_a_password_is_never_on_a_page_again(admin: Browser) -> None:
    page = read(admin.post("/staff/", NEW | {"office_id": "1", "role": "king"}))
    assert given.PASSWORD not in page.html


def test_a_grant_is_given_once_and_taken_away(app: Flask, admin: Browser) -> None:
    person = given.staff("auditor")
    for _ in range(2):
        admin.post(f"/staff/{person.id}/grants", {"role": "inspector", "office_id": "1"})
    held = [grant for grant in given.every(Grant) if grant.staff_id == person.id]
    assert [grant.role for grant in held] == ["auditor", "inspector"]
    admin.post(f"/staff/{person.id}/grants/{held[0].id}/revoke")
    assert [g.role for g in given.every(Grant) if g.staff_id == person.id] == ["inspector"]


def test_a_grant_is_not_taken_from_somebody_else_by_its_number(admin: Browser) -> None:
    one, other = given.staff("auditor"), given.staff("inspector")
    (grant,) = [each for each in given.every(Grant) if each.staff_id == one.id]
    admin.post(f"/staff/{other.id}/grants/{grant.id}/revoke")
    assert grant.id in [each.id for each in given.every(Grant)]


@pytest.mark.parametrize(
    ("role", "office"), [("king", "1"), ("", "1"), ("auditor", "999"), ("auditor", "")]
)
def test_a_grant_of_what_there_is_not_is_refused_in_words(
    admin: Browser, role: str, office: str
) -> None:
    person = given.staff("inspector")
    response = admin.post(f"/staff/{person.id}/grants", {"role": role, "office_id": office})
    assert "还差一点" in read(response).text


@pytest.mark.parametrize("act", ["disable", "enable", "totp", "grants", "grants/1/revoke"])
def test_nobody_is_changed_who_is_not_there(admin: Browser, act: str) -> None:
    before = given.everything()
    form = {"role": "auditor", "office_id": "1"}
    assert admin.post(f"/staff/999/{act}", form).status_code == 404
    assert given.everything() == before


def test_an_office_is_added_with_its_divisions(admin: Browser) -> None:
    form = {"name": "茂南区局", "parent_id": "1", "department": "health", "division": "440902"}
    admin.post("/staff/offices", form | {"divisions": "一科\r\n\r\n 二科 "})
    office = given.every(Office)[-1]
    assert (office.name, office.path) == ("茂南区局", f"/1/{office.id}/")
    assert [division.name for division in office.divisions] == ["一科", "二科"]
    assert "茂南区局" in admin.read("/staff/offices").text


@pytest.mark.parametrize(("field", "value"), [("name", " "), ("department", "magic")])
def test_an_office_is_refused_in_words_and_what_was_typed_stays(
    admin: Browser, field: str, value: str
) -> None:
    form = {"name": "某局", "parent_id": "1", "department": "health", "division": "440902"}
    page = read(admin.post("/staff/offices", form | {field: value}))
    assert "还差一点" in page.text
    assert page.fields["division"] == "440902"
    assert len(given.every(Office)) == 1


def test_the_last_administrator_is_not_disabled(app: Flask, admin: Browser) -> None:
    admin.post("/staff/1/disable")
    assert Browser(app).sign_in("administrator").get("/staff/").status_code == 200


@pytest.fixture
def districts(app: Flask) -> tuple[int, int]:
    return given.office("440902"), given.office("440904")


def test_an_administrator_of_one_district_gives_nothing_away_elsewhere(
    app: Flask, districts: tuple[int, int]
) -> None:
    here, elsewhere = districts
    browser = browsing.signed_in(app, "administrator", office_id=here)
    person = given.staff("inspector", office_id=here)
    for office_id in (elsewhere, given.ROOT_OFFICE):
        form = {"role": "triage_officer", "office_id": str(office_id)}
        browser.post(f"/staff/{person.id}/grants", form)
        browser.post("/staff/", NEW | {"username": f"new{office_id}", "office_id": str(office_id)})
    assert {grant.office_id for grant in given.every(Grant)} == {here}


@pytest.mark.parametrize("act", ["disable", "totp", "grants/1/revoke"])
def test_an_administrator_of_one_district_changes_nobody_elsewhere(
    app: Flask, districts: tuple[int, int], act: str
) -> None:
    here, elsewhere = districts
    person = given.staff("inspector", office_id=elsewhere)
    browser = browsing.signed_in(app, "administrator", office_id=here)
    before = given.everything()
    browser.post(f"/staff/{person.id}/{act}", {"required": "yes"})
    assert given.everything() == before


def test_an_administrator_of_one_district_changes_no_office_elsewhere(
    app: Flask, districts: tuple[int, int]
) -> None:
    here, elsewhere = districts
    browser = browsing.signed_in(app, "administrator", office_id=here)
    before = given.everything()
    browser.post(f"/staff/offices/{elsewhere}", {"name": "我的", "division": ""})
    form = {"name": "新局", "parent_id": str(elsewhere), "department": "health"}
    browser.post("/staff/offices", form)
    assert given.everything() == before
