"""The outbox: each notice is sent once, or somebody at the office learns that it was not."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tipline.channels import CannotReach, Channel, Status, TryLater, Unclear
from tipline.db import session, use_case
from tipline.domain import sending
from tipline.domain.sending import Sending
from tipline.models import Delivery
from tipline.queries import promises
from tipline.runtime import runtime
from tipline.services import composing, journal
from tipline.services.composing import Said

BATCH = 100


@dataclass(frozen=True)
class Outgoing:
    """All that is needed to send one notice, read before the provider is called."""

    delivery_id: int
    channel: str
    kind: str
    locale: str
    field: str  # of the questionnaire, for a question of it
    number: str  # empty where it is about no tip
    bound_to: str  # the number of the tip that the contact was left for, empty for none
    promised: promises.Promise | None
    contact_sealed: bytes
    code_sealed: bytes | None


@use_case
def lease(*, now: datetime) -> list[int]:
    """Take the deliveries that are due for this worker, and sort out what crashed workers left."""
    due = select(Delivery).where(
        Delivery.state.in_(("pending", "leased", "sending", "ambiguous")), Delivery.due_at <= now
    )
    locked = due.order_by(Delivery.due_at).limit(BATCH).with_for_update(skip_locked=True)
    return [row.id for row in session().scalars(locked) if _take(row, now=now)]


def _take(row: Delivery, *, now: datetime) -> bool:
    """Whether the row is ours to send; one that may have been sent waits, and goes once more."""
    if row.state == Sending.SENDING:
        row.state, row.due_at = Sending.AMBIGUOUS, now + sending.AMBIGUITY_WAIT
        row.unclear += 1
        return False
    if row.state == Sending.AMBIGUOUS and row.unclear > 1:
        _give_up(row, Sending.DEAD, "no answer from the provider", now=now)
        return False
    row.state, row.due_at = Sending.LEASED, now + sending.LEASE
    return True


@use_case
def begin(delivery_id: int, *, now: datetime) -> Outgoing | None:
    """Commit the attempt before the provider is called; None if another worker has the row."""
    row = session().get_one(Delivery, delivery_id, with_for_update=True)
    if row.state != Sending.LEASED:
        return None
    if row.contact.stopped_at is not None:
        row.state, row.reason = Sending.FAILED, "stopped by the reporter"
        return None
    row.state, row.attempts = Sending.SENDING, row.attempts + 1
    row.due_at = now + sending.LEASE
    tip = row.notice.tip
    return Outgoing(
        delivery_id=row.id,
        channel=row.channel,
        kind=row.notice.kind,
        locale=row.contact.locale,
        field=row.notice.field,
        number=tip.number if tip else "",
        bound_to=row.contact.tip.number if row.contact.tip else "",
        promised=promises.next_promise(tip.id) if tip else None,
        contact_sealed=row.contact.sealed,
        code_sealed=_code_of(row),
    )


def _code_of(row: Delivery) -> bytes | None:
    """The code goes to nobody but who the tip came from."""
    tip = row.notice.tip
    is_theirs = tip is not None and row.contact.tip_id == tip.id
    return tip.code_sealed if tip and is_theirs and row.notice.kind == "code" else None


def send(delivery_id: int, *, now: datetime) -> None:
    """One attempt: commit it, call the provider with no transaction open, write down the result."""
    outgoing = begin(delivery_id, now=now)
    if outgoing is None:
        return
    try:
        channel, address, said = _prepare(outgoing)
    except Exception as broken:
        reason = f"cannot be composed: {type(broken).__name__}"
        settle(delivery_id, Sending.FAILED, reason=reason, now=now)
        return
    try:
        provider_id = channel.speak(address, said.text, said.choices)
    except CannotReach as refused:
        settle(delivery_id, Sending.FAILED, reason=str(refused), now=now)
    except TryLater as later:
        settle(delivery_id, Sending.PENDING, reason=str(later), wait=later.after, now=now)
    except Unclear as unclear:
        settle(delivery_id, Sending.AMBIGUOUS, reason=str(unclear), now=now)
    else:
        settle(delivery_id, Sending.ACCEPTED, provider_id=provider_id, now=now)


def _prepare(outgoing: Outgoing) -> tuple[Channel, str, Said]:
    """Channel, address and words; nothing has left yet when this fails."""
    channel = runtime().channels[outgoing.channel]
    contacts = runtime().contacts
    code = contacts.open(outgoing.code_sealed)["code"] if outgoing.code_sealed else ""
    said = composing.compose(
        outgoing.kind,
        channel=outgoing.channel,
        locale=outgoing.locale,
        field=outgoing.field,
        number=outgoing.number,
        promised=outgoing.promised,
        code=code,
    )
    return channel, contacts.address_for(outgoing.bound_to, outgoing.contact_sealed), said


@use_case
def settle(
    delivery_id: int,
    state: Sending,
    *,
    now: datetime,
    provider_id: str | None = None,
    reason: str = "",
    wait: float | None = None,
) -> None:
    """Write down what became of an attempt."""
    row = session().get_one(Delivery, delivery_id, with_for_update=True)
    if not sending.may_move(row.state, state):
        return
    if state is Sending.FAILED or (state is Sending.PENDING and _tried_enough(row)):
        _give_up(row, Sending.FAILED if state is Sending.FAILED else Sending.DEAD, reason, now=now)
        return
    row.state, row.reason = state, reason[:200]
    row.unclear += state is Sending.AMBIGUOUS
    row.provider_id = provider_id or row.provider_id
    row.due_at = now + _wait(row, state, wait)


@use_case
def report(channel: str, status: Status, *, now: datetime) -> None:
    """What the provider says became of a message; late and repeated reports change nothing."""
    found = select(Delivery).where(
        Delivery.channel == channel, Delivery.provider_id == status.provider_id
    )
    row = session().scalars(found.with_for_update()).first()
    state = Sending.DELIVERED if status.delivered else Sending.FAILED
    if row is None or not sending.may_move(row.state, state):
        return
    if state is Sending.FAILED:
        _give_up(row, state, status.reason, now=now)
    else:
        row.state = state


def _tried_enough(row: Delivery) -> bool:
    return row.attempts >= sending.MOST_ATTEMPTS


def _give_up(row: Delivery, state: Sending, reason: str, *, now: datetime) -> None:
    """The office learns of it on the list of those who could not be reached."""
    row.state, row.reason = state, reason[:200]
    if row.notice.tip is not None:
        facts = {"notice": row.notice.kind, "channel": row.channel}
        about = row.notice.tip.ref
        journal.record("notice.dead", about, by=journal.SYSTEM, now=now, facts=facts)


def _wait(row: Delivery, state: Sending, asked: float | None) -> timedelta:
    if state is Sending.AMBIGUOUS:
        return sending.AMBIGUITY_WAIT
    if asked is not None:
        return timedelta(seconds=asked)
    if state is Sending.PENDING:
        return sending.retry_after(row.attempts, random.random())
    return timedelta()
