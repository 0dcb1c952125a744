"""Loads a record for somebody who may work on it, locked for the length of the use case."""

from sqlalchemy import select

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.models import Case, Clinic, Office, Staff, Tip
from tipline.runtime import settings
from tipline.vault import sealing


def case_for(by: Actor, case_id: int, permission: str, *, one_at_a_time: bool = False) -> Case:
    """The case, if this person may do that at its office; NotThere otherwise.

    `one_at_a_time`: what this person does meanwhile waits.
    """
    query = select(Case, Office.path).join(Case.office).where(Case.id == case_id)
    locked: tuple[type, ...] = (Case,)
    if one_at_a_time:
        query, locked = query.join(Staff, Staff.id == by.id), (Case, Staff)
    found = session().execute(query.with_for_update(of=locked)).first()
    if found is None:
        raise NotThere(f"case {case_id}")
    case, path = found
    if not by.may(permission, path):
        raise NotThere(f"case {case_id}")
    return case


def tip_for(by: Actor, tip_id: int, permission: str) -> Tip:
    """The tip, if this person may do that at the office of its case; NotThere otherwise."""
    tip = session().get(Tip, tip_id)
    if tip is None:
        raise NotThere(f"tip {tip_id}")
    case_for(by, tip.case_id, permission)
    session().refresh(tip, with_for_update=True)
    return tip


def claimed_case_for(by: Actor, case_id: int) -> Case:
    """The case that this inspector has claimed; NotThere otherwise."""
    case = case_for(by, case_id, "case:work")
    if case.claimed_by_id != by.id:
        raise NotThere(f"case {case_id}")
    return case


def clinic_for(by: Actor, clinic_id: int, permission: str) -> Clinic:
    """The clinic, if this person may do that to its file; NotThere otherwise.

    An office has a case there; an inspector holds one.
    """
    cases = select(Case.claimed_by_id, Office.path).join(Case.office)
    for holder, path in session().execute(cases.where(Case.clinic_id == clinic_id)):
        if by.may(permission, path) and (holder == by.id or by.may("case:read", path)):
            return session().get_one(Clinic, clinic_id, with_for_update=True)
    raise NotThere(f"clinic {clinic_id}")


def tip_by_code(code: str) -> Tip:
    """The tip that this receipt code opens; NotThere otherwise."""
    mark = sealing.code_mark(code, settings().pepper)
    tip = session().scalar(select(Tip).where(Tip.code_mark == mark).with_for_update())
    if tip is None:
        raise NotThere("tip")
    return tip
