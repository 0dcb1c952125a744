"""What inspectors see: the pool, their own cases, and one case; nothing about any reporter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tipline.db import session
from tipline.domain import claiming
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import CaseStatus
from tipline.domain.words import Text
from tipline.models import Case, Clock, Measure, Visit
from tipline.queries.countdowns import left
from tipline.queries.eligibility import is_for
from tipline.queries.history import step_of
from tipline.queries.licences import Registered, licences_at
from tipline.queries.paging import Page, page_of
from tipline.queries.triage import in_reach
from tipline.runtime import policy, settings


@dataclass(frozen=True)
class PoolRow:
    """One case in the pool: where roughly, what kind, how urgent. No address, no words.

    `point` is only for working out which case lies near, and is shown to nobody.
    """

    id: int
    number: str
    division: str
    kind: Text
    priority: int
    status: Text
    due_on: date | None
    days_left: int | None
    urgency: str
    provisional: bool
    point: claiming.Point | None


@dataclass(frozen=True)
class RunningClock:
    """One deadline, as staff see it."""

    id: int
    label: Text
    due_on: date | None
    days_left: int | None
    urgency: str
    provisional: bool
    state: str


@dataclass(frozen=True)
class CaseView:
    """What the inspector who claimed a case reads."""

    id: int
    number: str
    clinic_id: int
    status: Text
    kind: Text
    division: str
    address: str
    floor: str
    brief: str
    priority: int
    open: bool
    filed_at: datetime | None
    finding: Text | None
    finding_note: str
    licences: Sequence[Registered]
    visits: Sequence[Visit]
    measures: Sequence[tuple[Text, Measure]]
    clocks: Sequence[RunningClock]


def pool(actor: Actor, *, after: str | None, now: datetime) -> Page[PoolRow]:
    """Accepted cases that nobody has claimed, in the inspector's districts, most urgent first."""
    query = (
        select(Case)
        .join(Case.office)
        .where(Case.status == CaseStatus.QUEUED, in_reach(actor, "case:pool"))
        .where(is_for(actor.id, now=now))
    )
    found = page_of(query, Case, after=after)
    return Page([_pool_row(case, now) for (case,) in found.rows], found.after)


def next_of(rows: Sequence[PoolRow], mine: Sequence[PoolRow]) -> PoolRow | None:
    """The case to take next: by danger, slack, and how near it is to what is in hand already."""
    candidates = {row.id: row for row in rows}
    best = claiming.next_best(
        claiming.Candidate(
            id=row.id, priority=row.priority, urgency=row.urgency, km=_nearest(row, mine)
        )
        for row in rows
    )
    return candidates[best.id] if best else None


def _nearest(row: PoolRow, mine: Sequence[PoolRow]) -> float | None:
    known = (_km(row, each) for each in mine)
    return min((km for km in known if km is not None), default=None)


def _km(one: PoolRow, other: PoolRow) -> float | None:
    if one.point and other.point:
        return claiming.distance_km(one.point, other.point)
    return claiming.km_by_division(one.division, other.division)


def mine(actor: Actor, *, now: datetime) -> list[PoolRow]:
    """The cases that this inspector is working on."""
    query = (
        select(Case)
        .where(Case.claimed_by_id == actor.id, Case.status == CaseStatus.CLAIMED)
        .order_by(Case.priority, Case.due_at, Case.id)
    )
    return [_pool_row(case, now) for case in session().scalars(query).unique()]


def claimed_case(actor: Actor, case_id: int, *, now: datetime) -> CaseView:
    """The case, if this inspector has claimed it; NotThere otherwise."""
    case = session().get(Case, case_id)
    if case is None or case.claimed_by_id != actor.id:
        raise NotThere(f"case {case_id}")
    finding = policy().findings[case.finding].label if case.finding else None
    return CaseView(
        id=case.id,
        number=case.number,
        clinic_id=case.clinic_id,
        status=policy().case_statuses[case.status],
        kind=policy().categories[case.category].label,
        division=policy().divisions.name_of(case.clinic.division),
        address=case.clinic.address,
        floor=case.clinic.floor,
        brief=case.brief,
        priority=case.priority,
        open=case.status == CaseStatus.CLAIMED,
        filed_at=case.filed_at,
        finding=finding,
        finding_note=case.finding_note,
        licences=licences_at(
            case.clinic.division,
            case.clinic.address,
            today=now.astimezone(settings().zone).date(),
            category=case.category,
        ),
        visits=case.visits,
        measures=[(policy().measures[each.kind].label, each) for each in case.measures],
        clocks=clocks_of([case.ref, *(tip.ref for tip in case.tips)], now=now),
    )


def clocks_of(refs: Sequence[tuple[str, int]], *, now: datetime) -> list[RunningClock]:
    """The office's deadlines about these records, the next one first; each step once."""
    found: dict[str, RunningClock] = {}
    for kind, record_id in refs:
        clocks = session().scalars(
            select(Clock)
            .where(Clock.about_kind == kind, Clock.about_id == record_id)
            .where(Clock.bound == "office")
            .order_by(Clock.due_at)
        )
        for clock in clocks:
            if (step := step_of(clock)) is not None:
                found.setdefault(clock.step, _running(clock, step.label, now))
    running_first = {"running": 0, "paused": 1}
    return sorted(found.values(), key=lambda each: running_first.get(each.state, 2))


def _running(clock: Clock, label: Text, now: datetime) -> RunningClock:
    countdown = vars(left(clock.due_at, now=now)) | {"provisional": clock.provisional}
    return RunningClock(clock.id, label, **countdown, state=clock.state)


def _pool_row(case: Case, now: datetime) -> PoolRow:
    return PoolRow(point=_point(case), **outline(case, now=now))


def outline(case: Case, *, now: datetime) -> dict[str, Any]:
    """What every list says of a case: which it is, of what kind, how urgent, until when."""
    return {
        "id": case.id,
        "number": case.number,
        "division": policy().divisions.name_of(case.division),
        "kind": policy().categories[case.category].label,
        "priority": case.priority,
        "status": policy().case_statuses[case.status],
        **vars(left(case.due_at, now=now)),
    }


def _point(case: Case) -> claiming.Point | None:
    clinic = case.clinic
    if clinic.latitude is None or clinic.longitude is None:
        return None
    return clinic.latitude, clinic.longitude
