"""Joint reporters have one reward: its parts sum to the whole, and each agrees to the split."""

import browsing
import given
import pytest
from browsing import Browser, Page, read
from flask import Flask

from tipline.models import Entry, LedgerEntry, Reward
from tipline.services import triage
from tipline.vault import sealing

PAYEE = {
    "payee_name": "甄名",
    "payee_id_number": "440902199001010011",
    "payee_account": "6222020000000000",
    "payee_bank": "农业银行高州支行",
}
CODES = [sealing.mint_code() for _ in range(3)]


@pytest.fixture
def officer(app: Flask) -> Browser:
    """Three told of one place, which was fined; the officer looks at it."""
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    tips = [given.tip(code=code, wants_reward=True) for code in CODES]
    for tip in tips[1:]:
        triage.join(tip.id, tips[0].case_id, by=office, now=given.NOW)
    given.fined(tips[0].id, office=office, inspector=inspector)
    return browsing.signed_in(app, "reward_officer")


def form(*tips: int, **typed: str) -> dict[str, object]:
    return {"together": list(tips), "previously_unknown": "yes", "go": "propose"} | typed


def propose(officer: Browser, **typed: str) -> Page:
    return read(officer.post("/rewards/tips/1", form(1, 2, **typed), follow_redirects=True))


def approve(app: Flask, name: str = "approver") -> None:
    approver = browsing.signed_in(app, "reward_approver", username=name)
    approver.post("/rewards/1/approve", {"name": "reward_approver", "amount_fen": "100000"})


def status(app: Flask, code: str, **sent: str) -> Page:
    browser = Browser(app)
    page = read(browser.post("/status", {"receipt_code": code}))
    return read(browser.post("/status", page.fields | sent)) if sent else page


def claim(app: Flask, code: str, **sent: str) -> Page:
    return status(app, code, go="claim-reward", payee_sure="yes", **PAYEE, **sent)


def stand() -> list[tuple[str, int | None, str]]:
    return [(each.status, each.amount_fen, each.agreed) for each in given.every(Reward)]


def test_two_who_reported_together_share_as_they_agreed_and_both_are_paid(
    app: Flask, officer: Browser
) -> None:
    page = propose(officer, part_1="700.01", part_2="299.99")
    assert "700.01 元" in page.text
    assert "合计 1,000.00 元" in page.text
    approve(app)
    first = status(app, CODES[0])
    assert "合起来奖励 1,000.00 元，您的一份是 700.01 元，其他人是 299.99 元" in first.text
    assert "同意的勾选后再提交" in claim(app, CODES[0]).text
    assert "已登记" in claim(app, CODES[0], payee_agree="yes").text
    payer = browsing.signed_in(app, "payer")
    unpaid = read(payer.post("/rewards/payments/1/pay", {"voucher": "V1"}))
    assert "没有同意分配" in unpaid.text
    claim(app, CODES[1], payee_agree="yes")
    for number in (1, 2):
        payer.post(f"/rewards/payments/{number}/pay", {"voucher": f"V{number}"})
    assert stand() == [("paid", 70_001, "code"), ("paid", 29_999, "code")]
    assert sum(e.amount_fen for e in given.every(LedgerEntry) if e.kind == "paid") == 100_000
    assert "给您的奖励" not in status(app, CODES[2]).text


@pytest.mark.parametrize("typed", [("700", "299.99"), ("1000", "0"), ("1000", ""), ("x", "1000")])
def test_parts_that_do_not_sum_to_the_whole_are_refused_and_kept(
    officer: Browser, typed: tuple[str, str]
) -> None:
    page = propose(officer, part_1=typed[0], part_2=typed[1])
    assert "正好是奖励总额" in page.text
    assert (page.fields["part_1"], page.fields["part_2"]) == typed
    assert given.every(Reward) == []


def test_without_any_part_all_have_the_same_to_the_fen(officer: Browser) -> None:
    officer.post("/rewards/tips/1", form(1, 2, 3))
    assert [amount for _, amount, _ in stand()] == [33_334, 33_333, 33_333]


def test_who_agreed_at_the_counter_is_recorded_with_the_paper(app: Flask, officer: Browser) -> None:
    propose(officer)
    approve(app)
    assert "请填写书面同意的编号" in read(officer.post("/rewards/2/agreed", {"paper": " "})).text
    officer.post("/rewards/2/agreed", {"paper": "同意书 7"})
    line = next(e for e in given.every(Entry) if e.event == "reward.split_agreed")
    assert line.facts["document"] == "同意书 7"
    assert stand()[1] == ("notified", 50_000, "counter")
    assert "我同意上面的分配" not in status(app, CODES[1]).text
    assert "已登记" in claim(app, CODES[1]).text


def test_who_does_not_agree_stops_the_whole_until_another_split_is_approved(
    app: Flask, officer: Browser
) -> None:
    propose(officer)
    approve(app)
    claim(app, CODES[0], payee_agree="yes")
    assert "请勾选" in status(app, CODES[1], go="dispute-split").text
    status(app, CODES[1], go="dispute-split", dispute_sure="yes")
    assert [each[0] for each in stand()] == ["proposed", "proposed"]
    assert "正在重新审批" in status(app, CODES[0]).text
    stubborn = browsing.signed_in(app, "reward_approver", username="stubborn")
    said = {"name": "reward_approver", "amount_fen": "100000"}
    assert "须先改分配" in read(stubborn.post("/rewards/1/approve", said)).text
    page = officer.read("/rewards/1/change")
    assert "已有的批准全部作废" in page.text
    assert "也要重新同意" in page.text
    officer.post("/rewards/1/change", form(1, 2, part_1="400", part_2="600"))
    stubborn.post("/rewards/1/approve", said)
    assert stand() == [("claimed", 40_000, ""), ("notified", 60_000, "")]
    assert "您同意这样分" in status(app, CODES[0], go="agree-split").text
    claim(app, CODES[1], payee_agree="yes")
    assert [each[2] for each in stand()] == ["code", "code"]


def test_a_change_says_before_that_it_makes_approvals_void_and_is_the_proposers(
    app: Flask, officer: Browser
) -> None:
    officer.post("/rewards/tips/1", form(1))
    approve(app)
    assert "已有的批准全部作废" in officer.read("/rewards/1").text
    other = browsing.signed_in(app, "reward_officer", username="other")
    assert "/rewards/1/change" not in other.read("/rewards/1").html
    assert "只有提出的人能改" in read(other.post("/rewards/1/change", form(1))).text
    officer.post("/rewards/1/change", form(1))
    assert stand()[0][0] == "proposed"


def test_a_voucher_pays_one_reward_only(app: Flask, officer: Browser) -> None:
    propose(officer)
    approve(app)
    for code in CODES[:2]:
        claim(app, code, payee_agree="yes")
    payer = browsing.signed_in(app, "payer")
    payer.post("/rewards/payments/1/pay", {"voucher": "V1"})
    assert "已经用于另一笔" in read(payer.post("/rewards/payments/2/pay", {"voucher": "V1"})).text
    assert [each[0] for each in stand()] == ["paid", "claimed"]
