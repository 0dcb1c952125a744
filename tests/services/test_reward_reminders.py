"""Reminders of a reward that nobody claims: at half, at four fifths, on the last day; then over."""

from datetime import timedelta

import given
import pytest
from flask import Flask

from tipline.domain.actors import Actor
from tipline.models import Entry, Notice, Reminder, Reward
from tipline.services import clocks
from tipline.services.rewards import claiming, deciding, paying
from tipline.services.rewards.deciding import Proposal
from tipline.services.rewards.weighing import Judged
from tipline.vault import sealing

CODE = sealing.mint_code()
TOLD_AT = given.NOW + timedelta(days=2)  # the third of July; thirty working days end on August 14
HALF_A_DAY = timedelta(hours=12)
PAYEE = {"name": "甄名", "id_number": "4409", "account": "6222", "bank": "农行"}


@pytest.fixture
def told(app: Flask, office: Actor, inspector: Actor) -> int:
    """A reward of whose reporter nothing has been heard yet."""
    tip = given.tip(code=CODE, wants_reward=True, contact=("sms", "+8613800138000"))
    given.fined(tip.id, office=office, inspector=inspector)
    proposal, officer = Proposal(judged=Judged()), given.staff("reward_officer")
    made = deciding.propose(tip.id, by=officer, proposal=proposal, now=TOLD_AT)
    deciding.approve(
        made,
        by=given.staff("reward_approver"),
        name="reward_approver",
        amount_fen=100_000,
        document="",
        now=TOLD_AT,
    )
    return made


def reminded() -> list[str]:
    lines = [line for line in given.every(Entry) if line.event == "clock.reminded"]
    return [f"{line.at + timedelta(hours=8):%m-%d %H}" for line in lines]


def pass_days(number: int) -> None:
    """What the worker does, twice on each of so many days, by two workers."""
    for step in range(1, 2 * number + 1):
        for _ in range(2):
            clocks.ring(now=TOLD_AT + step * HALF_A_DAY)
            paying.lapse(now=TOLD_AT + step * HALF_A_DAY)


def test_three_reminders_come_once_each_and_then_the_reward_lapses(told: int) -> None:
    before = len(given.every(Notice))
    pass_days(60)
    assert reminded() == ["07-24 17", "08-06 11", "08-14 00"]
    reward = given.every(Reward)[0]
    assert (reward.status, reward.claim_until) == (
        "lapsed",
        given.reread(1).received_at.replace(month=8, day=14, hour=16, minute=0),
    )
    assert [notice.kind for notice in given.every(Notice)[before:]] == ["news"] * 4
    assert given.every(Reminder) == []


def test_who_has_claimed_is_not_reminded(told: int) -> None:
    claiming.claim(CODE, payee=PAYEE, now=TOLD_AT + timedelta(days=10))
    pass_days(50)
    assert reminded() == []
    assert given.every(Reward)[0].status == "claimed"


def test_a_worker_that_was_away_for_a_month_reminds_once(told: int) -> None:
    clocks.ring(now=TOLD_AT + timedelta(days=35))
    clocks.ring(now=TOLD_AT + timedelta(days=35))
    assert len(reminded()) == 1


def test_what_is_approved_anew_has_a_window_of_its_own(told: int) -> None:
    pass_days(25)
    proposer = next(part.staff for part in given.every(Reward)[0].parts if part.part == "proposer")
    by = Actor(proposer.id, "", {"reward:propose": ("/1/",)})
    deciding.change(told, by=by, proposal=Proposal(judged=Judged()), now=TOLD_AT)
    pass_days(60)
    assert len(reminded()) == 1
    assert given.every(Reward)[0].status == "proposed"
