"""The report: eight questions, a page to check, a receipt; nothing typed is ever lost."""

from datetime import timedelta

import browsing
import given
import pytest
from browsing import USUAL, Browser, Page, checked, press, reported
from flask import Flask
from sqlalchemy import func, select

from tipline import clock
from tipline.db import db
from tipline.domain import receipts
from tipline.models import Contact, Message, Tip
from tipline.policy import load
from tipline.runtime import runtime
from tipline.services import staff
from tipline.vault import sealing, words
from tipline.web.public import draft
from tipline.web.public.draft import Draft

QUESTIONS = [page.id for page in load().questionnaire.pages]


@pytest.fixture(autouse=True)
def bureau(app: Flask) -> None:
    """A city's bureau, whose districts the form offers first."""
    staff.rename_office(given.ROOT_OFFICE, name="市局", division="4409", by="test", now=given.NOW)


def the_tip() -> Tip:
    db.session.rollback()
    return db.session.scalars(select(Tip)).one()


def the_words(tip: Tip) -> dict[str, str]:
    opened: dict[str, str] = words.read(
        runtime().desk_words.tip_key(tip.key_for_desk), tip.words_sealed
    )
    return opened


def question(browser: Browser, page_id: str) -> Page:
    """One question, reached from the page on which everything is checked."""
    return press(browser, checked(browser), f"change:{page_id}")


def test_a_report_is_kept_as_it_was_typed(app: Flask) -> None:
    reported(Browser(app))
    tip = the_tip()
    assert {name: getattr(tip, name) for name in ("category", "division", "address", "floor")} == {
        name: USUAL[name] for name in ("category", "division", "address", "floor")
    }
    assert the_words(tip) == {name: USUAL[name] for name in ("landmark", "facts", "when", "who")}
    assert (tip.channel, tip.locale, tip.wants_reply, tip.wants_reward) == (
        "web",
        "zh",
        True,
        False,
    )


def test_the_receipt_shows_number_and_code_and_what_was_promised(app: Flask) -> None:
    page = reported(Browser(app))
    code = page.marks["data-receipt-code"]
    assert receipts.is_valid(code)
    assert receipts.grouped(code) in page.text
    assert page.marks["data-tip-number"] == the_tip().number
    assert "最晚" in page.text


def test_only_the_place_and_one_fact_are_required(app: Flask) -> None:
    blank = dict.fromkeys(USUAL, "") | {"address": "桥头", "facts": "拔牙"}
    reported(Browser(app), **blank)
    assert (the_tip().category, the_tip().division, the_tip().floor) == ("unknown", "", "")
    assert the_words(the_tip()) == {"facts": "拔牙"}


@pytest.mark.parametrize("field", ["address", "facts"])
@pytest.mark.parametrize("typed", ["", "  ", "\u3000"])
def test_a_required_answer_is_asked_for_again_when_it_is_blank(
    app: Flask, field: str, typed: str
) -> None:
    browser = Browser(app)
    asked_on = {"address": "place", "facts": "facts"}[field]
    page = press(browser, question(browser, asked_on), "next", **{field: typed})
    assert page.fields["page"] == asked_on
    assert "还差一点" in page.text


def test_the_other_answers_of_a_page_are_kept_when_one_is_missing(app: Flask) -> None:
    browser = Browser(app)
    page = press(browser, question(browser, "place"), "next", address="", landmark="桥", floor="3")
    assert (page.fields["landmark"], page.fields["floor"]) == ("桥", "3")


@pytest.mark.parametrize(
    "number", ["", "123", "abc", "1380013800", "１２３", "138001380001234567890"]
)
def test_a_number_that_is_none_is_asked_for_again_and_kept(app: Flask, number: str) -> None:
    browser = Browser(app)
    page = question(browser, "contact")
    page = press(browser, page, "next", contact_channel="sms", contact_address=number)
    assert (page.fields["page"], page.fields["contact_address"]) == ("contact", number)
    assert page.fields["contact_channel"] == "sms"
    assert "手机号" in page.text


@pytest.mark.parametrize(
    "number",
    ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "１３８００１３８０００"],
)
def test_a_number_reaches_the_vault_in_one_form_however_it_was_written(
    app: Flask, number: str
) -> None:
    reported(Browser(app), contact_channel="sms", contact_address=number)
    contact = db.session.scalars(select(Contact)).one()
    tip = the_tip()
    assert runtime().contacts.address_for(tip.number, contact.sealed) == "+8613800138000"


def test_a_number_is_not_kept_when_nobody_is_to_be_told(app: Flask) -> None:
    reported(Browser(app), contact_channel="none", contact_address="13800138000")
    assert db.session.scalar(select(func.count(Contact.id))) == 0


@pytest.mark.parametrize("page_id", QUESTIONS)
def test_the_language_changes_and_what_was_typed_stays(app: Flask, page_id: str) -> None:
    browser = Browser(app)
    page = question(browser, page_id)
    typed = {name: USUAL[name] for name in page.names & set(USUAL)}
    english = press(browser, page, "lang-en", **typed)
    assert '<html lang="en">' in english.html
    assert {name: english.fields[name] for name in typed} == typed
    assert '<html lang="zh-CN">' in press(browser, english, "lang-zh").html


def test_the_language_changes_on_the_page_to_check(app: Flask) -> None:
    browser = Browser(app)
    english = press(browser, checked(browser), "lang-en")
    assert USUAL["facts"] in english.text
    press(browser, english, "send")
    assert the_tip().locale == "en"


def test_going_back_keeps_what_was_typed_on_both_pages(app: Flask) -> None:
    browser = Browser(app)
    page = press(browser, browser.read("/report"), "next", category="blood")
    page = press(browser, page, "back", division="440902")
    assert page.fields["category"] == "blood"
    assert press(browser, page, "next").fields["division"] == "440902"


def test_skipping_a_question_forgets_its_answer(app: Flask) -> None:
    browser = Browser(app)
    page = press(browser, browser.read("/report"), "skip", category="blood")
    assert press(browser, page, "back").fields.get("category", "") == ""


@pytest.mark.parametrize("page_id", QUESTIONS)
def test_every_answer_can_be_changed_from_the_page_to_check_which_then_returns(
    app: Flask, page_id: str
) -> None:
    browser = Browser(app)
    page = question(browser, page_id)
    assert page.fields["page"] == page_id
    typed = {name: USUAL[name] for name in page.names & set(USUAL)}
    assert {name: page.fields[name] for name in typed} == typed
    assert press(browser, page, "next").fields["page"] == "check"


def test_a_changed_answer_is_the_one_that_is_sent(app: Flask) -> None:
    browser = Browser(app)
    page = press(browser, question(browser, "facts"), "next", facts="其实是拔牙")
    press(browser, page, "send")
    assert the_words(the_tip())["facts"] == "其实是拔牙"


def test_the_same_receipt_is_shown_again_when_the_form_is_sent_again(app: Flask) -> None:
    browser = Browser(app)
    page = checked(browser)
    first, again = press(browser, page, "send"), press(browser, page, "send")
    assert again.marks == first.marks
    assert "没有重复登记" in again.text
    assert db.session.scalar(select(func.count(Tip.id))) == 1


def test_words_changed_after_sending_are_kept_as_an_addition(app: Flask) -> None:
    browser = Browser(app)
    page = checked(browser)
    first = press(browser, page, "send")
    changed = press(browser, press(browser, page, "change:facts"), "next", facts="还有孩子")
    again = press(browser, changed, "send")
    assert again.marks == first.marks
    message = db.session.scalars(select(Message)).one()
    key = runtime().desk_words.tip_key(the_tip().key_for_desk)
    assert "还有孩子" in words.read(key, message.sealed)


def old_draft(answers: dict[str, str], *, hours: float) -> str:
    made_at = clock.now() - timedelta(hours=hours)
    return draft.write(Draft(answers, sealing.mint_code()), now=made_at)


def test_an_old_page_asks_to_look_again_before_anything_is_sent(app: Flask) -> None:
    browser = Browser(app)
    fields = checked(browser).fields
    late = (
        Page("")
        if not fields
        else browsing.read(
            browser.post("/report", fields | {"draft": old_draft(USUAL, hours=2.1), "go": "send"})
        )
    )
    assert db.session.scalar(select(func.count(Tip.id))) == 0
    assert "两个多小时" in late.text
    assert USUAL["facts"] in late.text
    assert "data-receipt-code" in press(browser, late, "send").marks


def test_an_old_question_keeps_what_was_just_typed(app: Flask) -> None:
    browser = Browser(app)
    form = {"draft": old_draft(USUAL, hours=5), "page": "facts", "facts": "刚写的", "go": "next"}
    late = browsing.read(browser.post("/report", form))
    assert late.fields["page"] == "check"
    assert "刚写的" in late.text


def test_a_page_of_an_hour_and_a_half_is_sent_at_once(app: Flask) -> None:
    form = {"draft": old_draft(USUAL, hours=1.5), "page": "check", "go": "send"}
    assert "data-receipt-code" in browsing.read(Browser(app).post("/report", form)).marks


@pytest.mark.parametrize("broken", ["", "x", "gAAAA", "\x00", "é", "A" * 10_000])
def test_a_broken_draft_begins_anew_and_keeps_what_was_just_typed(app: Flask, broken: str) -> None:
    form = {"draft": broken, "page": "facts", "facts": "刚写的", "go": "lang-zh"}
    assert browsing.read(Browser(app).post("/report", form)).fields["facts"] == "刚写的"


def test_a_form_without_a_code_is_checked_before_it_is_sent(app: Flask) -> None:
    locked = draft.write(Draft(USUAL, ""), now=clock.now())
    page = browsing.read(
        Browser(app).post("/report", {"draft": locked, "page": "check", "go": "send"})
    )
    assert db.session.scalar(select(func.count(Tip.id))) == 0
    assert page.fields["page"] == "check"


def test_a_draft_is_read_by_nobody_else(app: Flask) -> None:
    fields = question(Browser(app), "facts").fields
    assert draft.unlock(fields["draft"], "draft", now=clock.now()) is not None
    assert draft.unlock(fields["draft"], "opened", now=clock.now()) is None
    assert USUAL["who"] not in fields["draft"]


def test_the_cookie_holds_the_language_and_a_token_and_nothing_of_the_report(app: Flask) -> None:
    browser = Browser(app)
    page = press(browser, checked(browser), "lang-en")
    press(browser, page, "send")
    with browser.client.session_transaction() as session:
        assert session.pop("csrf_token")
        assert dict(session) == {"lang": "en", "_fresh": False}
    assert [cookie.key for cookie in browser.client._cookies.values()] == ["session"]


def test_no_address_ever_holds_the_code_or_an_answer(app: Flask) -> None:
    browser = Browser(app)
    page = reported(browser)
    code = page.marks["data-receipt-code"]
    addresses = [part.split('"')[0] for part in page.html.split('href="')[1:]]
    assert not [address for address in addresses if code in address or "%" in address]


def test_the_receipt_is_shown_only_after_the_tip_is_kept(app: Flask) -> None:
    """A code on a page always opens a tip."""
    browser = Browser(app)
    code = reported(browser).marks["data-receipt-code"]
    opened = browsing.read(browser.post("/status", {"receipt_code": code}))
    assert the_tip().number in opened.text


def test_a_report_can_be_made_in_english_when_the_browser_knows_no_chinese(app: Flask) -> None:
    page = Browser(app).read("/report", headers={"Accept-Language": "en-GB,en;q=0.8"})
    assert "What is it about?" in page.text
    assert "您遇到的是" in Browser(app).read("/report").text
    both = {"Accept-Language": "en-GB,zh-CN;q=0.5"}
    assert "您遇到的是" in Browser(app).read("/report", headers=both).text


def test_a_tip_outside_every_office_lands_at_the_root(app: Flask) -> None:
    given.office("440902")
    reported(Browser(app), division="110105")
    assert the_tip().case.office_id == given.ROOT_OFFICE
