"""Identity: how a reporter can be reached is shown once, after another unit's consent."""

from datetime import datetime, timedelta

from sqlalchemy import update

from tipline.db import session, use_case
from tipline.domain.actors import Actor, NotThere
from tipline.models import IdentityRequest
from tipline.runtime import runtime
from tipline.services import journal
from tipline.services.reach import case_for, tip_for

SHOWN_FOR = timedelta(minutes=15)


class ReasonMissing(Exception):
    """Nobody's identity is opened without a written reason."""


class NoContact(Exception):
    """The reporter left no way to be reached."""


class SameUnit(Exception):
    """Consent comes from a second person, of another unit."""


class NotApproved(Exception):
    """There is no consent, it was used already, or its quarter of an hour is over."""


@use_case
def request(tip_id: int, *, by: Actor, reason: str, now: datetime) -> int:
    """Ask to learn how the reporter of a tip can be reached; returns the request's id."""
    tip = tip_for(by, tip_id, "identity:request")
    if not reason.strip():
        raise ReasonMissing
    if tip.contact is None:
        raise NoContact
    asked = IdentityRequest(
        tip_id=tip.id, reason=reason.strip(), requested_by_id=by.id, requested_at=now
    )
    session().add(asked)
    session().flush()
    facts = {"request": asked.id}
    journal.record("identity.requested", tip.ref, by=by.by, now=now, facts=facts)
    return asked.id


@use_case
def approve(request_id: int, *, by: Actor, now: datetime) -> None:
    """Consent to a request, as somebody of another unit than whoever asked."""
    asked = _request(request_id)
    case_for(by, asked.tip.case_id, "identity:approve")
    if asked.requested_by_id == by.id or _units(asked) & set(by.reach["identity:approve"]):
        raise SameUnit
    taken = (
        update(IdentityRequest)
        .where(IdentityRequest.id == request_id, IdentityRequest.approved_at.is_(None))
        .values(approved_by_id=by.id, approved_at=now)
    )
    if not session().execute(taken).rowcount:  # type: ignore[attr-defined]
        raise NotApproved(request_id)
    facts = {"request": request_id}
    journal.record("identity.approved", asked.tip.ref, by=by.by, now=now, facts=facts)


@use_case
def reveal(request_id: int, *, by: Actor, now: datetime) -> tuple[str, str]:
    """Channel and address of the reporter, once; the line is written in the same transaction."""
    asked = _request(request_id)
    if asked.requested_by_id != by.id or asked.tip.contact is None:
        raise NotThere(f"request {request_id}")
    case_for(by, asked.tip.case_id, "identity:request")
    consents = (
        update(IdentityRequest)
        .where(
            IdentityRequest.id == request_id,
            IdentityRequest.shown_at.is_(None),
            IdentityRequest.approved_at > now - SHOWN_FOR,
        )
        .values(shown_at=now)
    )
    if not session().execute(consents).rowcount:  # type: ignore[attr-defined]
        raise NotApproved(request_id)
    facts = {"request": request_id}
    journal.record("identity.revealed", asked.tip.ref, by=by.by, now=now, facts=facts)
    contact = asked.tip.contact
    return contact.channel, runtime().contacts.address_for(asked.tip.number, contact.sealed)


def _request(request_id: int) -> IdentityRequest:
    found = session().get(IdentityRequest, request_id, with_for_update=True)
    if found is None:
        raise NotThere(f"request {request_id}")
    return found


def _units(asked: IdentityRequest) -> set[str]:
    """The offices at which whoever asked works."""
    return {grant.office.path for grant in asked.requested_by.grants}
