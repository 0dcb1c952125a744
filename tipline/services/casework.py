"""Casework: an inspector claims a case, visits, records what was found and imposed, concludes."""

from datetime import date, datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain import lifecycle
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.models import Case, Entry, Visit
from tipline.runtime import policy
from tipline.services import claiming, journal, suspicion
from tipline.services.closing import NotYet, ensure_earned
from tipline.services.reach import case_for, claimed_case_for

BATCH = 100


@use_case
def claim(case_id: int, *, by: Actor, now: datetime) -> None:
    """Take a case from the pool; exactly one of any number of inspectors gets it.

    Two claims of one inspector wait for each other, so that neither slips past the limit.
    """
    case = case_for(by, case_id, "case:claim", one_at_a_time=True)
    claiming.take(case.id, by=by, now=now)
    journal.record("case.claimed", case.ref, by=by.by, now=now)


@use_case
def hand_back(case_id: int, *, by: Actor, reason: str, now: datetime) -> None:
    """Return a claimed case to the pool with a reason from the policy.

    Who steps aside for a conflict of interest will not see the case again.
    """
    case = at_work(case_id, by=by, now=now)
    if not policy().return_reasons[reason].recuses:
        claiming.cool_off(case, now=now)
        give_back(case, by=by.by, reason=reason, now=now)
        return
    claiming.bar(case.id, by.id, until=None, now=now)
    give_back(case, by=by.by, reason=reason, now=now, event="case.recused")


@use_case
def record_finding(case_id: int, *, by: Actor, finding: str, note: str, now: datetime) -> None:
    """Record what was established; may be changed until the case is concluded."""
    case = at_work(case_id, by=by, now=now)
    case.finding, case.finding_note = finding, note
    journal.record("case.found", case.ref, by=by.by, now=now, facts={"finding": finding})
    if policy().findings[finding].confirms:
        suspicion.raise_by_rule(case, now=now)


@use_case
def file(case_id: int, *, by: Actor, now: datetime) -> None:
    """Open formal penalty proceedings; the reporters are told, and the decision's clock starts."""
    case = at_work(case_id, by=by, now=now)
    if case.filed_at is not None:
        raise lifecycle.IllegalTransition(f"case {case_id} is filed already")
    case.filed_at = now
    journal.record("case.filed", case.ref, by=by.by, now=now)


@use_case
def note_outside_event(
    case_id: int,
    *,
    by: Actor,
    kind: str,
    at: datetime,
    document: str,
    now: datetime,
    on: date | None = None,
) -> None:
    """Note what happened elsewhere, with its document; `on` is the day that it sets, if any."""
    case = at_work(case_id, by=by, now=now)
    if kind not in policy().outside_events:
        raise NotYet("kind")
    facts = {"kind": kind, "document": document.strip()} | ({"on": on.isoformat()} if on else {})
    journal.record("case.noted", case.ref, by=by.by, now=now, at=at, facts=facts)


@use_case
def conclude(case_id: int, *, by: Actor, now: datetime) -> None:
    """End the inspector's work: an answer becomes due to every tip of the case."""
    case = at_work(case_id, by=by, now=now)
    ensure_earned(case)
    case.status = lifecycle.ensure_case_move(case.status, CaseStatus.CONCLUDED)
    case.lease_until = None
    journal.record("case.concluded", case.ref, by=by.by, now=now, facts={"finding": case.finding})
    close_when_answered(case, by=by.by, now=now)


@use_case
def return_idle(*, now: datetime) -> int:
    """Return claims whose lease ran out to the pool; returns how many."""
    idle = select(Case).where(Case.status == CaseStatus.CLAIMED, Case.lease_until <= now)
    locked = idle.limit(BATCH).with_for_update(skip_locked=True, of=Case)
    cases = session().scalars(locked).all()
    for case in cases:
        claiming.cool_off(case, now=now)
        give_back(case, by=journal.SYSTEM, reason="idle", now=now)
    return len(cases)


def return_all_of(staff_id: int, *, by: str, now: datetime) -> None:
    """The step that returns every claim of somebody who may no longer work here."""
    theirs = select(Case).where(Case.claimed_by_id == staff_id, Case.status == CaseStatus.CLAIMED)
    for case in session().scalars(theirs.with_for_update(of=Case)).all():
        give_back(case, by=by, reason="left", now=now)


def inspectors_of(case: Case) -> set[int]:
    """Everybody who ever claimed the case or wrote down a visit."""
    about = (Entry.about_kind == "case") & (Entry.about_id == case.id)
    claims = session().scalars(select(Entry.by).where(about, Entry.event == "case.claimed"))
    given = session().scalars(select(Entry).where(about, Entry.event == "case.assigned"))
    visits = session().scalars(select(Visit.by_id).where(Visit.case_id == case.id))
    assigned = {int(line.facts["to"]) for line in given}
    return {int(by.removeprefix("staff:")) for by in claims} | assigned | set(visits)


def close_when_answered(case: Case, *, by: str, now: datetime) -> None:
    """The step that closes a concluded case once none of its tips waits for an answer."""
    waiting = any(tip.status == TipStatus.ACCEPTED for tip in case.tips)
    if case.status == CaseStatus.CONCLUDED and not waiting:
        case.status = lifecycle.ensure_case_move(case.status, CaseStatus.CLOSED)
        wished = any(tip.wants_reward for tip in case.tips)
        facts = {"reward": "wished"} if wished else {}
        journal.record("case.closed", case.ref, by=by, now=now, facts=facts)


def at_work(case_id: int, *, by: Actor, now: datetime) -> Case:
    """The step that loads the inspector's own open case; working on it renews the lease.

    A case that waits for somebody else has none to renew.
    """
    case = claimed_case_for(by, case_id)
    if case.status != CaseStatus.CLAIMED:
        raise lifecycle.IllegalTransition(f"case {case_id} is {case.status}")
    case.search_due = True
    if case.lease_until is not None:
        case.lease_until, case.warned_at = claiming.lease(now), None
    return case


def give_back(
    case: Case, *, by: str, reason: str, now: datetime, event: str = "case.returned"
) -> None:
    """The step that puts a claimed case back into the pool."""
    case.status = lifecycle.ensure_case_move(case.status, CaseStatus.QUEUED)
    case.claimed_by_id = case.claimed_at = case.lease_until = None
    journal.record(event, case.ref, by=by, now=now, facts={"reason": reason})
