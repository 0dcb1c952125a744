"""Closing is earned: what has to be there before a case ends with its finding."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from tipline.db import session, use_case
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import TransferStatus
from tipline.models import Case, CasePhoto, ClinicParty, Decision, Listing, Measure, Transfer
from tipline.runtime import policy
from tipline.services import journal
from tipline.services.reach import claimed_case_for

UNDECIDED = (TransferStatus.PROPOSED, TransferStatus.APPROVED)
GONE = (TransferStatus.HANDED_OVER, TransferStatus.ACCEPTED, TransferStatus.RETURNED)


class NotYet(Exception):
    """Closing must be earned: something is still missing; the message is its key."""


@use_case
def tick(case_id: int, *, by: Actor, ticks: frozenset[str], now: datetime) -> None:
    """Say which of the conditions of a listed case are fulfilled."""
    case = claimed_case_for(by, case_id)
    case.ticks = [each.id for each in policy().ticks.values() if each.id in ticks]
    journal.record("case.ticked", case.ref, by=by.by, now=now, facts={"ticks": case.ticks})


def ensure_earned(case: Case) -> None:
    """NotYet with the first thing that is missing for the finding of this case."""
    if case.finding is None:
        raise NotYet("finding")
    finding = policy().findings[case.finding]
    if finding.needs_visit and not case.visits:
        raise NotYet("visit")
    for need in finding.needs:
        if not _is_there(NEEDS[need](case)):
            raise NotYet(need)
    open_task = exists().where(Transfer.case_id == case.id, Transfer.status.in_(UNDECIDED))
    if _is_there(open_task):
        raise NotYet("transfer_open")
    if is_listed(case) and set(policy().ticks) - set(case.ticks or ()):
        raise NotYet("ticks")


def is_listed(case: Case) -> bool:
    """Whether a level has listed the case for its supervision."""
    return _is_there(exists().where(Listing.stands_for(case.id)))


def _is_there(condition: ColumnElement[bool]) -> bool:
    return bool(session().scalar(select(condition)))


def _measure(case: Case) -> ColumnElement[bool]:
    return exists().where(Measure.case_id == case.id)


def _decision(case: Case) -> ColumnElement[bool]:
    stands = (Decision.served_at.is_not(None), Decision.revoked_at.is_(None))
    return exists().where(Decision.case_id == case.id, *stands)


def _transfer(case: Case) -> ColumnElement[bool]:
    """Handed over with its file, or noted as a measure."""
    noted = exists().where(Measure.case_id == case.id, Measure.kind == "transfer")
    return noted | exists().where(Transfer.case_id == case.id, Transfer.status.in_(GONE))


def _photo(case: Case) -> ColumnElement[bool]:
    return exists().where(CasePhoto.case_id == case.id)


def _party(case: Case) -> ColumnElement[bool]:
    return exists().where(ClinicParty.clinic_id == case.clinic_id)


NEEDS: Mapping[str, Callable[[Case], ColumnElement[bool]]] = {
    "measure": _measure,
    "decision": _decision,
    "transfer": _transfer,
    "photo": _photo,
    "party": _party,
}
