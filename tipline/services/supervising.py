"""Supervision: cases are assigned, taken over, or listed, and it is kept who may take what."""

from datetime import date, datetime
from random import Random

from sqlalchemy import delete, select

from tipline.db import session, use_case
from tipline.domain import claiming as rules
from tipline.domain import lifecycle
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import CaseStatus
from tipline.models import Case, Leave, Listing, Recusal, Staff, StaffSkill
from tipline.queries import workforce
from tipline.queries.eligibility import local_day
from tipline.runtime import policy
from tipline.services import casework, claiming, journal
from tipline.services.reach import case_for

BATCH = 100
FROM_POOL_OR_HAND = (CaseStatus.QUEUED, CaseStatus.CLAIMED)


class CannotAssign(Exception):
    """The case cannot go there; the message is the key of the reason."""


@use_case
def assign(case_id: int, *, by: Actor, to: int, reason: str, now: datetime) -> None:
    """Give a case to an inspector, from the pool or out of a colleague's hands.

    Skill, limit and cooling-off are the supervisor's to judge; stepping aside and leave are not.
    """
    case = case_for(by, case_id, "case:assign")
    if session().scalar(select(Recusal.bars(case.id, to))):
        raise CannotAssign("aside")
    if to not in {person.id for person in workforce.inspectors_for(case)}:
        raise CannotAssign("not_theirs")
    if workforce.away_today(to, now=now):
        raise CannotAssign("away")
    _hand_to(case, to, by=by.by, reason=reason.strip(), now=now)


@use_case
def assign_by_lot(case_id: int, *, by: Actor, dice: Random, now: datetime) -> None:
    """Give a case of the pool to one of those who carry least, as the lot falls."""
    case = case_for(by, case_id, "case:assign")
    if not _drawn(case, by=by.by, dice=dice, now=now):
        raise CannotAssign("nobody")


def deal_out(*, dice: Random, now: datetime) -> int:
    """Give out by lot what the policy lets nobody choose; returns how many."""
    return _deal_out(dice=dice, now=now) if policy().casework.by_lot else 0


@use_case
def _deal_out(*, dice: Random, now: datetime) -> int:
    waiting = select(Case).where(Case.status == CaseStatus.QUEUED)
    chosen = waiting.where(Case.category.in_(policy().casework.by_lot)).limit(BATCH)
    locked = chosen.order_by(Case.priority, Case.id).with_for_update(skip_locked=True, of=Case)
    cases = session().scalars(locked).all()
    return sum(_drawn(case, by=journal.SYSTEM, dice=dice, now=now) for case in cases)


@use_case
def take_over(case_id: int, *, by: Actor, reason: str, now: datetime) -> None:
    """Draw a case up to the supervisor's own office; whoever held it holds it no more."""
    case = case_for(by, case_id, "case:assign")
    if case.status not in FROM_POOL_OR_HAND:
        raise lifecycle.IllegalTransition(f"case {case_id} is {case.status}")
    above = workforce.office_above(by, case)
    if above is None:
        raise CannotAssign("same_office")
    if case.status == CaseStatus.CLAIMED:
        casework.give_back(case, by=by.by, reason="taken_over", now=now)
    facts = {"from_office": case.office_id, "to_office": above.id, "reason": reason.strip()}
    case.office_id = above.id
    session().flush()
    journal.record("case.taken_over", case.ref, by=by.by, now=now, facts=facts)


@use_case
def list_case(
    case_id: int, *, by: Actor, level: str, reason: str, due_on: date, now: datetime
) -> None:
    """List a case for supervision by a level, with a reason and a day until when it is done."""
    case = case_for(by, case_id, "case:assign")
    if case.status not in lifecycle.OPEN_CASE:
        raise CannotAssign("not_open")
    if session().scalar(select(Listing.id).where(Listing.stands_for(case_id))) is not None:
        raise CannotAssign("listed")
    if due_on < local_day(now):
        raise CannotAssign("past")
    listing = Listing(case_id=case.id, level=level, reason=reason.strip(), due_on=due_on)
    listing.listed_by_id, listing.listed_at = by.id, now
    session().add(listing)
    facts = {"level": level, "on": due_on.isoformat()}
    journal.record("case.listed", case.ref, by=by.by, now=now, facts=facts)


@use_case
def unlist(case_id: int, *, by: Actor, now: datetime) -> None:
    """Take a case off the list."""
    case = case_for(by, case_id, "case:assign")
    listing = session().scalar(select(Listing).where(Listing.stands_for(case_id)).with_for_update())
    if listing is None:
        raise CannotAssign("not_listed")
    listing.lifted_by_id, listing.lifted_at = by.id, now
    session().flush()
    facts = {"level": listing.level}
    journal.record("case.unlisted", case.ref, by=by.by, now=now, facts=facts)


@use_case
def set_leave(staff_id: int, *, by: Actor, first_on: date, last_on: date, now: datetime) -> None:
    """Enter days on which an inspector is away; ValueError when they end before they begin."""
    person = _person(by, staff_id)
    if last_on < first_on:
        raise ValueError("a leave ends after it begins")
    session().add(Leave(staff_id=person.id, first_on=first_on, last_on=last_on))
    facts = {"first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
    journal.record("staff.leave", ("staff", person.id), by=by.by, now=now, facts=facts)


@use_case
def set_skills(staff_id: int, *, by: Actor, skills: frozenset[str], now: datetime) -> None:
    """Say which skills of the policy an inspector has."""
    person = _person(by, staff_id)
    known = sorted(skills & set(policy().skills))
    session().execute(delete(StaffSkill).where(StaffSkill.staff_id == person.id))
    session().add_all(StaffSkill(staff_id=person.id, skill=skill) for skill in known)
    facts = {"skills": known}
    journal.record("staff.skilled", ("staff", person.id), by=by.by, now=now, facts=facts)


def _person(by: Actor, staff_id: int) -> Staff:
    person = session().get(Staff, staff_id)
    if person is None or not any(by.may("case:assign", g.office.path) for g in person.grants):
        raise NotThere(f"staff {staff_id}")
    return person


def _drawn(case: Case, *, by: str, dice: Random, now: datetime) -> bool:
    if case.status != CaseStatus.QUEUED:
        raise lifecycle.IllegalTransition(f"case {case.id} is {case.status}")
    chosen = rules.draw(workforce.loads_for(case, now=now), dice)
    if chosen is not None:
        _hand_to(case, chosen, by=by, reason="lot", now=now)
    return chosen is not None


def _hand_to(case: Case, staff_id: int, *, by: str, reason: str, now: datetime) -> None:
    if case.status not in FROM_POOL_OR_HAND:
        raise lifecycle.IllegalTransition(f"case {case.id} is {case.status}")
    facts = {"from": case.claimed_by_id, "to": staff_id, "reason": reason}
    waits = case.status == CaseStatus.CLAIMED and case.lease_until is None
    case.status, case.claimed_by_id, case.claimed_at = CaseStatus.CLAIMED, staff_id, now
    case.lease_until, case.warned_at = None if waits else claiming.lease(now), None
    session().flush()
    journal.record("case.assigned", case.ref, by=by, now=now, facts=facts)
