"""Rewards: who was first, four eyes and more, claimed by code, paid once, and nothing learnt."""

from collections.abc import Callable
from datetime import timedelta

import given
import pytest
from crowd import at_once
from flask import Flask
from sqlalchemy import func, select, text

from tipline.channels import Heard
from tipline.db import db
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Entry, LedgerEntry, Reward, RewardPart, Tip
from tipline.services import delivery, inbox, triage
from tipline.services.rewards import claiming, deciding, paying, weighing
from tipline.services.rewards.claiming import PayeeIncomplete, TooLate
from tipline.services.rewards.deciding import NotEligible, Proposal, ReasonMissing, SamePerson
from tipline.services.rewards.ledger import OverBudget, committed_in_year
from tipline.services.rewards.weighing import Judged
from tipline.vault import sealing

PAYEE = {
    "name": "甄名",
    "id_number": "440902199001010011",
    "account": "6222020000000000",
    "bank": "农行",
}
DUE_FEN, CEILING_FEN = 100_000, 20_000_000
LATER = given.NOW + timedelta(days=2)


@pytest.fixture
def officer(app: Flask) -> Actor:
    return given.staff("reward_officer")


@pytest.fixture
def approver(app: Flask) -> Actor:
    return given.staff("reward_approver")


@pytest.fixture
def payer(app: Flask) -> Actor:
    return given.staff("payer")


@pytest.fixture
def code() -> str:
    return sealing.mint_code()


@pytest.fixture
def tip(code: str, office: Actor, inspector: Actor) -> Tip:
    """A tip whose case ended with a fine, whose reporter was answered and would like a reward."""
    return fined(code, office, inspector)


def fined(code: str, office: Actor, inspector: Actor, **said: object) -> Tip:
    found = given.tip(code=code, wants_reward=True, **said)
    given.fined(found.id, office=office, inspector=inspector)
    return given.reread(found.id)


@pytest.fixture
def proposed(tip: Tip, officer: Actor) -> int:
    return deciding.propose(tip.id, by=officer, proposal=Proposal(judged=Judged()), now=LATER)


def approve(reward_id: int, by: Actor, amount_fen: int = DUE_FEN) -> None:
    deciding.approve(
        reward_id, by=by, name="reward_approver", amount_fen=amount_fen, document="", now=LATER
    )


@pytest.fixture
def approved(proposed: int, approver: Actor) -> int:
    approve(proposed, approver)
    return proposed


@pytest.fixture
def claimed(approved: int, code: str) -> int:
    claiming.claim(code, payee=PAYEE, now=LATER)
    return approved


def reward(reward_id: int) -> Reward:
    return next(each for each in given.every(Reward) if each.id == reward_id)


def ledger() -> list[tuple[str, int]]:
    return [(entry.kind, entry.amount_fen) for entry in given.every(LedgerEntry)]


# Who was first


def test_numbers_are_drawn_when_words_are_kept_not_when_they_are_understood(app: Flask) -> None:
    inbox.keep("sms", Heard("SM1", "+8613800000001", "先发的短信"), now=given.NOW)
    given.tip()
    for inbound_id in inbox.waiting(now=given.NOW):
        inbox.understand(inbound_id, now=given.NOW)
    by_number = sorted(given.every(Tip), key=lambda tip: tip.received_no)
    assert [tip.channel for tip in by_number] == ["sms", "web"]


def test_the_first_is_who_came_first_whatever_the_clocks_say(
    code: str, office: Actor, inspector: Actor
) -> None:
    first = given.tip(code=code, wants_reward=True)
    second = given.tip(wants_reward=True, now=given.NOW - timedelta(days=30))
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    given.fresh()
    assert [weighing.rank(given.reread(tip.id)) for tip in (first, second)] == [1, 2]


def test_thirty_at_once_have_thirty_numbers(app: Flask) -> None:
    at_once(app, [lambda: given.receipt() for _ in range(30)])
    numbers = [tip.received_no for tip in given.every(Tip)]
    assert len(set(numbers)) == 30


# Proposing


def test_a_reward_is_what_the_scheme_in_force_gives(proposed: int) -> None:
    found = reward(proposed)
    assert (found.status, found.amount_fen, found.scheme) == (
        "proposed",
        DUE_FEN,
        "shantou_unlicensed",
    )
    assert found.facts["approvals"] == ["reward_approver"]


def test_only_a_reporter_who_wants_one_has_a_reward_proposed(
    office: Actor, inspector: Actor, officer: Actor
) -> None:
    found = given.tip()
    given.fined(found.id, office=office, inspector=inspector)
    with pytest.raises(NotEligible):
        deciding.propose(found.id, by=officer, proposal=Proposal(judged=Judged()), now=LATER)


@pytest.mark.parametrize(
    "judged", [Judged(previously_unknown=False), Judged(excluded_as="staff_or_legal_duty")]
)
def test_nothing_is_proposed_for_who_is_excluded(tip: Tip, officer: Actor, judged: Judged) -> None:
    with pytest.raises(NotEligible):
        deciding.propose(tip.id, by=officer, proposal=Proposal(judged=judged), now=LATER)


def test_a_later_decisive_reporter_has_a_share_at_discretion(
    tip: Tip, office: Actor, officer: Actor
) -> None:
    later = given.tip(wants_reward=True)
    db.session.execute(text(f"UPDATE tip SET case_id = {tip.case_id} WHERE id = {later.id}"))
    db.session.commit()
    judged = Judged(decisive=True)
    for wrong, error in (
        (Proposal(judged=Judged()), NotEligible),
        (Proposal(judged=judged, amount_fen=30_000), ReasonMissing),
        (Proposal(judged=judged, reason="证据关键"), deciding.OutOfRange),
        (Proposal(judged=judged, amount_fen=DUE_FEN + 1, reason="证据关键"), deciding.OutOfRange),
    ):
        with pytest.raises(error):
            deciding.propose(later.id, by=officer, proposal=wrong, now=LATER)
    proposal = Proposal(judged=judged, amount_fen=30_000, reason="证据关键")
    found = deciding.propose(later.id, by=officer, proposal=proposal, now=LATER)
    assert reward(found).amount_fen == 30_000


# Four eyes and more


def test_nobody_approves_who_proposed(proposed: int, officer: Actor) -> None:
    both = Actor(officer.id, officer.name, {"reward:approve": ("/1/",)})
    with pytest.raises(SamePerson):
        approve(proposed, both)


def test_no_inspector_of_the_case_approves_or_pays(
    proposed: int, inspector: Actor, approver: Actor, code: str
) -> None:
    reach = {"reward:approve": ("/1/",), "reward:pay": ("/1/",)}
    same = Actor(inspector.id, inspector.name, reach)
    with pytest.raises(SamePerson):
        approve(proposed, same)
    approve(proposed, approver)
    claiming.claim(code, payee=PAYEE, now=LATER)
    with pytest.raises(SamePerson):
        paying.pay(proposed, by=same, voucher="V1", now=LATER)


def test_an_inspector_of_the_case_proposes_nothing(tip: Tip, inspector: Actor) -> None:
    same = Actor(inspector.id, inspector.name, {"reward:propose": ("/1/",)})
    with pytest.raises(SamePerson):
        deciding.propose(tip.id, by=same, proposal=Proposal(judged=Judged()), now=LATER)
    assert given.every(Reward) == []


def test_the_database_refuses_a_second_part_for_one_person(claimed: int, approver: Actor) -> None:
    db.session.add(
        RewardPart(reward_id=claimed, staff_id=approver.id, part="payer", document="", at=LATER)
    )
    with pytest.raises(Exception, match="(?i)unique"):
        db.session.commit()
    db.session.rollback()


def test_approval_of_another_amount_than_was_seen_is_refused(
    proposed: int, approver: Actor
) -> None:
    with pytest.raises(IllegalTransition):
        approve(proposed, approver, DUE_FEN + 1)


def test_a_hundred_approvals_at_once_are_one(app: Flask, proposed: int) -> None:
    reach = {"reward:approve": ("/1/",)}
    people = [
        Actor(given.staff("reward_approver", username=f"approver{n}").id, "", reach)
        for n in range(20)
    ]
    works: list[Callable[[], object]] = [
        lambda person=person: approve(proposed, person) for person in people for _ in range(5)
    ]
    outcomes = at_once(app, works)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert ledger() == [("committed", DUE_FEN)]
    parts = [part.part for part in given.every(RewardPart)]
    assert parts.count("reward_approver") == 1


def test_the_year_ends_at_its_ceiling(
    approved: int, office: Actor, inspector: Actor, officer: Actor
) -> None:
    fill_the_year(CEILING_FEN - DUE_FEN)
    found = fined(sealing.mint_code(), office, inspector)
    proposal = Proposal(judged=Judged())
    made = deciding.propose(found.id, by=officer, proposal=proposal, now=LATER)
    with pytest.raises(OverBudget):
        approve(made, given.staff("reward_approver", username="another"))
    assert (committed_in_year(LATER), reward(made).status) == (CEILING_FEN, "proposed")


def fill_the_year(amount_fen: int) -> None:
    """All that others were promised this year."""
    found = given.every(Reward)[0]
    db.session.add(
        LedgerEntry(
            reward_id=found.id,
            kind="committed",
            debit="committed",
            credit="budget",
            amount_fen=amount_fen,
            at=LATER,
            by="test",
        )
    )
    db.session.commit()


def test_a_refused_reward_may_be_proposed_anew(
    proposed: int, tip: Tip, officer: Actor, approver: Actor
) -> None:
    with pytest.raises(ReasonMissing):
        deciding.refuse(proposed, by=approver, reason=" ", now=LATER)
    deciding.refuse(proposed, by=approver, reason="材料不齐", now=LATER)
    again = deciding.propose(tip.id, by=officer, proposal=Proposal(judged=Judged()), now=LATER)
    assert (again, reward(again).status) == (proposed, "proposed")


# Claiming


def test_the_reporter_claims_with_the_code_and_the_payee_is_sealed(claimed: int) -> None:
    found = reward(claimed)
    assert found.status == "claimed"
    assert found.payee_sealed is not None
    assert PAYEE["account"].encode() not in found.payee_sealed
    assert paying.payee(found) == PAYEE


@pytest.mark.parametrize("missing", PAYEE)
def test_a_scheme_that_wants_the_name_wants_all_of_it(
    approved: int, code: str, missing: str
) -> None:
    with pytest.raises(PayeeIncomplete, match=missing):
        claiming.claim(code, payee=PAYEE | {missing: " "}, now=LATER)
    assert reward(approved).status == "notified"


def test_another_code_claims_nothing(approved: int) -> None:
    with pytest.raises(NotThere):
        claiming.claim(sealing.mint_code(), payee=PAYEE, now=LATER)


def test_another_payee_makes_the_approvals_void(
    claimed: int, code: str, approver: Actor, payer: Actor
) -> None:
    claiming.claim(code, payee=PAYEE | {"account": "1"}, now=LATER)
    assert reward(claimed).status == "proposed"
    with pytest.raises(IllegalTransition):
        paying.pay(claimed, by=payer, voucher="V1", now=LATER)
    approve(claimed, approver)
    assert reward(claimed).status == "claimed"
    assert paying.payee(reward(claimed))["account"] == "1"
    assert [kind for kind, _ in ledger()] == ["committed", "released", "committed"]


def test_another_amount_makes_the_approvals_void(approved: int, officer: Actor, tip: Tip) -> None:
    proposal = Proposal(judged=Judged())
    deciding.change(approved, by=officer, proposal=proposal, now=LATER)
    assert reward(approved).status == "proposed"
    assert deciding.outstanding(reward(approved)) == ["reward_approver"]
    other = given.staff("reward_officer", username="other")
    with pytest.raises(deciding.NotProposer):
        deciding.change(approved, by=other, proposal=proposal, now=LATER)


def test_a_reward_lapses_when_nobody_claims_it_in_time(approved: int, code: str) -> None:
    end = reward(approved).claim_until
    assert end is not None
    assert paying.lapse(now=end - timedelta(seconds=1)) == 0
    with pytest.raises(TooLate):
        claiming.claim(code, payee=PAYEE, now=end)
    assert paying.lapse(now=end) == 1
    assert paying.lapse(now=end) == 0
    assert reward(approved).status == "lapsed"
    assert ledger() == [("committed", DUE_FEN), ("released", DUE_FEN)]
    assert committed_in_year(LATER) == 0


def test_a_reporter_may_give_the_reward_up(approved: int, code: str) -> None:
    claiming.waive(code, now=LATER)
    assert reward(approved).status == "waived"
    with pytest.raises(IllegalTransition):
        claiming.claim(code, payee=PAYEE, now=LATER)


# Paying


def test_a_reward_is_paid_once_however_often_the_button_is_pressed(
    app: Flask, claimed: int, payer: Actor
) -> None:
    def pay() -> None:
        paying.pay(claimed, by=payer, voucher="V1", now=LATER)

    outcomes = at_once(app, [pay] * 10)
    assert outcomes == [None] * 10
    assert ledger() == [("committed", DUE_FEN), ("paid", DUE_FEN)]
    with pytest.raises(IllegalTransition):
        paying.pay(claimed, by=payer, voucher="V2", now=LATER)


def test_who_approved_does_not_pay(claimed: int, approver: Actor) -> None:
    both = Actor(approver.id, approver.name, {"reward:pay": ("/1/",)})
    with pytest.raises(SamePerson):
        paying.pay(claimed, by=both, voucher="V1", now=LATER)
    assert reward(claimed).status == "claimed"


def test_nobody_is_paid_without_a_voucher(claimed: int, payer: Actor) -> None:
    with pytest.raises(paying.VoucherMissing):
        paying.pay(claimed, by=payer, voucher=" ", now=LATER)


def test_money_that_was_got_by_fraud_is_taken_back(
    claimed: int, payer: Actor, approver: Actor
) -> None:
    paying.pay(claimed, by=payer, voucher="V1", now=LATER)
    paying.take_back(claimed, by=approver, reason="虚构举报", now=LATER)
    assert reward(claimed).status == "revoked"
    assert ledger()[-1] == ("clawed_back", DUE_FEN)


def test_the_accounts_balance_whatever_happened(claimed: int, payer: Actor) -> None:
    paying.pay(claimed, by=payer, voucher="V1", now=LATER)
    given.fresh()
    for side in (LedgerEntry.debit, LedgerEntry.credit):
        total = db.session.scalar(select(func.sum(LedgerEntry.amount_fen)).where(side != ""))
        assert total == 2 * DUE_FEN


def test_who_reads_the_payee_is_written_down(claimed: int, payer: Actor) -> None:
    paying.open_payee(claimed, by=payer, now=LATER)
    line = given.every(Entry)[-1]
    assert (line.event, line.by) == ("reward.payee_opened", payer.by)


def test_no_name_or_account_stands_anywhere_in_clear_after_payment(
    claimed: int, payer: Actor
) -> None:
    paying.pay(claimed, by=payer, voucher="V1", now=LATER)
    told = repr(given.everything())
    assert [value for value in PAYEE.values() if value in told] == []


def test_the_reporter_is_told_of_the_reward_without_a_word_of_it(
    office: Actor,
    inspector: Actor,
    officer: Actor,
    approver: Actor,
    code: str,
    sms: given.Collecting,
) -> None:
    found = fined(code, office, inspector, contact=("sms", "+8613800138000"), channel="web")
    made = deciding.propose(found.id, by=officer, proposal=Proposal(judged=Judged()), now=LATER)
    approve(made, approver)
    for delivery_id in delivery.lease(now=LATER + timedelta(days=1)):
        delivery.send(delivery_id, now=LATER + timedelta(days=1))
    assert sms.sent
    assert not [text for _, text in sms.sent if "奖" in text or "1000" in text]
