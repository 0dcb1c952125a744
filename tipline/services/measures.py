"""Measures: what is imposed on whom, each with the fields that belong to its kind."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.actors import Actor
from tipline.models import Case, ClinicParty, Measure
from tipline.runtime import policy
from tipline.services import journal
from tipline.services.casework import at_work


class Incomplete(Exception):
    """A field that belongs to this kind of measure is missing or wrong; the message is its key."""


@dataclass(frozen=True, kw_only=True)
class Imposed:
    """What is imposed: money in fen, things counted in a unit, or something done by a day."""

    kind: str
    amount_fen: int | None = None
    quantity: int | None = None
    unit: str = ""
    due_on: date | None = None
    note: str = ""
    party_id: int | None = None


@use_case
def record(case_id: int, *, by: Actor, imposed: Imposed, now: datetime) -> None:
    """Record what was imposed on the spot; Incomplete when a field is missing."""
    case = at_work(case_id, by=by, now=now)
    impose(case, by=by, imposed=imposed, now=now)


def impose(
    case: Case,
    *,
    by: Actor,
    imposed: Imposed,
    decision_id: int | None = None,
    at: datetime | None = None,
    now: datetime,
) -> Measure:
    """The step that writes a measure down, with only the fields of its kind."""
    _ensure_complete(case, imposed)
    kind = policy().measures[imposed.kind]
    measure = Measure(
        case_id=case.id,
        party_id=imposed.party_id,
        decision_id=decision_id,
        kind=kind.id,
        amount_fen=imposed.amount_fen if kind.has_amount else None,
        quantity=imposed.quantity if kind.units else None,
        unit=imposed.unit if kind.units else "",
        due_on=imposed.due_on if kind.has_due else None,
        note=imposed.note,
        at=at or now,
        by_id=by.id,
    )
    session().add(measure)
    facts: dict[str, object] = {"measure": kind.id, "amount_fen": measure.amount_fen}
    if decision_id is not None:
        facts |= {"decision": decision_id}
    if measure.quantity is not None:
        facts |= {"quantity": measure.quantity, "unit": measure.unit}
    if measure.due_on is not None:
        facts |= {"on": measure.due_on.isoformat()}
    journal.record("measure.imposed", case.ref, by=by.by, now=now, at=at, facts=facts)
    return measure


def _ensure_complete(case: Case, imposed: Imposed) -> None:
    kind = policy().measures.get(imposed.kind)
    if kind is None:
        raise Incomplete("kind")
    if kind.has_amount and imposed.amount_fen is None:
        raise Incomplete("amount_yuan")
    if kind.units and (not imposed.quantity or imposed.unit not in kind.units):
        raise Incomplete("quantity")
    if kind.has_due and imposed.due_on is None:
        raise Incomplete("due_on")
    if imposed.party_id is not None and not is_party_of(case, imposed.party_id):
        raise Incomplete("party")


def is_party_of(case: Case, party_id: int) -> bool:
    """Whether this party has to do with the clinic of the case."""
    here = (ClinicParty.clinic_id == case.clinic_id, ClinicParty.party_id == party_id)
    return session().scalar(select(ClinicParty.id).where(*here).limit(1)) is not None
