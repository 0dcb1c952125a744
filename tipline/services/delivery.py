"""The outbox: each notice is sent once, or somebody at the office learns that it was not."""

import random
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tipline.channels import Answers, Status, Threads
from tipline.db import session, use_case
from tipline.domain import quiet, sending
from tipline.domain.sending import OPEN, Sending, Why
from tipline.models import Delivery
from tipline.queries import promises
from tipline.runtime import policy, runtime, settings
from tipline.services import addressees, calling, carriers, fading, hearing, notices, references
from tipline.services.calling import Outgoing, Result
from tipline.services.composing import Files
from tipline.services.giving_up import give_up

BATCH = 20
FOR_EACH_SENDER = 4


@use_case
def lease(*, now: datetime) -> list[int]:
    """Take the deliveries that are due for this worker, and sort out what crashed workers left."""
    return [row.id for row in _leased(now=now)]


@use_case
def lease_by_person(*, now: datetime) -> list[list[int]]:
    """As `lease`: in each list what goes to one person, in its order."""
    found: dict[object, list[int]] = {}
    for row in _leased(now=now):
        found.setdefault(row.contact.sender_mark or row.contact_id, []).append(row.id)
    return list(found.values())


def _leased(*, now: datetime) -> list[Delivery]:
    _without_channel(now=now)
    most = max(BATCH, FOR_EACH_SENDER * int(settings().senders))
    return [row for channel in runtime().channels for row in _taken_of(channel, most, now=now)]


def _without_channel(*, now: datetime) -> None:
    """What nobody here can bring is left to the next channel, or to the office."""
    due = select(Delivery).where(Delivery.state.in_(OPEN), Delivery.due_at <= now)
    left = due.where(Delivery.channel.not_in(tuple(runtime().channels)))
    for row in session().scalars(left.limit(BATCH).with_for_update(skip_locked=True)):
        give_up(row, Sending.FAILED, Why.NO_CHANNEL, "", now=now)


def _taken_of(channel: str, most: int, *, now: datetime) -> list[Delivery]:
    due = select(Delivery).where(
        Delivery.channel == channel, Delivery.state.in_(OPEN), Delivery.due_at <= now
    )
    with_all = due.options(selectinload(Delivery.notice), selectinload(Delivery.contact))
    locked = with_all.order_by(Delivery.due_at, Delivery.id).limit(most)
    found = session().scalars(locked.with_for_update(skip_locked=True))
    ready = _paid_for(channel, [row for row in found if _is_ready(row, now=now)], now=now)
    takers = carriers.chosen(channel, len(ready), now=now) if ready else []
    for row, taker in zip(ready, takers, strict=False):
        # Who may have sent it already is the one to ask, and the only one to send it again.
        row.provider = row.provider if row.unclear and row.provider else taker
        row.state, row.due_at = Sending.LEASED, now + sending.LEASE
    return ready[: len(takers)]


def _paid_for(channel: str, rows: list[Delivery], *, now: datetime) -> list[Delivery]:
    """What the day's budget still pays for, and what is brought whatever it costs."""
    room, paid = carriers.room(channel, now=now), []
    for row in rows:
        if row.unclear or row.notice.kind in policy().outbox.beyond_budget:
            paid.append(row)
        elif room:
            room -= 1
            paid.append(row)
        else:
            _over_budget(row, now=now)
    return paid


def _over_budget(row: Delivery, *, now: datetime) -> None:
    """Mere talk is left; what matters to the reporter is brought on the next morning."""
    if row.notice.kind in notices.TALK:
        give_up(row, Sending.FAILED, Why.OVER_BUDGET, "", now=now)
        return
    day = now.astimezone(settings().zone) + timedelta(days=1)
    morning = datetime.combine(day, policy().outbox.quiet_hours.ends, settings().zone)
    row.state, row.due_at = Sending.PENDING, morning


def _is_ready(row: Delivery, *, now: datetime) -> bool:
    """Whether the row is to be sent; one that may have been sent waits, and goes once more."""
    if row.state == Sending.SENDING:
        row.state, row.due_at = Sending.AMBIGUOUS, now + sending.AMBIGUITY_WAIT
        row.unclear += 1
        return False
    if row.unclear > 1 and not isinstance(runtime().providers.get(row.provider), Answers):
        give_up(row, Sending.DEAD, Why.NO_ANSWER, row.reason, now=now)
        return False
    if now - row.owed_at > timedelta(hours=policy().outbox.patience_hours):
        why = Why.NO_ANSWER if row.unclear else Why.NOT_TAKEN
        give_up(row, Sending.DEAD, why, row.reason, now=now)
        return False
    morning = _quiet_until(row, now)
    if morning is not None:
        row.due_at = morning
    return morning is None


def _quiet_until(row: Delivery, now: datetime) -> datetime | None:
    """Until when this one can wait, so that nobody is woken by it."""
    rules = policy().outbox
    hours = rules.quiet_hours
    if row.channel not in hours.channels or row.notice.kind not in rules.can_wait:
        return None
    return quiet.ends_at(now, begins=hours.begins, ends=hours.ends, zone=settings().zone)


@use_case
def begin(delivery_id: int, *, now: datetime) -> Outgoing | None:
    """Commit the attempt before the provider is called; None if it is not to be called now."""
    row = session().get_one(Delivery, delivery_id, with_for_update=True)
    if row.state != Sending.LEASED:
        return None
    tip = row.notice.tip
    bound_to = row.contact.tip.number if row.contact.tip else ""
    try:
        address = runtime().contacts.address_for(bound_to, row.contact.sealed)
    except Exception as broken:
        reason = f"cannot be opened: {type(broken).__name__}"
        give_up(row, Sending.FAILED, Why.BROKEN, reason, now=now)
        return None
    if not _may_write(row, address, now=now):
        return None
    row.state, row.due_at = Sending.SENDING, now + sending.LEASE
    row.attempts += 1
    if not row.unclear or row.tried_at is None:
        row.tried_at = now
    return Outgoing(
        delivery_id=row.id,
        attempt=row.attempts,
        channel=row.channel,
        provider=row.provider,
        kind=row.notice.kind,
        locale=row.contact.locale,
        field=row.notice.field,
        files=Files(row.notice.files, row.notice.too_large),
        number=tip.number if tip else "",
        promised=promises.next_promise(tip.id) if tip else None,
        unclear=row.unclear,
        tried_at=row.tried_at,
        follows=_follows(row),
        address=address,
        code_sealed=_code_of(row),
    )


def _follows(row: Delivery) -> str:
    """The person's own message to which this one belongs, where the channel has threads."""
    if not isinstance(runtime().providers.get(row.provider), Threads):
        return ""
    return hearing.message_before(row.notice, row.channel, row.contact.sender_mark)


def _code_of(row: Delivery) -> bytes | None:
    """The code goes to nobody but who the tip came from."""
    tip = row.notice.tip
    is_theirs = tip is not None and row.contact.tip_id == tip.id
    return tip.code_sealed if tip and is_theirs and row.notice.kind == "code" else None


def _may_write(row: Delivery, address: str, *, now: datetime) -> bool:
    """Whether this person may be written to at all, and now."""
    person = row.addressee = addressees.of(row.channel, address, now=now)
    row.contact.sender_mark = person.mark  # so that an answer to this message is recognised
    if person.silent or row.contact.stopped_at is not None:
        give_up(row, Sending.FAILED, Why(person.silent or Why.OPTED_OUT), "", now=now)
        return False
    between = policy().outbox.pace_of(row.provider).seconds_between
    later = addressees.waits_until(person, now=now, seconds_between=between)
    if later is not None:
        row.state, row.due_at = Sending.PENDING, later
        return False
    addressees.written_to(person, now=now, seconds_between=between)
    return True


def send(delivery_id: int, *, now: datetime) -> None:
    """One attempt: commit it, call the provider with no transaction open, write down the result."""
    outgoing = begin(delivery_id, now=now)
    if outgoing is not None:
        settle(outgoing, calling.call(outgoing), now=now)


@use_case
def settle(outgoing: Outgoing, result: Result, *, now: datetime) -> None:
    """Write down what became of an attempt, and how its provider fares."""
    row = session().get_one(Delivery, outgoing.delivery_id, with_for_update=True)
    _tell_carrier(outgoing.provider, result, now=now)
    if not _counts(row, outgoing, result):
        return
    if result.state is Sending.FAILED:
        give_up(row, Sending.FAILED, result.why, result.reason, now=now)
    elif result.state is Sending.PENDING and row.attempts >= sending.MOST_ATTEMPTS:
        give_up(row, Sending.DEAD, Why.NOT_TAKEN, result.reason, now=now)
    else:
        _go_on(row, result, now=now)


def _counts(row: Delivery, outgoing: Outgoing, result: Result) -> bool:
    """That it was taken always counts; anything else only from the latest attempt."""
    latest = row.attempts == outgoing.attempt or result.state is Sending.ACCEPTED
    return latest and sending.leads_to(row.state, result.state)


def _go_on(row: Delivery, result: Result, *, now: datetime) -> None:
    row.state, row.reason, row.unclear = result.state, result.reason[:200], result.unclear
    row.provider_id = result.provider_id or row.provider_id
    row.segments += result.segments
    row.due_at = now + _wait(row, result)
    if result.state is Sending.ACCEPTED and row.notice.kind == "code":
        fading.promise(row.channel, row.contact.sealed, str(row.provider_id), now=now)


def _tell_carrier(provider: str, result: Result, *, now: datetime) -> None:
    """A refusal for good says nothing of the provider; a time to wait is no failure of it."""
    if result.state is Sending.ACCEPTED:
        carriers.worked(provider, segments=result.segments, now=now)
    elif result.wait is not None:
        carriers.asked_to_wait(provider, seconds=result.wait, now=now)
    elif result.state in (Sending.PENDING, Sending.AMBIGUOUS):
        carriers.failed(provider, now=now)


def _wait(row: Delivery, result: Result) -> timedelta:
    if result.state is Sending.AMBIGUOUS:
        return sending.AMBIGUITY_WAIT
    if result.wait is not None:
        return timedelta(seconds=result.wait)
    if result.state is Sending.PENDING:
        return sending.retry_after(row.attempts, random.random())
    return timedelta()


@use_case
def report(channel: str, status: Status, *, now: datetime) -> None:
    """What the provider says became of a message; late and repeated reports change nothing."""
    row = _reported(channel, status)
    if row is None or not sending.leads_to(row.state, status.state):
        return
    if status.state is Sending.FAILED:
        # An earlier attempt that failed says nothing of the one that was taken since.
        if row.provider_id in (None, status.provider_id):
            give_up(row, Sending.FAILED, status.why, status.reason, now=now)
        return
    row.state, row.provider_id = status.state, row.provider_id or status.provider_id


def _reported(channel: str, status: Status) -> Delivery | None:
    ours = references.delivery_in(status.reference)
    known = Delivery.provider_id == status.provider_id
    found = select(Delivery).where(
        Delivery.channel == channel, known if ours is None else Delivery.id == ours
    )
    return session().scalars(found.with_for_update()).first()
