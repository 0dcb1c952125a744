"""Deciding: a reward is proposed by one, approved by others, none of whom worked the case."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from tipline.db import session, use_case
from tipline.domain import deadlines, lifecycle
from tipline.domain.actors import Actor, NotThere
from tipline.domain.counting import DAY
from tipline.domain.lifecycle import RewardStatus
from tipline.models import Case, Office, Reward, RewardPart, Tip
from tipline.runtime import policy, settings
from tipline.services import journal
from tipline.services.casework import inspectors_of
from tipline.services.reach import tip_for
from tipline.services.rewards import ledger, weighing
from tipline.services.rewards.weighing import Judged

INSPECTOR, PROPOSER = "inspector", "proposer"


class SamePerson(Exception):
    """Somebody with a part in this reward, or in its case, may not have another one."""


class NotEligible(Exception):
    """The scheme gives nothing for these facts."""


class OutOfRange(Exception):
    """The amount lies outside what the scheme leaves to be decided."""


class ReasonMissing(Exception):
    """What is decided at discretion needs a written reason."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the reward officer proposes; the amount only where the scheme leaves a range."""

    judged: Judged
    amount_fen: int | None = None
    reason: str = ""


@use_case
def propose(tip_id: int, *, by: Actor, proposal: Proposal, now: datetime) -> int:
    """Propose a reward for a tip, or propose anew what was refused; returns its id."""
    tip = tip_for(by, tip_id, "reward:propose")
    if not tip.wants_reward:
        raise NotEligible
    reward = session().scalar(select(Reward).where(Reward.tip_id == tip.id).with_for_update())
    if reward is None:
        reward = Reward(tip_id=tip.id, proposed_at=now)
    else:
        reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.PROPOSED)
        _forget_parts(reward)
    _weigh(reward, tip, proposal)
    session().add(reward)
    session().flush()
    for person_id in inspectors_of(tip.case):
        take_part(reward, person_id, INSPECTOR, now=now)
    take_part(reward, by.id, PROPOSER, now=now)
    journal.record("reward.proposed", reward.tip.ref, by=by.by, now=now, facts=_said(reward))
    return reward.id


@use_case
def approve(
    reward_id: int, *, by: Actor, name: str, amount_fen: int, document: str, now: datetime
) -> None:
    """Give one of the approvals that the scheme asks for; with the last one the reporter is told.

    The amount is the one that the approver saw: another one is refused.
    """
    reward = reward_for(by, reward_id, "reward:approve")
    if reward.status != RewardStatus.PROPOSED or reward.amount_fen != amount_fen:
        raise lifecycle.IllegalTransition(f"reward {reward_id} is {reward.status}")
    if name not in outstanding(reward):
        raise lifecycle.IllegalTransition(f"reward {reward_id} does not wait for {name}")
    take_part(reward, by.id, name, document=document, now=now)
    facts = _said(reward) | {"as": name, "document": document}
    journal.record("reward.approved", reward.tip.ref, by=by.by, now=now, facts=facts)
    session().refresh(reward, ["parts"])
    if not outstanding(reward):
        _commit(reward, by=by, now=now)


@use_case
def refuse(reward_id: int, *, by: Actor, reason: str, now: datetime) -> None:
    """Refuse a proposed reward; it may be proposed anew."""
    reward = reward_for(by, reward_id, "reward:approve")
    if not reason.strip():
        raise ReasonMissing
    _ensure_no_part(reward, by)
    reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.REFUSED)
    journal.record("reward.refused", reward.tip.ref, by=by.by, now=now, facts={"reason": reason})


@use_case
def change_amount(reward_id: int, *, by: Actor, proposal: Proposal, now: datetime) -> None:
    """Propose another amount for what was approved already; every approval is void."""
    reward = reward_for(by, reward_id, "reward:propose")
    if not any(part.part == PROPOSER and part.staff_id == by.id for part in reward.parts):
        raise SamePerson
    reopen(reward, by=by.by, now=now)
    _weigh(reward, reward.tip, proposal)
    journal.record("reward.proposed", reward.tip.ref, by=by.by, now=now, facts=_said(reward))


def reopen(reward: Reward, *, by: str, now: datetime) -> None:
    """The step that makes approvals void: amount or payee are no longer what was approved."""
    if reward.status != RewardStatus.PROPOSED:
        reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.PROPOSED)
        ledger.enter(reward, "released", by=by, now=now)
    for part in [part for part in reward.parts if part.part not in (INSPECTOR, PROPOSER)]:
        session().delete(part)
    session().flush()
    session().refresh(reward, ["parts"])


def reward_for(by: Actor, reward_id: int, permission: str) -> Reward:
    """The reward, if this person may do that at the office of its case; NotThere otherwise."""
    query = (
        select(Reward, Office.path)
        .join(Reward.tip)
        .join(Tip.case)
        .join(Case.office)
        .where(Reward.id == reward_id)
    )
    found = session().execute(query.with_for_update(of=Reward)).first()
    if found is None or not by.may(permission, found[1]):
        raise NotThere(f"reward {reward_id}")
    reward: Reward = found[0]
    return reward


def outstanding(reward: Reward) -> list[str]:
    """The approvals that are still missing, in order."""
    given = {part.part for part in reward.parts}
    return [name for name in reward.facts["approvals"] if name not in given]


def _weigh(reward: Reward, tip: Tip, proposal: Proposal) -> None:
    found = weighing.quote_for(tip, proposal.judged)
    if not found.eligible:
        raise NotEligible
    reward.scheme, reward.policy_version = weighing.scheme_for(tip).id, policy().version
    reward.amount_fen, reward.reason = found.amount_fen, proposal.reason.strip()
    if found.range_fen is not None:
        reward.amount_fen = _within(found.range_fen, proposal)
    reward.facts = {
        "judged": asdict(proposal.judged),
        "approvals": [each.by for each in found.approvals],
        "lines": [
            {"rule": line.rule, "zh": line.effect.zh, "en": line.effect.en} for line in found.lines
        ],
    }


def _within(bounds: tuple[int, int | None], proposal: Proposal) -> int:
    low, high = bounds
    amount = proposal.amount_fen
    if amount is None or amount < low or (high is not None and amount > high):
        raise OutOfRange
    if not proposal.reason.strip():
        raise ReasonMissing
    return amount


def _commit(reward: Reward, *, by: Actor, now: datetime) -> None:
    """All have agreed: the money is set aside, and the reporter finds the reward by the code.

    Who had claimed it before somebody changed something need not do so again.
    """
    assert reward.amount_fen is not None
    ledger.ensure_budget(reward.amount_fen, now=now)
    ledger.enter(reward, "committed", by=by.by, now=now)
    reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.NOTIFIED)
    claim = policy().schemes[reward.scheme].claim
    reward.claim_until = _end_of(claim.unit, claim.window, now)
    facts = {"window": f"{claim.window} {claim.unit}", "reward": reward.id}
    journal.record("reward.notified", reward.tip.ref, by=by.by, now=now, facts=facts)
    if reward.payee_sealed is not None:
        reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.CLAIMED)


def _end_of(unit: deadlines.Unit, number: int, now: datetime) -> datetime:
    """The first instant at which the reward is no longer waiting."""
    zone = settings().zone
    today = now.astimezone(zone).date()
    due = deadlines.count(unit, number, today, calendar=policy().calendar)
    return datetime.combine(due.last_day + DAY, time(), zone).astimezone(UTC)


def take_part(
    reward: Reward, staff_id: int, part: str, *, now: datetime, document: str = ""
) -> None:
    """SamePerson when this person has a part already; the database has the last word."""
    if session().scalar(_part_of(reward, staff_id)) is not None:
        raise SamePerson
    session().add(
        RewardPart(reward_id=reward.id, staff_id=staff_id, part=part, document=document, at=now)
    )
    try:
        session().flush()
    except IntegrityError as taken:
        raise SamePerson from taken


def _ensure_no_part(reward: Reward, by: Actor) -> None:
    if session().scalar(_part_of(reward, by.id)) is not None:
        raise SamePerson


def _part_of(reward: Reward, staff_id: int) -> Select[int]:
    return select(RewardPart.id).where(
        RewardPart.reward_id == reward.id, RewardPart.staff_id == staff_id
    )


def _forget_parts(reward: Reward) -> None:
    for part in reward.parts:
        session().delete(part)
    session().flush()
    session().refresh(reward, ["parts"])


def _said(reward: Reward) -> dict[str, object]:
    return {"tip": reward.tip_id, "amount_fen": reward.amount_fen, "scheme": reward.scheme}
