"""Paying: by a voucher, once; what lies unclaimed lapses; what was got by fraud is taken back."""

from datetime import datetime

from sqlalchemy import exists, select

from tipline.db import session, use_case
from tipline.domain import lifecycle
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import RewardStatus
from tipline.models import Reward
from tipline.runtime import runtime
from tipline.services import journal
from tipline.services.rewards import ledger, sharing
from tipline.services.rewards.deciding import ReasonMissing, reward_for, take_part

BATCH = 100
PAYER = "payer"


class VoucherMissing(Exception):
    """Rewards are paid without cash, by a voucher with a number."""


class VoucherTaken(Exception):
    """Another reward was paid by this voucher."""


@use_case
def open_payee(reward_id: int, *, by: Actor, now: datetime) -> None:
    """Record that somebody reads to whom a reward is paid; the page shows it after this."""
    reward = reward_for(by, reward_id, "reward:pay")
    if reward.payee_sealed is None:
        raise lifecycle.IllegalTransition(f"reward {reward_id} is {reward.status}")
    journal.record("reward.payee_opened", reward.tip.ref, by=by.by, now=now)


def payee(reward: Reward) -> dict[str, str]:
    """To whom the reward is paid; only after the opening was recorded."""
    assert reward.payee_sealed is not None
    return runtime().payees.of_tip(reward.tip.number, reward.payee_sealed)


@use_case
def pay(reward_id: int, *, by: Actor, voucher: str, now: datetime) -> None:
    """Write down that the reward was paid; the same voucher again changes nothing."""
    reward = reward_for(by, reward_id, "reward:pay")
    if not voucher.strip():
        raise VoucherMissing
    if reward.status == RewardStatus.PAID and reward.voucher == voucher.strip():
        return
    if session().scalar(select(exists().where(Reward.voucher == voucher.strip()))):
        raise VoucherTaken
    if not sharing.is_agreed(reward):
        raise sharing.NotAgreed
    reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.PAID)
    reward.voucher = voucher.strip()
    take_part(reward, by.id, PAYER, document=reward.voucher, now=now)
    ledger.enter(reward, "paid", by=by.by, now=now)
    facts = {"amount_fen": reward.amount_fen, "voucher": reward.voucher}
    journal.record("reward.paid", reward.tip.ref, by=by.by, now=now, facts=facts)


@use_case
def take_back(reward_id: int, *, by: Actor, reason: str, now: datetime) -> None:
    """Revoke a reward that was paid, for one of the scheme's reasons or another, in writing."""
    reward = reward_for(by, reward_id, "reward:approve")
    if not reason.strip():
        raise ReasonMissing
    reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.REVOKED)
    ledger.enter(reward, "clawed_back", by=by.by, now=now)
    journal.record("reward.revoked", reward.tip.ref, by=by.by, now=now, facts={"reason": reason})


@use_case
def lapse(*, now: datetime) -> int:
    """Let rewards lapse that nobody claimed in time; returns how many."""
    over = select(Reward).where(Reward.status == RewardStatus.NOTIFIED, Reward.claim_until <= now)
    locked = over.order_by(Reward.claim_until).limit(BATCH)
    rewards = session().scalars(locked.with_for_update(skip_locked=True)).all()
    for reward in rewards:
        reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.LAPSED)
        ledger.enter(reward, "released", by=journal.SYSTEM, now=now)
        facts = {"reward": reward.id}
        journal.record("reward.lapsed", reward.tip.ref, by=journal.SYSTEM, now=now, facts=facts)
    return len(rewards)
