"""Judging: how urgent a tip that came in is, and whether it is part of a burst of smears."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.domain.urgency import LEAST
from tipline.models import Case, Tip
from tipline.queries.urgency import around, burst_of, urgency_of
from tipline.services import journal
from tipline.services.reach import tip_for

NORMAL, SLOW, PROMOTED = "normal", "slow", "promoted"


@dataclass(frozen=True)
class Judgement:
    """The level of a tip, and the tips of the burst that it is part of, if any."""

    level: int
    burst: tuple[int, ...]


def judge(tip_ids: Iterable[int], *, now: datetime) -> None:
    """Work out how urgent these tips are, and write it down."""
    session().rollback()
    tips = select(Tip).where(Tip.id.in_(list(tip_ids)), Tip.status == TipStatus.RECEIVED)
    judged = {tip.id: _judged(tip, now=now) for tip in session().scalars(tips).unique()}
    if judged:
        keep(judged, now=now)


@use_case
def keep(judged: Mapping[int, Judgement], *, now: datetime) -> None:
    """Put tips where they belong in the queue; what triage has decided meanwhile stays."""
    bursts = {other for each in judged.values() for other in each.burst}
    wanted = select(Tip).where(Tip.id.in_(judged.keys() | bursts), Tip.status == TipStatus.RECEIVED)
    # Cases before tips, each by number, as triage locks them: who waits never waits in a ring.
    homes = select(Case.id).where(Case.id.in_(wanted.with_only_columns(Tip.case_id)))
    session().execute(homes.order_by(Case.id).with_for_update())
    locked = wanted.order_by(Tip.id).with_for_update(of=Tip)
    tips = {tip.id: tip for tip in session().scalars(locked).unique()}
    for tip_id, found in judged.items():
        if tip_id in tips and tips[tip_id].lane != SLOW:
            _rank(tips[tip_id], found.level)
    for each in judged.values():
        _slow_down([tips[tip_id] for tip_id in each.burst if tip_id in tips], now=now)


@use_case
def promote(tip_id: int, *, by: Actor, now: datetime) -> None:
    """Take a tip out of the slow lane: somebody has looked, and it counts like any other."""
    tip = tip_for(by, tip_id, "tip:triage")
    tip.lane = PROMOTED
    _rank(tip, urgency_of(tip, around(tip), now=now).level)
    journal.record("tip.promoted", tip.ref, by=by.by, now=now)


def _judged(tip: Tip, *, now: datetime) -> Judgement:
    place = around(tip)
    return Judgement(urgency_of(tip, place, now=now).level, burst_of(tip, place))


def _rank(tip: Tip, level: int) -> None:
    """Until triage the case is as urgent as its most urgent tip."""
    tip.priority = level
    if tip.case.status == CaseStatus.RECEIVED:
        tip.case.priority = min(each.priority for each in tip.case.tips)


def _slow_down(tips: list[Tip], *, now: datetime) -> None:
    """All of a burst go to the slow lane as one cluster; those promoted by hand stay promoted."""
    known = [tip.cluster_id for tip in tips if tip.cluster_id is not None]
    cluster = min(known, default=min((tip.id for tip in tips), default=0))
    for tip in tips:
        tip.cluster_id = cluster
        if tip.lane == NORMAL:
            tip.lane = SLOW
            _rank(tip, LEAST)
            journal.record("tip.slowed", tip.ref, by=journal.SYSTEM, now=now)
