"""Deciding: a reward is proposed by one, approved by others, none of whom worked the case."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
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
from tipline.services.rewards import ledger, sharing, weighing
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


class NotProposer(Exception):
    """What was proposed is changed by who proposed it; anybody else refuses it."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the reward officer proposes; the amount only where the scheme leaves a range.

    `together` names the tips of joint reporters, this one among them, each with its part in fen;
    where no part is said all have the same.
    """

    judged: Judged
    amount_fen: int | None = None
    reason: str = ""
    together: Mapping[int, int | None] = field(default_factory=dict)


@use_case
def propose(tip_id: int, *, by: Actor, proposal: Proposal, now: datetime) -> int:
    """Propose a reward for a tip, or anew what was refused; returns the first reward's id.

    Joint reporters have one reward together, of which each tip has its part.
    """
    tips = [tip_for(by, each, "reward:propose") for each in proposal.together or (tip_id,)]
    tips.sort(key=lambda tip: tip.received_no)
    sharing.ensure_joint(tips, tip_id)
    rewards = [_begun(tip, now) for tip in tips]
    _weigh(rewards, tips, proposal)
    session().add_all(rewards)
    session().flush()
    for reward in rewards:
        reward.joint_id, reward.agreed = (rewards[0].id if len(rewards) > 1 else None), ""
        for person_id in inspectors_of(reward.tip.case):
            take_part(reward, person_id, INSPECTOR, now=now)
        take_part(reward, by.id, PROPOSER, now=now)
        journal.record("reward.proposed", reward.tip.ref, by=by.by, now=now, facts=_said(reward))
    return rewards[0].id


def _begun(tip: Tip, now: datetime) -> Reward:
    if not tip.wants_reward:
        raise NotEligible
    reward = session().scalar(select(Reward).where(Reward.tip_id == tip.id).with_for_update())
    if reward is None:
        reward = Reward(tip_id=tip.id, proposed_at=now)
    else:
        reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.PROPOSED)
        _forget_parts(reward)
    return reward


@use_case
def approve(
    reward_id: int, *, by: Actor, name: str, amount_fen: int, document: str, now: datetime
) -> None:
    """Give one of the approvals that the scheme asks for; with the last one the reporter is told.

    The amount is the one that the approver saw, of all parts that wait: another one is refused.
    """
    whole = whole_for(by, reward_id, "reward:approve")
    sharing.ensure_undisputed(whole)
    waiting = [reward for reward in whole if name in outstanding(reward)]
    if not waiting or sum(reward.amount_fen or 0 for reward in waiting) != amount_fen:
        raise lifecycle.IllegalTransition(f"reward {reward_id} does not wait for {name}")
    for reward in waiting:
        take_part(reward, by.id, name, document=document, now=now)
        facts = _said(reward) | {"as": name, "document": document}
        journal.record("reward.approved", reward.tip.ref, by=by.by, now=now, facts=facts)
        session().refresh(reward, ["parts"])
        if not outstanding(reward):
            _commit(reward, by=by, now=now)


@use_case
def refuse(reward_id: int, *, by: Actor, reason: str, now: datetime) -> None:
    """Refuse a proposed reward with all its parts; it may be proposed anew."""
    whole = whole_for(by, reward_id, "reward:approve")
    if not reason.strip():
        raise ReasonMissing
    for reward in whole:
        _ensure_no_part(reward, by)
        reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.REFUSED)
        facts = {"reason": reason}
        journal.record("reward.refused", reward.tip.ref, by=by.by, now=now, facts=facts)


@use_case
def change(reward_id: int, *, by: Actor, proposal: Proposal, now: datetime) -> None:
    """Propose another amount or split of what was proposed; every approval is void."""
    whole = whole_for(by, reward_id, "reward:propose")
    for reward in whole:
        if not any(part.part == PROPOSER and part.staff_id == by.id for part in reward.parts):
            raise NotProposer
        reopen(reward, by=by.by, now=now)
        reward.agreed = ""
    if {reward.tip_id for reward in whole} != set(proposal.together or [whole[0].tip_id]):
        raise sharing.NotJoint
    _weigh(whole, [reward.tip for reward in whole], proposal)
    for reward in whole:
        journal.record("reward.proposed", reward.tip.ref, by=by.by, now=now, facts=_said(reward))


def reopen(reward: Reward, *, by: str, now: datetime) -> None:
    """The step that makes approvals void: amount or payee are no longer what was approved."""
    if reward.status != RewardStatus.PROPOSED:
        reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.PROPOSED)
        ledger.enter(reward, "released", by=by, now=now)
    journal.record("reward.reopened", reward.tip.ref, by=by, now=now, facts={"reward": reward.id})
    for part in [part for part in reward.parts if part.part not in (INSPECTOR, PROPOSER)]:
        session().delete(part)
    session().flush()
    session().refresh(reward, ["parts"])


def reward_for(by: Actor, reward_id: int, permission: str) -> Reward:
    """The reward, if this person may do that at the office of its case; NotThere otherwise."""
    _ensure_reach(by, reward_id, permission)
    return session().get_one(Reward, reward_id, with_for_update=True, populate_existing=True)


def whole_for(by: Actor, reward_id: int, permission: str) -> list[Reward]:
    """The reward with all its parts, the first reporter's first, locked in one order."""
    _ensure_reach(by, reward_id, permission)
    return sharing.locked_whole(reward_id)


def _ensure_reach(by: Actor, reward_id: int, permission: str) -> None:
    query = select(Office.path).join(Case.office).join(Tip, Tip.case_id == Case.id)
    path = session().scalar(query.join(Reward).where(Reward.id == reward_id))
    if path is None or not by.may(permission, path):
        raise NotThere(f"reward {reward_id}")


def outstanding(reward: Reward) -> list[str]:
    """The approvals that are still missing, in order; none once the reporter was told."""
    if reward.status != RewardStatus.PROPOSED:
        return []
    given = {part.part for part in reward.parts}
    return [name for name in reward.facts["approvals"] if name not in given]


def _weigh(rewards: Sequence[Reward], tips: Sequence[Tip], proposal: Proposal) -> None:
    """The whole is what the first of joint reporters is due; each has the part agreed on."""
    judged = replace(proposal.judged, joint=len(tips))
    found = weighing.quote_for(tips[0], judged)
    if not found.eligible:
        raise NotEligible
    amount = found.amount_fen if found.range_fen is None else _within(found.range_fen, proposal)
    assert amount is not None
    wanted = [proposal.together.get(tip.id) for tip in tips]
    for reward, part in zip(rewards, sharing.parts(amount, wanted), strict=True):
        reward.scheme, reward.policy_version = weighing.scheme_for(tips[0]).id, policy().version
        reward.amount_fen, reward.reason = part, proposal.reason.strip()
        reward.facts = {
            "judged": asdict(judged),
            "approvals": [each.by for each in found.approvals],
            "lines": [
                {"rule": line.rule, "zh": line.effect.zh, "en": line.effect.en}
                for line in found.lines
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
        facts = {"reward": reward.id, "again": True}
        journal.record("reward.claimed", reward.tip.ref, by=by.by, now=now, facts=facts)


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
