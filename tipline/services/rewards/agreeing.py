"""Agreeing: each joint reporter says yes or no to the split, with the code or at the counter."""

from datetime import datetime

from tipline.db import session, use_case
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import IllegalTransition
from tipline.services import journal
from tipline.services.rewards import claiming, sharing
from tipline.services.rewards.deciding import reopen, reward_for


class DocumentMissing(Exception):
    """What was agreed at the counter stands on a paper with a number."""


@use_case
def agree(code: str, *, now: datetime) -> None:
    """A joint reporter agrees to the split."""
    reward = claiming.reward_of(code)
    sharing.note_agreed(reward, "code", by=journal.REPORTER, now=now)


@use_case
def agree_at_counter(reward_id: int, *, by: Actor, document: str, now: datetime) -> None:
    """Record that a joint reporter agreed at the counter, on a paper of this number."""
    reward = reward_for(by, reward_id, "reward:propose")
    if not document.strip():
        raise DocumentMissing
    sharing.note_agreed(reward, "counter", by=by.by, now=now, document=document.strip())


@use_case
def dispute(code: str, *, now: datetime) -> None:
    """A joint reporter does not agree: approvals are void until another split is proposed."""
    mine = session().scalars(claiming.with_code(code)).one()
    whole = sharing.locked_whole(mine.id)
    if mine.joint_id is None or mine.agreed:
        raise IllegalTransition(f"reward {mine.id} cannot be disputed")
    for reward in whole:
        reopen(reward, by=journal.REPORTER, now=now)
    mine.agreed = "disputed"
    facts = {"reward": mine.id}
    journal.record("reward.split_disputed", mine.tip.ref, by=journal.REPORTER, now=now, facts=facts)
