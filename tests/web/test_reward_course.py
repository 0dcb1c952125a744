"""A reward from proposal to payment, through pages, by five different people; and the reporter."""

import browsing
import given
import pytest
from browsing import Browser, Page, read
from flask import Flask

from tipline.models import Reward
from tipline.vault import sealing

PAYEE = {
    "payee_name": "甄名",
    "payee_id_number": "440902199001010011",
    "payee_account": "6222020000000000",
    "payee_bank": "农业银行高州支行",
}


@pytest.fixture
def code() -> str:
    return sealing.mint_code()


@pytest.fixture
def tip_id(app: Flask, code: str) -> int:
    """A tip that ended with a fine, whose reporter would like a reward."""
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tip = given.tip(code=code, wants_reward=True, words={"facts": "只有我知道的秘密"})
    given.fined(tip.id, office=office, inspector=inspector)
    return tip.id


def status_page(app: Flask, code: str, **form: str) -> Page:
    browser = Browser(app)
    page = read(browser.post("/status", {"receipt_code": code}))
    return read(browser.post("/status", page.fields | form)) if form else page


def the_reward() -> Reward:
    return given.every(Reward)[0]


def proposed(app: Flask, tip_id: int) -> Browser:
    officer = browsing.signed_in(app, "reward_officer")
    officer.post(f"/rewards/tips/{tip_id}", {"previously_unknown": "yes", "go": "propose"})
    return officer


def approved(app: Flask, tip_id: int) -> Browser:
    proposed(app, tip_id)
    approver = browsing.signed_in(app, "reward_approver")
    form = {"name": "reward_approver", "amount_fen": "100000"}
    approver.post("/rewards/1/approve", form)
    return approver


def test_the_whole_course_ends_with_the_reporter_paid(app: Flask, tip_id: int, code: str) -> None:
    officer = browsing.signed_in(app, "reward_officer")
    assert f"/rewards/tips/{tip_id}" in officer.read("/rewards/").html
    weighed = officer.read(f"/rewards/tips/{tip_id}")
    assert "1,000.00 元" in weighed.text
    assert "最先举报" in weighed.text
    officer.post(f"/rewards/tips/{tip_id}", {"previously_unknown": "yes", "go": "propose"})
    assert "给您的奖励" not in status_page(app, code).text
    approver = browsing.signed_in(app, "reward_approver")
    page = approver.read("/rewards/1")
    approver.post("/rewards/1/approve", page.fields)
    waiting = status_page(app, code)
    assert "给您的奖励" in waiting.text
    assert "1,000.00 元" in waiting.text
    claimed = status_page(app, code, go="claim-reward", payee_sure="yes", **PAYEE)
    assert "已登记" in claimed.text
    payer = browsing.signed_in(app, "payer")
    assert "甄名" not in payer.read("/rewards/payments/1").text
    opened = read(payer.post("/rewards/payments/1/payee"))
    assert [value for value in PAYEE.values() if value not in opened.text] == []
    payer.post("/rewards/payments/1/pay", {"voucher": "财 2026-0701"})
    assert the_reward().status == "paid"
    assert "已经发放" in status_page(app, code).text


def test_what_is_missing_of_the_payee_is_asked_for_and_nothing_typed_is_lost(
    app: Flask, tip_id: int, code: str
) -> None:
    approved(app, tip_id)
    short = PAYEE | {"payee_account": ""}
    page = status_page(app, code, go="claim-reward", payee_sure="yes", **short)
    assert "这一项需要填写" in page.text
    assert page.fields["payee_name"] == "甄名"
    assert the_reward().status == "notified"


def test_a_reward_is_not_claimed_or_given_up_without_a_tick(
    app: Flask, tip_id: int, code: str
) -> None:
    approved(app, tip_id)
    assert "请勾选确认" in status_page(app, code, go="claim-reward", **PAYEE).text
    assert "请勾选确认" in status_page(app, code, go="waive-reward").text
    assert the_reward().status == "notified"
    status_page(app, code, go="waive-reward", waive_sure="yes")
    assert the_reward().status == "waived"


def test_who_proposed_reads_that_another_must_approve(app: Flask, tip_id: int) -> None:
    both = browsing.signed_in(app, "reward_officer", "reward_approver", username="both")
    both.post(f"/rewards/tips/{tip_id}", {"go": "propose"})
    form = {"name": "reward_approver", "amount_fen": "100000"}
    assert "须由别人来办" in read(both.post("/rewards/1/approve", form)).text


@pytest.mark.parametrize("amount", ["", "abc", "100001", "9" * 40])
def test_an_approval_of_what_was_not_shown_is_refused(app: Flask, tip_id: int, amount: str) -> None:
    proposed(app, tip_id)
    approver = browsing.signed_in(app, "reward_approver")
    form = {"name": "reward_approver", "amount_fen": amount}
    assert approver.post("/rewards/1/approve", form).status_code == 409
    assert the_reward().status == "proposed"


def test_a_refusal_needs_its_reason_and_keeps_it(app: Flask, tip_id: int) -> None:
    proposed(app, tip_id)
    approver = browsing.signed_in(app, "reward_approver")
    assert "请写明理由" in read(approver.post("/rewards/1/refuse", {"reason": " "})).text
    approver.post("/rewards/1/refuse", {"reason": "材料不齐"})
    assert the_reward().status == "refused"


def test_the_payer_learns_nothing_of_the_case(app: Flask, tip_id: int, code: str) -> None:
    approved(app, tip_id)
    status_page(app, code, go="claim-reward", payee_sure="yes", **PAYEE)
    payer = browsing.signed_in(app, "payer")
    pages = payer.read("/rewards/payments").html + payer.read("/rewards/payments/1").html
    assert "官山" not in pages


def test_no_page_of_the_inspectors_shows_the_payee(app: Flask, tip_id: int, code: str) -> None:
    approved(app, tip_id)
    status_page(app, code, go="claim-reward", payee_sure="yes", **PAYEE)
    inspector = Browser(app).sign_in("inspector")
    pages = inspector.read("/field/").html + inspector.read("/field/cases/1").html
    assert [value for value in PAYEE.values() if value in pages] == []


def test_a_reward_of_another_district_is_answered_like_one_that_does_not_exist(
    app: Flask, tip_id: int
) -> None:
    proposed(app, tip_id)
    elsewhere = given.office("440802")
    roles = ("reward_officer", "reward_approver", "payer")
    stranger = browsing.signed_in(app, *roles, username="stranger", office_id=elsewhere)
    for path in ("/rewards/{}", "/rewards/payments/{}", "/rewards/tips/{}"):
        found, missing = stranger.get(path.format(1)), stranger.get(path.format(999))
        assert (found.status_code, found.data) == (404, missing.data)
