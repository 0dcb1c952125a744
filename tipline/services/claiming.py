"""Claiming: who may take a case now, and for how long one who dropped it stays away."""

from datetime import datetime

from sqlalchemy import Select, exists, select, update

from tipline.db import session, use_case
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import CaseStatus
from tipline.models import Case, Entry, Recusal
from tipline.queries.eligibility import is_away, is_for, may_take, workdays_after
from tipline.runtime import policy
from tipline.services import journal

WORK = ("visit.planned", "visit.made", "measure.imposed", "case.found", "case.filed")
BATCH = 100


class TakenByColleague(Exception):
    """Somebody else claimed the case first."""


class NotNow(Exception):
    """This inspector may not take a case just now; the message is the key of the reason."""


def take(case_id: int, *, by: Actor, now: datetime) -> None:
    """The step in which exactly one of any number of inspectors gets a case of the pool."""
    taken = session().scalar(
        update(Case)
        .where(Case.id == case_id, Case.status == CaseStatus.QUEUED, may_take(by.id, now=now))
        .values(
            status=CaseStatus.CLAIMED,
            claimed_by_id=by.id,
            claimed_at=now,
            lease_until=lease(now),
            warned_at=None,
        )
        .returning(Case.id)
    )
    if taken is None:
        _explain(case_id, by=by, now=now)


def _explain(case_id: int, *, by: Actor, now: datetime) -> None:
    if session().scalar(select(is_away(by.id, now=now))):
        raise NotNow("away")
    free = select(Case.id).where(
        Case.id == case_id, Case.status == CaseStatus.QUEUED, is_for(by.id, now=now)
    )
    raise TakenByColleague(case_id) if session().scalar(free) is None else NotNow("weight")


def bar(case_id: int, staff_id: int, *, until: datetime | None, now: datetime) -> None:
    """The step that keeps somebody away from a case: for a while, or without an end for good."""
    mine = (Recusal.case_id == case_id, Recusal.staff_id == staff_id)
    found = session().scalar(select(Recusal).where(*mine))
    if found is None:
        session().add(Recusal(case_id=case_id, staff_id=staff_id, at=now, until=until))
    elif found.until is not None:
        found.until = until


def cool_off(case: Case, *, now: datetime) -> None:
    """The step after a claim ends with nothing done: its holder may not take it again at once."""
    if case.claimed_by_id is None or case.claimed_at is None or _worked_on(case):
        return
    until = workdays_after(now, policy().casework.cooling_off_workdays)
    bar(case.id, case.claimed_by_id, until=until, now=now)


def _worked_on(case: Case) -> bool:
    by = journal.staff(case.claimed_by_id or 0)
    about = (Entry.about_kind == "case", Entry.about_id == case.id, Entry.by == by)
    work = exists().where(*about, Entry.at >= case.claimed_at, Entry.event.in_(WORK))
    return bool(session().scalar(select(work)))


def warn_idle(*, now: datetime) -> int:
    """Remind whoever has a case whose lease ends soon, once a lease; returns how many.

    Most of the time there is nobody, and nothing waits for the right to write.
    """
    return _warn(now=now) if session().scalar(_to_warn(now).limit(1)) is not None else 0


def _to_warn(now: datetime) -> Select[Case]:
    soon = workdays_after(now, policy().casework.warn_workdays_before_return)
    idle = select(Case).where(Case.status == CaseStatus.CLAIMED, Case.lease_until <= soon)
    return idle.where(Case.warned_at.is_(None))


@use_case
def _warn(*, now: datetime) -> int:
    locked = _to_warn(now).limit(BATCH).with_for_update(skip_locked=True, of=Case)
    cases = session().scalars(locked).all()
    for each in cases:
        each.warned_at = now
        journal.record("case.lease_warned", each.ref, by=journal.SYSTEM, now=now)
    return len(cases)


def lease(now: datetime) -> datetime:
    """The step that says until when silence is no sign of idleness: some working days from now."""
    return workdays_after(now, policy().casework.claim_lease_workdays)
