"""The operator: the same questionnaire for a caller, and a code checked without seeing a word."""

from datetime import date, timedelta

import browsing
import given
import pytest
from browsing import Browser, Page, read
from flask import Flask

from tipline import clock
from tipline.domain import receipts
from tipline.domain.licences import Institution
from tipline.models import Entry, Message, Tip
from tipline.policy import load
from tipline.queries import status
from tipline.services import licences
from tipline.vault import sealing

SAID = {"address": "官山一路 11 号", "facts": "晚上有人给人打吊针，墙上没有执照。"}
WORDS = "卧室里挂着输液架"


@pytest.fixture
def operator(app: Flask) -> Browser:
    return browsing.signed_in(app, "operator")


def write_down(operator: Browser, **typed: str) -> Page:
    page = operator.read("/desk/take-in")
    return read(operator.post("/desk/take-in", page.fields | SAID | typed))


def told() -> list[Entry]:
    """The journal of all tips."""
    return [line for line in given.every(Entry) if line.about_kind == "tip"]


def test_a_call_is_written_down_and_the_code_read_out(operator: Browser) -> None:
    page = write_down(operator, division="440902", when="晚上", came_by="phone")
    [tip] = given.every(Tip)
    assert page.marks["data-tip-number"] == tip.number
    assert (tip.channel, tip.division, tip.source) == ("phone", "440902", "own_channel")
    opened = status.by_code(page.marks["data-receipt-code"])
    assert opened
    assert opened.tip.number == tip.number
    [line] = told()
    assert line.by.startswith("staff:")


def test_the_form_asks_everything_that_the_questionnaire_asks(operator: Browser) -> None:
    asked = operator.read("/desk/take-in").names
    fields = set(load().questionnaire.fields) - {"contact"}
    assert fields | {"contact_channel", "contact_address"} <= asked


def test_the_same_page_sent_twice_is_one_tip(operator: Browser) -> None:
    form = operator.read("/desk/take-in").fields | SAID
    first, again = (read(operator.post("/desk/take-in", form)) for _ in range(2))
    assert first.marks["data-receipt-code"] == again.marks["data-receipt-code"]
    assert len(given.every(Tip)) == 1


def test_what_was_passed_on_keeps_its_source_and_number(operator: Browser) -> None:
    write_down(operator, came_by="desk", source="hotline_12345", source_number="GD-1")
    [tip] = given.every(Tip)
    assert (tip.channel, tip.source, tip.source_number) == ("desk", "hotline_12345", "GD-1")


@pytest.mark.parametrize("missing", SAID)
def test_nothing_typed_is_lost_when_something_is_missing(operator: Browser, missing: str) -> None:
    page = write_down(operator, who="两个人", **{missing: " "})
    assert "请填写" in page.text
    assert page.fields["who"] == "两个人"
    kept = next(name for name in SAID if name != missing)
    assert page.fields[kept] == SAID[kept]
    assert given.every(Tip) == []


def enter(operator: Browser, code: str) -> Page:
    return read(operator.post("/desk/code", {"receipt_code": code}))


def test_a_code_is_checked_without_seeing_the_words(operator: Browser) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code, words={"facts": WORDS}, address="人民路 9 号")
    page = enter(operator, receipts.grouped(code))
    assert tip.number in page.text
    assert "已收到，正在了解" in page.text
    assert not any(secret in page.html for secret in (WORDS, "人民路", code))
    assert [line.event for line in told()] == ["tip.received", "tip.verified"]


def test_words_of_the_caller_are_added_with_the_code(operator: Browser) -> None:
    code = sealing.mint_code()
    given.tip(code=code)
    page = enter(operator, code)
    form = {"verified": page.fields["verified"], "go": "add", "body": "他们搬了"}
    added = read(operator.post("/desk/code", form))
    assert "已记下补充的话" in added.text
    given.fresh()
    opened = status.by_code(code)
    assert opened
    assert [message.body for message in opened.messages] == ["他们搬了"]
    assert "请先写下" in read(operator.post("/desk/code", form | {"body": " "})).text
    assert len(given.every(Message)) == 1


def test_a_caller_can_press_for_an_overdue_answer_once_a_day(operator: Browser) -> None:
    code = sealing.mint_code()
    given.tip(code=code, now=clock.now() - timedelta(days=60))
    page = enter(operator, code)
    assert "对方要催办" in page.text
    form = {"verified": page.fields["verified"], "go": "nudge"}
    assert "已经催办" in read(operator.post("/desk/code", form)).text
    again = read(operator.post("/desk/code", form)).text
    assert "今天已经催过了" in again
    assert "对方要催办" not in again


@pytest.mark.parametrize("code", ["", "1", "3632625241568338815014", "1" * 22])
def test_a_wrong_code_opens_nothing_and_stays_on_the_page(operator: Browser, code: str) -> None:
    given.tip()
    answer = operator.post("/desk/code", {"receipt_code": code})
    assert answer.status_code == 404
    assert read(answer).fields["receipt_code"] == code
    assert [line.event for line in told()] == ["tip.received"]


def test_the_operator_sees_who_is_licensed_at_the_place(operator: Browser) -> None:
    dentist = Institution("P1", "仁爱口腔", "440902", SAID["address"], "口腔科", date(2099, 1, 1))
    licences.replace_list([dentist], by="test", now=given.NOW)
    page = write_down(operator, division="440902", category="cosmetic_treatment")
    assert "有执照，但不含这一项" in page.text
    assert "这个地址没有登记的持证机构" in write_down(operator, division="440904").text
