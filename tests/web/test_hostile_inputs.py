"""Hostile inputs: kept exactly or answered in clear words with the text kept, and never a crash."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import browsing
import given
import pytest
from browsing import USUAL, Browser, checked, press, reported
from flask import Flask
from test_access import routes

from tipline import clock
from tipline.domain.words import as_stored
from tipline.models import Case, Message, Tip, Visit
from tipline.policy import load
from tipline.runtime import runtime
from tipline.vault import sealing, words
from tipline.web.public import draft
from tipline.web.public.draft import Draft

TEXTS = {
    "nothing": "",
    "blanks": " \t\u3000\xa0 ",
    "NUL": "a\x00b",
    "binary": "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f",
    "right to left": "\u202egnp.exe\u202c \u200f\u061c",
    "emoji": "👨‍👩‍👧‍👦😀🇨🇳" * 20,
    "SQL": "'; DROP TABLE tip; -- \" OR 1=1 /*",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)></textarea>&amp;",
    "template": "{{ 7*7 }}{% raw %}${x}%(a)s %s {number}{0}",
    "lines": "a\r\nb\nc\rd\u2028e\u0085f",
    "noncharacters": "\ufffe\uffff\ufeff\U0010ffff",
    "formula": "=1+1\t@SUM(A1)",
    "many": "长" * 20_000,
}
STRANGE = [name for name in TEXTS if name not in ("nothing", "blanks")]
WORST = ["nothing", "NUL", "binary", "HTML", "noncharacters", "many"]
WRITTEN = ("address", "landmark", "floor", "facts", "when", "who")
MEGABYTE = "字" * (1_000_000 // 3)
HALF_A_SIGN = b"a\xed\xa0\x80b\xff"


def the_tip() -> Tip:
    (tip,) = given.every(Tip)
    return tip


def the_words(tip: Tip) -> Any:
    return words.read(runtime().desk_words.tip_key(tip.key_for_desk), tip.words_sealed)


def the_messages() -> list[str]:
    key = runtime().desk_words.tip_key(the_tip().key_for_desk)
    return [words.read(key, message.sealed) for message in given.every(Message)]


@pytest.mark.parametrize("name", STRANGE)
def test_every_written_answer_of_the_report_is_shown_and_kept_exactly(
    app: Flask, name: str
) -> None:
    browser, text = Browser(app), TEXTS[name]
    page = checked(browser, **dict.fromkeys(WRITTEN, text))
    assert page.text.count(text) == len(WRITTEN)
    assert "<script>" not in page.html
    press(browser, page, "send")
    tip, said = the_tip(), the_words(the_tip())
    kept = {each: said.get(each, getattr(tip, each, "")) for each in WRITTEN}
    assert kept == dict.fromkeys(WRITTEN, text)
    assert (tip.address, tip.floor) == (as_stored(text), as_stored(text))


@pytest.mark.parametrize("name", WORST)
def test_every_choice_of_the_report_takes_what_is_not_among_its_options(
    app: Flask, name: str
) -> None:
    asked = ("category", "division", "wants_reply", "wants_reward", "contact_channel")
    page = reported(Browser(app), **dict.fromkeys(asked, TEXTS[name]))
    assert "data-receipt-code" in page.marks
    assert (the_tip().category, the_tip().division) == ("unknown", "")


@pytest.mark.parametrize("field", ["draft", "page", "go", "changing"])
def test_the_form_of_the_report_bears_any_inner_field(app: Flask, field: str) -> None:
    browser = Browser(app)
    for text in TEXTS.values():
        form = {"page": "facts", "facts": "打针", "go": "next", "draft": locked()} | {field: text}
        assert browser.post("/report", form).status_code == 200


def test_a_number_that_is_none_is_kept_on_the_page(app: Flask) -> None:
    browser = Browser(app)
    form = {"page": "contact", "contact_channel": "sms", "draft": locked(), "go": "next"}
    for text in TEXTS.values():
        page = browsing.read(browser.post("/report", form | {"contact_address": text}))
        assert page.fields["contact_address"] == text


def test_a_megabyte_of_facts_is_kept_exactly(app: Flask) -> None:
    browser = Browser(app)
    form = {"page": "facts", "facts": MEGABYTE, "go": "next", "draft": locked()}
    page = press(browser, browsing.read(browser.post("/report", form)), "send")
    assert "data-receipt-code" in page.marks
    assert the_words(the_tip())["facts"] == MEGABYTE


def test_half_a_sign_is_kept_as_its_bytes_are_written(app: Flask) -> None:
    browser = Browser(app)
    form = {"page": "facts", "facts": HALF_A_SIGN, "go": "next", "draft": locked()}
    press(browser, browsing.read(browser.post("/report", form)), "send")
    assert the_words(the_tip())["facts"] == "a%ED%A0%80b%FF"


def test_a_wrong_code_is_kept_on_the_page_whatever_it_is(app: Flask) -> None:
    browser = Browser(app)
    for text in TEXTS.values():
        response = browser.post("/status", {"receipt_code": text})
        assert response.status_code == 404
        assert browsing.read(response).fields["receipt_code"] == text


def test_words_added_with_the_code_are_kept_and_shown_exactly(app: Flask) -> None:
    code = sealing.mint_code()
    given.tip(code=code)
    browser, added = Browser(app), [TEXTS[name] for name in STRANGE]
    for text in added:
        form = {"receipt_code": code, "go": "add", "body": text}
        assert text in browsing.read(browser.post("/status", form)).text
    assert the_messages() == added


def test_a_megabyte_added_with_the_code_is_kept_exactly(app: Flask) -> None:
    code = sealing.mint_code()
    given.tip(code=code)
    Browser(app).post("/status", {"receipt_code": code, "go": "add", "body": MEGABYTE})
    assert the_messages() == [MEGABYTE]


@pytest.mark.parametrize("field", ["opened", "go", "sure", "receipt_code"])
def test_the_status_page_bears_any_inner_field(app: Flask, field: str) -> None:
    code = sealing.mint_code()
    given.tip(code=code)
    browser = Browser(app)
    for text in TEXTS.values():
        form = {"receipt_code": code, "go": "withdraw"} | {field: text}
        assert browser.post("/status", form).status_code in (200, 404)


DESK_FORMS = {
    "accept": {
        "brief": "摘要",
        "priority": "1",
        "why": "急",
        "category": "blood",
        "division": "440902",
    }
    | {"address": "某处", "floor": "3"},
    "decline": {"reason": "too_old", "note": "x"},
    "refer": {"department": "police", "note": "x"},
    "join": {"case_id": "1"},
    "ask": {"body": "几楼？"},
    "answer": {"answer": "已查实。", "sure": "yes"},
}
FIELD_FORMS = {
    "visit": {"kind": "open", "at": "", "other": "1", "people": "2", "note": "x"},
    "measure": {"kind": "fine", "amount_yuan": "100", "note": "x"},
    "finding": {"finding": "licensed", "note": "x"},
    "hand-back": {"reason": "wrong_district"},
    "conclude": {},
}
STAFF_FORMS = {
    "/staff/": {"username": "zhangsan", "name": "张三", "password": given.PASSWORD}
    | {"role": "auditor", "office_id": "1"},
    "/staff/1/grants": {"role": "auditor", "office_id": "1"},
    "/staff/1/totp": {"required": "yes"},
    "/staff/offices": {"name": "局", "parent_id": "1", "department": "health"}
    | {"division": "4409", "divisions": "一科"},
    "/staff/offices/1": {"name": "局", "division": "4409"},
}


def worst() -> dict[str, str | bytes]:
    return {name: TEXTS[name] for name in WORST} | {"half a sign": HALF_A_SIGN}


def one_field_each(forms: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    return [(form, field) for form, fields in forms.items() for field in fields]


@pytest.mark.parametrize(("act", "field"), one_field_each(DESK_FORMS))
def test_every_field_of_the_desk_bears_any_text(app: Flask, act: str, field: str) -> None:
    browser = browsing.signed_in(app, "triage_officer", "supervisor")
    officer, inspector = given.staff("triage_officer"), given.staff("inspector")
    broken = {}
    for name, text in worst().items():
        tip_id = given.tip().id
        if act == "answer":
            given.concluded(tip_id, office=officer, inspector=inspector)
        response = browser.post(f"/desk/tips/{tip_id}/{act}", DESK_FORMS[act] | {field: text})
        if response.status_code >= 500:
            broken[name] = response.status_code
    assert broken == {}


@pytest.mark.parametrize(("act", "field"), one_field_each(FIELD_FORMS))
def test_every_field_of_the_inspector_bears_any_text(app: Flask, act: str, field: str) -> None:
    officer, inspector = given.staff("triage_officer"), given.staff("inspector")
    browser = Browser(app).sign_in(inspector.name)
    case = given.claimed(given.tip().id, office=officer, inspector=inspector)
    broken = {}
    for name, text in worst().items():
        form = FIELD_FORMS[act] | {field: text}
        response = browser.post(f"/field/cases/{case.id}/{act}", form)
        if response.status_code >= 500:
            broken[name] = response.status_code
    assert broken == {}


@pytest.mark.parametrize(("path", "field"), one_field_each(STAFF_FORMS))
def test_every_field_of_the_administration_bears_any_text(
    app: Flask, path: str, field: str
) -> None:
    given.staff("auditor", username="number1")
    browser = browsing.signed_in(app, "administrator")
    broken = {}
    for name, text in worst().items():
        response = browser.post(path, STAFF_FORMS[path] | {field: text})
        if response.status_code >= 500:
            broken[name] = response.status_code
    assert broken == {}


@pytest.mark.parametrize("field", ["username", "password", "next", "remember"])
def test_the_log_in_bears_any_text(app: Flask, field: str) -> None:
    browser = Browser(app)
    for text in [*TEXTS.values(), HALF_A_SIGN]:
        form = {"username": "somebody", "password": given.PASSWORD} | {field: text}
        assert browser.post("/login", form).status_code in (200, 400)


@pytest.mark.parametrize("name", WORST[1:])
def test_a_brief_is_shown_to_the_inspector_as_it_was_written(app: Flask, name: str) -> None:
    inspector = given.staff("inspector")
    tip = given.tip()
    browser = browsing.signed_in(app, "triage_officer")
    brief = f"从{TEXTS[name]}到"
    browser.post(f"/desk/tips/{tip.id}/accept", DESK_FORMS["accept"] | {"brief": brief})
    field = Browser(app).sign_in(inspector.name)
    field.post(f"/field/cases/{tip.case_id}/claim")
    assert as_stored(brief) in field.read(f"/field/cases/{tip.case_id}").text
    assert [case.brief for case in given.every(Case)] == [as_stored(brief)]


@pytest.mark.parametrize("name", WORST[1:])
def test_a_note_of_a_visit_is_kept_as_it_was_written(app: Flask, name: str) -> None:
    officer, inspector = given.staff("triage_officer"), given.staff("inspector")
    case = given.claimed(given.tip().id, office=officer, inspector=inspector)
    form = {"kind": "open", "note": TEXTS[name], "other": given.partner()}
    Browser(app).sign_in(inspector.name).post(f"/field/cases/{case.id}/visit", form)
    assert [visit.note for visit in given.every(Visit)] == [as_stored(TEXTS[name])]


ADDRESSES = [
    "/?lang={}",
    "/desk/?district={}",
    "/desk/?category={}",
    "/desk/?channel={}",
    "/desk/?overdue={}",
    "/desk/?after={}",
    "/desk/answers?after={}",
    "/desk/journal?before={}",
    "/field/?after={}",
    "/rewards/?before={}",
    "/login?next={}",
]
NUMBERS = ["-1", "0", str(2**31), str(2**63), str(10**30), "9" * 5000, "१२३", "1e9", "²", "0x1"]
CURSORS = [
    "1.2.3.4",
    "1.2",
    "..",
    f"1.1.{2**70}",
    f"{2**40}.1.1",
    f"1.{2**62}.1",
    "1.-1.-1",
    "-9.0.0",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_bears_any_text_behind_the_question_mark(app: Flask, address: str) -> None:
    given.tip()
    browser = browsing.signed_in(app, *load().roles)
    texts = [text for name, text in TEXTS.items() if name != "many"]
    typed = [*(quote(text) for text in [*texts, *NUMBERS, *CURSORS]), "%ff%fe", "%ed%a0%80"]
    asked = {text: browser.get(address.format(text)).status_code for text in typed}
    assert {text[:40]: status for text, status in asked.items() if status >= 500} == {}


NO_RECORDS = {"filename", "token", "provider"}  # arguments that are no record's number


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_too_large_for_any_record_is_answered_like_one_that_does_not_exist(
    app: Flask, number: int
) -> None:
    browser = browsing.signed_in(app, *load().roles)
    wrong = {}
    for rule, method, _ in routes(app):
        if rule.arguments and not rule.arguments & NO_RECORDS:
            built = rule.build(dict.fromkeys(rule.arguments, number), append_unknown=False)
            form = {"brief": "x", "reason": "too_old", "department": "police", "case_id": number}
            form |= {"body": "x", "answer": "x", "kind": "ban", "finding": "licensed", "name": "x"}
            assert built is not None
            send = browser.get if method == "GET" else browser.post
            status = send(built[1], **({} if method == "GET" else {"form": form})).status_code
            if status != 404:
                wrong[f"{method} {rule.rule}"] = status
    assert wrong == {}


def test_a_form_of_ten_thousand_fields_is_refused_in_words(app: Flask) -> None:
    part = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n"
    body = (part * 10_000 + "--x--").encode()
    kind = "multipart/form-data; boundary=x"
    response = Browser(app).open("/report", method="POST", data=body, content_type=kind)
    assert response.status_code == 413
    assert "内容太大" in browsing.read(response).text


def test_a_text_beyond_every_limit_is_answered_with_what_to_do(app: Flask) -> None:
    form = {"page": "facts", "facts": "x" * 6_100_000, "go": "next"}
    response = Browser(app).open("/report", method="POST", data=form)
    assert response.status_code == 413
    assert "您写的内容还在上一页" in browsing.read(response).text


def locked() -> str:
    """A draft in which all questions were answered a minute ago."""
    made_at = clock.now() - timedelta(minutes=1)
    return draft.write(Draft(USUAL, sealing.mint_code()), now=made_at)
