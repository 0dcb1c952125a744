"""The status page: the code opens everything its reporter may see, and nothing else opens it."""

from datetime import timedelta

import browsing
import given
import pytest
from browsing import Browser, Page, read
from flask import Flask

from tipline import clock
from tipline.domain import receipts
from tipline.models import Message, Tip
from tipline.policy import load
from tipline.services import triage
from tipline.web.public import draft

CODE = receipts.with_check_digits("40639605422025308014")
OTHER = receipts.with_check_digits("73647858024125125176")
FULL_WIDTH = str.maketrans("0123456789 ", "０１２３４５６７８９　")
WRITTEN = {
    "plain": CODE,
    "groups": receipts.grouped(CODE),
    "full width": receipts.grouped(CODE).translate(FULL_WIDTH),
    "dashes": receipts.grouped(CODE).replace(" ", "-"),
    "blanks around": f"  {CODE}\r\n",
    "with a word": f"查询码：{CODE}。",
}


def enter(browser: Browser, code: str = CODE) -> Page:
    """Type the code."""
    return read(browser.post("/status", {"receipt_code": code, "go": "look"}))


def press(browser: Browser, page: Page, go: str, **typed: str) -> Page:
    """Press a button of the opened page."""
    return read(browser.post("/status", {"opened": page.fields["opened"], "go": go} | typed))


@pytest.mark.parametrize("way", WRITTEN)
def test_a_code_opens_its_tip_however_it_is_written(app: Flask, way: str) -> None:
    tip = given.tip(code=CODE)
    page = enter(Browser(app), WRITTEN[way])
    assert tip.number in page.text
    assert "已收到" in page.text


def slip(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


@pytest.mark.parametrize("code", ["", "1", slip(CODE), CODE[:-1], CODE + "0", OTHER])
def test_a_wrong_code_opens_nothing_and_stays_on_the_page(app: Flask, code: str) -> None:
    given.tip(code=CODE)
    response = Browser(app).post("/status", {"receipt_code": code})
    assert response.status_code == 404
    assert read(response).fields["receipt_code"] == code
    assert "没有找到" in read(response).text


def test_a_code_of_nobody_is_answered_like_one_that_was_mistyped(app: Flask) -> None:
    given.tip(code=CODE)
    browser = Browser(app)
    unknown, mistyped = (
        browser.post("/status", {"receipt_code": code}).get_data(as_text=True).replace(code, "")
        for code in (OTHER, slip(CODE))
    )
    assert unknown.split("csrf_token")[1][100:] == mistyped.split("csrf_token")[1][100:]


def test_the_tip_number_opens_nothing(app: Flask) -> None:
    tip = given.tip(code=CODE)
    for typed in (tip.number, tip.number.removeprefix("T"), tip.number + CODE[:10]):
        assert Browser(app).post("/status", {"receipt_code": typed}).status_code == 404


def test_the_code_is_never_on_the_page_nor_in_an_address(app: Flask) -> None:
    given.tip(code=CODE)
    page = enter(Browser(app))
    assert CODE not in page.html
    assert receipts.grouped(CODE) not in page.html


def test_a_code_in_the_address_opens_nothing(app: Flask) -> None:
    tip = given.tip(code=CODE)
    page = Browser(app).read(f"/status?receipt_code={CODE}&go=look")
    assert tip.number not in page.text


def test_the_page_shows_where_the_tip_stands_and_what_was_promised(app: Flask) -> None:
    tip = given.tip(code=CODE)
    given.accepted(tip.id, by=given.staff("triage_officer"))
    page = enter(Browser(app))
    for shown in ("已受理", "我们决定受理", "2026年7月10日", "官山一路 11 号 401", "茂南区"):
        assert shown in page.text


def test_the_page_shows_nothing_of_the_work_that_could_warn_a_clinic(app: Flask) -> None:
    officer, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip = given.tip(code=CODE)
    case = given.claimed(tip.id, office=officer, inspector=inspector)
    page = enter(Browser(app))
    for hidden in (inspector.name, officer.name, "出租屋内夜间输液", case.number, "领"):
        assert hidden not in page.text


def test_words_are_added_and_shown(app: Flask) -> None:
    given.tip(code=CODE)
    browser = Browser(app)
    page = press(browser, enter(browser), "add", body="搬到隔壁去了")
    assert "已收到您的补充" in page.text
    assert "搬到隔壁去了" in page.text
    assert [message.kind for message in given.every(Message)] == ["addition"]


@pytest.mark.parametrize("body", ["", "  ", "\u3000"])
def test_nothing_is_added_when_nothing_was_written(app: Flask, body: str) -> None:
    given.tip(code=CODE)
    browser = Browser(app)
    page = press(browser, enter(browser), "add", body=body)
    assert "请先写下要补充的内容" in page.text
    assert given.every(Message) == []


def test_a_question_is_shown_and_can_be_answered(app: Flask) -> None:
    tip = given.tip(code=CODE)
    triage.ask(tip.id, by=given.staff("triage_officer"), body="是几楼？", now=given.NOW)
    browser = Browser(app)
    assert "是几楼？" in press(browser, enter(browser), "add", body="三楼").text


def test_a_tip_is_withdrawn_only_when_the_reporter_is_sure(app: Flask) -> None:
    given.tip(code=CODE)
    browser = Browser(app)
    assert "请勾选确认" in press(browser, enter(browser), "withdraw").text
    assert "已撤回" in press(browser, enter(browser), "withdraw", sure="yes").text
    assert [tip.status for tip in given.every(Tip)] == ["withdrawn"]


def test_a_tip_that_is_done_is_not_withdrawn_any_more(app: Flask) -> None:
    tip = given.tip(code=CODE)
    given.answered(tip.id, office=given.staff("triage_officer"), inspector=given.staff("inspector"))
    browser = Browser(app)
    page = enter(browser)
    assert "已查实。" in page.text
    press(browser, page, "withdraw", sure="yes")
    assert [tip.status for tip in given.every(Tip)] == ["answered"]


@pytest.mark.parametrize("reason", load().decline_reasons)
def test_a_declined_tip_says_why_and_what_else_can_be_done(app: Flask, reason: str) -> None:
    tip = given.tip(code=CODE)
    triage.decline(
        tip.id, by=given.staff("triage_officer"), reason=reason, note="请找街道", now=given.NOW
    )
    why = load().decline_reasons[reason]
    page = enter(Browser(app))
    assert why.label.zh in page.text
    assert why.remedy.zh in page.text


def test_what_the_office_wrote_to_a_declined_reporter_is_shown(app: Flask) -> None:
    """The form says that the reporter reads it with the code."""
    tip = given.tip(code=CODE)
    triage.decline(
        tip.id, by=given.staff("triage_officer"), reason="too_old", note="请找街道办", now=given.NOW
    )
    assert "请找街道办" in enter(Browser(app)).text


def test_a_referred_tip_names_the_other_department(app: Flask) -> None:
    tip = given.tip(code=CODE)
    triage.refer(
        tip.id, by=given.staff("triage_officer"), department="police", note="", now=given.NOW
    )
    assert load().departments["police"].name.zh in enter(Browser(app)).text


def test_the_language_changes_while_the_tip_stays_open(app: Flask) -> None:
    tip = given.tip(code=CODE)
    browser = Browser(app)
    form = {"opened": enter(browser).fields["opened"]}
    page = read(browser.post("/status?lang=en", form))
    assert '<html lang="en">' in page.html
    assert tip.number in page.text


def test_an_opened_page_closes_after_two_hours_and_keeps_what_was_written(app: Flask) -> None:
    given.tip(code=CODE)
    opened = draft.lock(CODE, "opened", now=clock.now() - timedelta(hours=2, minutes=1))
    page = read(Browser(app).post("/status", {"opened": opened, "go": "add", "body": "写了很久"}))
    assert "写了很久" in page.html
    assert given.every(Message) == []


def test_an_opened_page_opens_nothing_when_it_was_made_for_another_purpose(app: Flask) -> None:
    given.tip(code=CODE)
    locked = draft.lock(CODE, "draft", now=clock.now())
    assert Browser(app).post("/status", {"opened": locked}).status_code == 404


def test_two_tips_open_with_their_own_codes_only(app: Flask) -> None:
    first, second = given.tip(code=CODE), given.tip(code=OTHER)
    assert second.number not in enter(Browser(app)).text
    assert first.number not in enter(Browser(app), OTHER).text


def test_the_cookie_holds_no_code(app: Flask) -> None:
    given.tip(code=CODE)
    browser = Browser(app)
    enter(browser)
    with browser.client.session_transaction() as session:
        assert set(session) == {"csrf_token", "_fresh"}
    assert browsing.Browser(app).get("/status").status_code == 200
