"""Transfers to the police: proposed, decided, handed over whole, and answered."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain import lifecycle
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import CaseStatus, TransferStatus
from tipline.models import Case, Transfer
from tipline.runtime import policy
from tipline.services import claiming, journal, reopening, suspicion
from tipline.services.casework import at_work
from tipline.services.measures import is_party_of
from tipline.services.reach import case_for, claimed_case_for

OPEN = (TransferStatus.PROPOSED, TransferStatus.APPROVED, TransferStatus.HANDED_OVER)


class NotComplete(Exception):
    """The transfer cannot go on yet; the message is the key of what is missing."""


@use_case
def propose(case_id: int, *, by: Actor, kind: str, party_id: int | None, now: datetime) -> None:
    """An inspector suspects a crime; the head decides within three days."""
    case = at_work(case_id, by=by, now=now)
    if kind not in policy().legal.transfers:
        raise NotComplete("kind")
    if party_id is not None and not is_party_of(case, party_id):
        raise NotComplete("party")
    same = (Transfer.case_id == case.id, Transfer.status.in_(OPEN), Transfer.party_id == party_id)
    if session().scalar(select(Transfer.id).where(*same).limit(1)) is not None:
        raise NotComplete("under_way")
    suspicion.propose(case, party_id, kind=kind, ground="inspector", by=by, now=now)


@use_case
def decide(transfer_id: int, *, by: Actor, granted: bool, now: datetime) -> None:
    """The head approves or refuses; never one's own proposal. Source: Order 310 art 5."""
    transfer = _load(transfer_id)
    case = case_for(by, transfer.case_id, "transfer:decide")
    if transfer.proposed_by_id == by.id:
        raise NotComplete("own")
    to = TransferStatus.APPROVED if granted else TransferStatus.REFUSED
    transfer.status = lifecycle.ensure_transfer_move(transfer.status, to)
    transfer.decided_by_id, transfer.decided_at = by.id, now
    session().flush()
    event = "transfer.approved" if granted else "transfer.refused"
    facts = {"transfer": transfer.id, "by": "head"}
    journal.record(event, case.ref, by=by.by, now=now, facts=facts)


@use_case
def tick(transfer_id: int, *, by: Actor, documents: frozenset[str], now: datetime) -> None:
    """Say which documents of the set are there."""
    transfer = _load(transfer_id)
    case = claimed_case_for(by, transfer.case_id)
    known = policy().legal.transfers[transfer.kind].documents
    transfer.documents = [each.id for each in known if each.id in documents]
    session().flush()
    facts = {"transfer": transfer.id, "documents": transfer.documents}
    journal.record("transfer.prepared", case.ref, by=by.by, now=now, facts=facts)


@use_case
def hand_over(transfer_id: int, *, by: Actor, at: datetime, now: datetime) -> None:
    """Hand the whole set over; the case waits for the police. Source: Order 310 arts 5 and 6."""
    transfer = _load(transfer_id)
    case = claimed_case_for(by, transfer.case_id)
    if missing(transfer):
        raise NotComplete("documents")
    to = TransferStatus.HANDED_OVER
    transfer.status = lifecycle.ensure_transfer_move(transfer.status, to)
    transfer.handed_over_at = at
    if case.status == CaseStatus.CLAIMED:
        case.lease_until = None
    session().flush()
    facts = {"transfer": transfer.id}
    journal.record("transfer.handed_over", case.ref, by=by.by, now=now, at=at, facts=facts)


@use_case
def note_answer(
    transfer_id: int, *, by: Actor, accepted: bool, document: str, at: datetime, now: datetime
) -> None:
    """The police opened a case, or sent it back: then the office decides about it itself again.

    Source: Order 310 arts 8 and 10.
    """
    transfer = _load(transfer_id)
    case = claimed_case_for(by, transfer.case_id)
    to = TransferStatus.ACCEPTED if accepted else TransferStatus.RETURNED
    transfer.status = lifecycle.ensure_transfer_move(transfer.status, to)
    transfer.answered_at, transfer.answer = at, document.strip()
    session().flush()
    event = "transfer.accepted" if accepted else "transfer.refused"
    facts = {"transfer": transfer.id, "by": "police", "document": document.strip()}
    journal.record(event, case.ref, by=by.by, now=now, at=at, facts=facts)
    if not accepted:
        _take_up_again(case, by=by, now=now)


def _take_up_again(case: Case, *, by: Actor, now: datetime) -> None:
    """The administrative course goes on, in the hands of whoever had the case."""
    if case.status in (CaseStatus.CONCLUDED, CaseStatus.CLOSED):
        case.status = lifecycle.ensure_case_move(case.status, CaseStatus.CLAIMED)
        case.finding = None
        for tip in case.tips:
            reopening.owe_an_answer_again(tip)
        session().flush()
        facts = {"because": "returned_by_police"}
        journal.record("case.reopened", case.ref, by=by.by, now=now, facts=facts)
    case.lease_until, case.warned_at = claiming.lease(now), None


def missing(transfer: Transfer) -> list[str]:
    """The documents that the law asks for and that are not there yet."""
    wanted = policy().legal.transfers[transfer.kind].documents
    return [each.id for each in wanted if each.required and each.id not in transfer.documents]


def _load(transfer_id: int) -> Transfer:
    transfer = session().get(Transfer, transfer_id, with_for_update=True)
    if transfer is None:
        raise NotThere(f"transfer {transfer_id}")
    return transfer
