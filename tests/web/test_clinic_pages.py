"""The page of a clinic: what is known of a place, for the office and for who holds a case there."""

import browsing
import given
import pytest
from browsing import Browser, read
from flask import Flask

from tipline.models import Clinic, Habit, Party, PartyRecord
from tipline.services import clinics

FILE = {
    "division": "440902",
    "address": "官山一路 11 号",
    "floor": "4 楼 401",
    "kind": "flat",
    "sign": "康民诊所",
    "phones": "0668-2223333",
    "coordinates": "21.66，110.92",
    "drugs_kept": "楼下冰柜",
}


@pytest.fixture
def officer(app: Flask) -> Browser:
    return browsing.signed_in(app, "triage_officer")


def page() -> str:
    return f"/clinics/{given.tip().case.clinic_id}"


def test_what_is_known_of_a_place_is_written_down_and_read(officer: Browser) -> None:
    path = page()
    officer.post(path, FILE)
    text = officer.read(path).text
    for shown in ("康民诊所", "06682223333", "楼下冰柜", "21.66000, 110.92000", "住宅、出租屋"):
        assert shown in text


@pytest.mark.parametrize("typed", ["21.66", "north, east", "99, 200", "1,2,3"])
def test_coordinates_that_cannot_be_read_are_asked_for_again_and_nothing_is_lost(
    officer: Browser, typed: str
) -> None:
    answer = read(officer.post(page(), FILE | {"coordinates": typed}))
    assert "请写成“纬度, 经度”" in answer.text
    assert answer.fields["sign"] == "康民诊所"
    assert given.every(Clinic)[0].names == []


def test_habits_are_noted_by_weekday_and_hour_and_taken_back(officer: Browser) -> None:
    path = page()
    officer.post(f"{path}/habits", {"weekday": ["0", "5"], "from_hour": "19", "until_hour": "23"})
    assert "周六 19:00–23:00" in officer.read(path).text
    first, second = given.every(Habit)
    officer.post(f"{path}/habits/{first.id}/remove")
    assert [habit.id for habit in given.every(Habit)] == [second.id]
    wrong = read(officer.post(f"{path}/habits", {"from_hour": "25", "until_hour": "3"}))
    assert "请写几点到几点" in wrong.text


def test_a_party_comes_with_its_record_and_leaves(officer: Browser) -> None:
    path = page()
    said = {"name": "李某", "role": "practitioner", "since": "2026-01-02", "identity": "4409"}
    officer.post(f"{path}/parties", said)
    link = given.every(Party)[0].clinics[0].id
    officer.post(f"{path}/parties/{link}/records", {"kind": "ban", "on": "2018-05-04"})
    [record] = given.every(PartyRecord)
    assert (record.kind, record.clinic_id) == ("ban", None)
    early = read(officer.post(f"{path}/parties/{link}/end", {"until": "2025-01-01"}))
    assert "不能早于开始的那天" in early.text
    officer.post(f"{path}/parties/{link}/end", {"until": "2026-02-01"})
    text = officer.read(path).text
    assert "取缔 2018年5月4日（周五）" in text
    assert "到 2026年2月1日（周日） 为止" in text
    assert "4409" not in text.replace("440902", "")


@pytest.mark.parametrize(
    ("path", "form", "word"),
    [
        ("parties", {"name": " ", "role": "tout"}, "请填写姓名或者名称"),
        ("parties", {"name": "某人", "role": "king"}, "请选择是什么人"),
        ("parties", {"name": "某人", "role": "tout", "since": "2999-01-01"}, "不能晚于今天"),
    ],
)
def test_what_is_missing_of_a_party_is_asked_for(
    officer: Browser, path: str, form: dict[str, str], word: str
) -> None:
    assert word in read(officer.post(f"{page()}/{path}", form)).text
    assert given.every(Party) == []


def test_an_inspector_sees_the_place_but_no_tip_of_it(app: Flask, officer: Browser) -> None:
    office, inspector = given.staff("triage_officer", username="desk"), given.staff("inspector")
    tip = given.tip()
    case = given.claimed(tip.id, office=office, inspector=inspector)
    html = Browser(app).sign_in(inspector.name).read(f"/clinics/{case.clinic_id}").html
    assert case.number in html
    assert tip.number not in html
    assert "/desk/" not in html
    assert tip.number in officer.read(f"/clinics/{case.clinic_id}").html


def test_a_case_goes_back_to_its_own_file_at_one_click(officer: Browser) -> None:
    office = given.staff("triage_officer", username="desk")
    first, second = given.tip(), given.tip(address="别处 3 号")
    own = second.case.clinic_id
    clinics.place(second.case_id, first.case.clinic_id, by=office, now=given.NOW)
    path = f"/clinics/{first.case.clinic_id}"
    assert "放回原来的档案" in officer.read(path).text
    officer.post(f"{path}/cases/{second.case_id}/take-back")
    assert given.case_of(second.id).clinic_id == own
