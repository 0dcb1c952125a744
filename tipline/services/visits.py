"""Visits: planned and made by at least two, with what was counted, checked and photographed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.actors import Actor
from tipline.models import Case, CasePhoto, Visit, VisitOfficer, VisitPlan
from tipline.queries import workforce
from tipline.runtime import policy, runtime
from tipline.services import evidence, journal
from tipline.services.casework import at_work
from tipline.vault import files

CHECKED = ("yes", "no")


class NotEnough(Exception):
    """A visit takes at least two inspectors of the office; the message is the key of the reason."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What an inspector writes down about a visit; `others` are the colleagues who were there.

    `purpose` is the step of the deadline profile that the visit was made for, `client_id` the
    number that the device gave it.
    """

    kind: str
    at: datetime
    others: tuple[int, ...]
    note: str = ""
    partners: str = ""
    people: int = 0
    vehicles: int = 0
    checklist: Mapping[str, str] = field(default_factory=dict)
    purpose: str = ""
    client_id: str = ""


@use_case
def plan(
    case_id: int,
    *,
    by: Actor,
    kind: str,
    planned_at: datetime,
    partners: str = "",
    note: str = "",
    now: datetime,
) -> None:
    """Plan a visit: open, undercover, lying in wait, or together with the police."""
    case = at_work(case_id, by=by, now=now)
    plan = VisitPlan(case_id=case.id, kind=kind, planned_at=planned_at, by_id=by.id, at=now)
    plan.partners, plan.note = partners.strip(), note.strip()
    session().add(plan)
    journal.record("visit.planned", case.ref, by=by.by, now=now, facts={"kind": kind})


@use_case
def record(case_id: int, *, by: Actor, seen: Seen, now: datetime) -> int:
    """Record a visit that was made; the same number of a device again changes nothing."""
    case = at_work(case_id, by=by, now=now)
    return write_down(case, by=by, seen=seen, now=now)


def write_down(case: Case, *, by: Actor, seen: Seen, now: datetime) -> int:
    """The step that keeps a visit with those who were there, and tells the clocks."""
    if (known := _known(case, seen.client_id)) is not None:
        return known
    others = _colleagues(case, by, seen.others)
    visit = Visit(
        case_id=case.id,
        kind=seen.kind,
        at=seen.at,
        note=seen.note,
        partners=seen.partners.strip(),
        people=max(seen.people, len(others) + 1),
        vehicles=seen.vehicles,
        checklist=_checked(case.category, seen.checklist),
        purpose=seen.purpose,
        client_id=seen.client_id or None,
        by_id=by.id,
    )
    visit.present = [VisitOfficer(staff_id=person) for person in (by.id, *others)]
    case.visits.append(visit)
    _close_plans(case, seen)
    facts = {"kind": seen.kind} | ({"clock": seen.purpose} if seen.purpose else {})
    journal.record("visit.made", case.ref, by=by.by, now=now, at=seen.at, facts=facts)
    return visit.id


def add_photo(case_id: int, *, by: Actor, content: bytes, client_id: str, now: datetime) -> None:
    """Keep a photo sealed to the desk; sealed and written before the transaction begins."""
    name = files.write(evidence.folder(), content, public=runtime().desk_public_key)
    digest = sha256(content).hexdigest()
    try:
        kept = _keep_photo(
            case_id,
            by=by,
            client_id=client_id,
            file=name,
            size=len(content),
            digest=digest,
            now=now,
        )
    except Exception:
        files.remove(evidence.folder(), name)
        raise
    if not kept:
        files.remove(evidence.folder(), name)


@use_case
def _keep_photo(
    case_id: int, *, by: Actor, client_id: str, file: str, size: int, digest: str, now: datetime
) -> bool:
    """Whether the photo is new; one that was sent before is not kept twice."""
    case = at_work(case_id, by=by, now=now)
    if session().scalar(select(CasePhoto.id).where(CasePhoto.client_id == client_id)):
        return False
    photo = CasePhoto(case_id=case.id, client_id=client_id, file=file, size=size, sha256=digest)
    photo.by_id, photo.at = by.id, now
    session().add(photo)
    facts = {"sha256": digest, "size": size}
    journal.record("visit.photographed", case.ref, by=by.by, now=now, facts=facts)
    return True


def _known(case: Case, client_id: str) -> int | None:
    if not client_id:
        return None
    same = (Visit.client_id == client_id) & (Visit.case_id == case.id)
    return session().scalar(select(Visit.id).where(same))


def _colleagues(case: Case, by: Actor, others: tuple[int, ...]) -> list[int]:
    """Those who were there beside the one who writes; NotEnough when they are too few."""
    able = {person.id for person in workforce.inspectors_for(case)}
    found = [person for person in dict.fromkeys(others) if person != by.id]
    if not able.issuperset(found):
        raise NotEnough("not_theirs")
    if len(found) + 1 < policy().visits.officers:
        raise NotEnough("few")
    return found


def _checked(category: str, answers: Mapping[str, str]) -> dict[str, str]:
    items = {item.id for item in policy().visits.items_for(category)}
    return {name: told for name, told in answers.items() if name in items and told in CHECKED}


def _close_plans(case: Case, seen: Seen) -> None:
    waiting = (VisitPlan.case_id == case.id, VisitPlan.kind == seen.kind)
    for plan in session().scalars(select(VisitPlan).where(*waiting, VisitPlan.done_at.is_(None))):
        plan.done_at = seen.at
