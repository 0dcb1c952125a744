"""Rewards: who may be owed one, and where each stands; nothing about any reporter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import CaseStatus, RewardStatus, TipStatus
from tipline.domain.words import Text
from tipline.models import Case, Reward, Tip
from tipline.queries.canaries import is_planted
from tipline.queries.triage import in_reach
from tipline.runtime import policy

ROWS = 50
FOUND_SOMETHING = ("substantiated", "partly")
DONE = (CaseStatus.CONCLUDED, CaseStatus.CLOSED)
OPEN = (RewardStatus.PROPOSED, RewardStatus.NOTIFIED, RewardStatus.CLAIMED)
ENDED = (
    RewardStatus.PAID,
    RewardStatus.REFUSED,
    RewardStatus.WAIVED,
    RewardStatus.LAPSED,
    RewardStatus.REVOKED,
)
KNOWN_TO_REPORTER = (
    RewardStatus.NOTIFIED,
    RewardStatus.CLAIMED,
    RewardStatus.PAID,
    RewardStatus.WAIVED,
    RewardStatus.LAPSED,
)


@dataclass(frozen=True)
class Candidate:
    """A tip without its reporter."""

    id: int
    number: str
    case_number: str
    received_at: datetime
    category: Text
    finding: Text
    imposed_fen: int


def candidates(actor: Actor, *, before: int | None) -> tuple[Sequence[Candidate], int | None]:
    """Tips with a wish for a reward, none proposed yet, whose case found something."""
    proposed = select(Reward.id).where(Reward.tip_id == Tip.id).exists()
    query = (
        select(Tip)
        .join(Tip.case)
        .join(Case.office)
        .where(~proposed, ~is_planted())
        .where(Tip.wants_reward, Case.status.in_(DONE), Case.finding.in_(FOUND_SOMETHING))
        .where(in_reach(actor, "reward:read"))
        .order_by(Tip.id.desc())
        .limit(ROWS + 1)
    )
    if before is not None:
        query = query.where(Tip.id < before)
    tips = session().scalars(query).all()
    more = tips[ROWS - 1].id if len(tips) > ROWS else None
    return [_candidate(tip) for tip in tips[:ROWS]], more


def _candidate(tip: Tip) -> Candidate:
    case = tip.case
    assert case.finding is not None
    return Candidate(
        id=tip.id,
        number=tip.number,
        case_number=case.number,
        received_at=tip.received_at,
        category=policy().categories[tip.category].label,
        finding=policy().findings[case.finding].label,
        imposed_fen=sum(measure.amount_fen or 0 for measure in case.measures),
    )


@dataclass(frozen=True)
class Row:
    """A reward in a list, without its reporter."""

    id: int
    tip_id: int
    number: str
    status: str
    amount_fen: int | None
    since: datetime
    claim_until: datetime | None


@dataclass(frozen=True)
class Ranked:
    """One tip of a case in the order in which words were kept."""

    number: str
    received_at: datetime
    channel: str
    here: bool


def proposable(actor: Actor, tip_id: int) -> Tip:
    """The tip, if this person may propose a reward for it; NotThere otherwise."""
    query = select(Tip).join(Tip.case).join(Case.office).where(Tip.id == tip_id)
    found = session().scalar(query.where(in_reach(actor, "reward:propose")))
    if found is None:
        raise NotThere(f"tip {tip_id}")
    return found


def rewards_with(
    actor: Actor, permission: str, statuses: Sequence[str], *, before: int | None
) -> tuple[Sequence[Row], int | None]:
    """Rewards that stand there, the latest first."""
    query = (
        _visible(actor, permission)
        .where(Reward.status.in_(statuses))
        .order_by(Reward.id.desc())
        .limit(ROWS + 1)
    )
    if before is not None:
        query = query.where(Reward.id < before)
    found = session().scalars(query).all()
    more = found[ROWS - 1].id if len(found) > ROWS else None
    return [_row(reward) for reward in found[:ROWS]], more


def reward_for(actor: Actor, reward_id: int, permission: str) -> Reward:
    """One reward, if this person may see it; NotThere otherwise."""
    found = session().scalar(_visible(actor, permission).where(Reward.id == reward_id))
    if found is None:
        raise NotThere(f"reward {reward_id}")
    return found


def whole_for(actor: Actor, reward_id: int, permission: str) -> list[Reward]:
    """The reward with the parts of joint reporters, the first reporter's first."""
    found = reward_for(actor, reward_id, permission)
    same = (Reward.id == found.id) | (Reward.joint_id == found.joint_id)
    query = select(Reward).join(Reward.tip).where(same).order_by(Tip.received_no)
    return list(session().scalars(query))


def joinable(tip: Tip) -> list[Tip]:
    """The tips of the case whose reporters may have one reward together; none without another."""
    open_ = Reward.status != RewardStatus.REFUSED
    has_one = select(Reward.id).where(Reward.tip_id == Tip.id, open_).exists()
    same = select(Tip).where(Tip.case_id == tip.case_id, Tip.status != TipStatus.DECLINED)
    free = same.where(Tip.wants_reward, ~has_one, ~is_planted()).order_by(Tip.received_no)
    found = list(session().scalars(free))
    return found if len(found) > 1 else []


def ranking(tip: Tip) -> list[Ranked]:
    """All tips of the case, the first reporter first: why the first is the first."""
    same = select(Tip).where(Tip.case_id == tip.case_id, Tip.status != TipStatus.DECLINED)
    tips = session().scalars(same.order_by(Tip.received_no))
    return [Ranked(each.number, each.received_at, each.channel, each.id == tip.id) for each in tips]


def of_tip(tip_id: int) -> Reward | None:
    """The reward of a tip that its reporter may know of, also while it is decided anew."""
    again = (Reward.status == RewardStatus.PROPOSED) & Reward.claim_until.is_not(None)
    known = Reward.status.in_(KNOWN_TO_REPORTER) | again
    return session().scalar(select(Reward).where(Reward.tip_id == tip_id, known))


def _visible(actor: Actor, permission: str) -> Select[Reward]:
    query = select(Reward).join(Reward.tip).join(Tip.case).join(Case.office)
    return query.where(in_reach(actor, permission))


def _row(reward: Reward) -> Row:
    return Row(
        id=reward.id,
        tip_id=reward.tip_id,
        number=reward.tip.number,
        status=reward.status,
        amount_fen=reward.amount_fen,
        since=reward.proposed_at,
        claim_until=reward.claim_until,
    )
