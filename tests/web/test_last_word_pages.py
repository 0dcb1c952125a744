"""The last word on the status page, alarms at the superior's desk, and the reveal desk."""

import browsing
import given
import pytest
from browsing import Browser, Page, read
from flask import Flask

from tipline.models import Rating
from tipline.vault import sealing

PHONE = "+8613800138000"


@pytest.fixture
def code(app: Flask) -> str:
    """The code of a tip that was answered."""
    code = sealing.mint_code()
    tip = given.tip(code=code, contact=("sms", PHONE))
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    given.answered(tip.id, office=office, inspector=inspector)
    return code


def send(app: Flask, code: str, **form: str) -> Page:
    browser = Browser(app)
    page = read(browser.post("/status", {"receipt_code": code}))
    return read(browser.post("/status", page.fields | form))


def test_the_reporter_rates_the_answer_on_the_same_page(app: Flask, code: str) -> None:
    assert "请选一项" in send(app, code, go="rate").text
    assert "谢谢您" in send(app, code, go="rate", verdict="content").text
    assert [(each.answered, each.content) for each in given.every(Rating)] == [(True, True)]


def test_an_alarm_goes_to_the_superior_and_keeps_what_was_typed_when_empty(
    app: Flask, code: str
) -> None:
    empty = send(app, code, go="alarm", alarm_kind="leaked", alarm_words=" ")
    assert "一句话也行" in empty.text
    told = send(app, code, go="alarm", alarm_kind="threatened", alarm_words="他们找上门来了")
    assert "承办单位看不到" in told.text
    chief = browsing.signed_in(app, "supervisor")
    assert "找上门" not in chief.read("/desk/alarms").text
    assert "找上门" in read(chief.post("/desk/alarms/1/open")).text
    assert "请写下做了什么" in read(chief.post("/desk/alarms/1/handle", {"note": ""})).text
    chief.post("/desk/alarms/1/handle", {"note": "已派人联系"})
    assert "已派人联系" in chief.read("/desk/alarms").text


def test_the_rates_show_numerator_and_denominator_and_an_export_without_numbers(
    app: Flask, code: str
) -> None:
    send(app, code, go="rate", verdict="content")
    viewer = browsing.signed_in(app, "supervisor")
    number = given.reread(1).number
    page = viewer.read("/desk/rates?days=365")
    assert "1 ÷ 1" in page.text
    assert number in page.text
    exported = viewer.get("/desk/rates.csv?days=365").get_data(as_text=True)
    assert number not in exported
    assert "# supervisor" in exported


def test_an_identity_is_asked_for_consented_to_and_shown_once(app: Flask, code: str) -> None:
    chief = browsing.signed_in(app, "supervisor")
    assert "申请查看身份" in chief.read("/desk/tips/1").text
    assert "请写明理由" in read(chief.post("/reveal/tips/1", {"reason": ""})).text
    chief.post("/reveal/tips/1", {"reason": "有人身危险"})
    assert "还没有人同意" in read(chief.post("/reveal/1/show")).text
    same_unit = browsing.signed_in(app, "identity_keeper")
    assert "另一单位" in read(same_unit.post("/reveal/1/approve")).text
    assert PHONE not in chief.read("/reveal/").text
