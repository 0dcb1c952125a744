"""Carriers: which provider takes the next messages, at its pace, while it is well."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from tipline.db import session
from tipline.domain import pace
from tipline.models import Provider
from tipline.runtime import policy, runtime, settings

LONG_PAUSE = timedelta(minutes=1)
ASKING = timedelta(minutes=2)


def chosen(channel: str, wanted: int, *, now: datetime) -> list[str]:
    """For each of so many messages the provider that takes it; fewer when it is not their time.

    A provider that fails is passed over; one that is merely busy is waited for.
    """
    takers: list[str] = []
    for carrier in runtime().channels[channel]:
        row = of(carrier.provider, now=now)
        if _is_away(row, now):
            continue
        if pace.is_trying(row.failures, row.open_until, now=now, most=_most_failures()):
            row.open_until = now + _rest()
            takers += [row.name][: wanted - len(takers)]
            continue
        return takers + _taken(row, wanted - len(takers), now)
    return takers


def room(channel: str, *, now: datetime) -> int:
    """How many more messages the day's budget pays for on this channel."""
    names = [carrier.provider for carrier in runtime().channels[channel]]
    today = Provider.name.in_(names) & (Provider.counted_on == _today(now))
    spent = session().scalar(select(func.sum(Provider.segments)).where(today)) or 0
    budget = policy().outbox.segments
    return max(budget.a_day - spent, 0) // budget.a_message


def of(name: str, *, now: datetime) -> Provider:
    """How this provider fares, locked."""
    found = select(Provider).where(Provider.name == name).with_for_update()
    row = session().scalars(found).first()
    if row is None:
        row = Provider(
            name=name,
            next_at=now,
            paused_until=now,
            open_until=now,
            failures=0,
            counted_on=_today(now),
            segments=0,
        )
        session().add(row)
        session().flush()
    return row


def worked(name: str, *, segments: int, now: datetime) -> None:
    """A message was taken: the breaker closes, and the day's budget is charged."""
    row = of(name, now=now)
    row.failures = 0
    if row.counted_on != _today(now):
        row.counted_on, row.segments = _today(now), 0
    row.segments += segments


def failed(name: str, *, now: datetime) -> None:
    """A message was not taken, or nobody answered; too often in a row, and it is left alone."""
    row = of(name, now=now)
    row.failures += 1
    if row.failures >= _most_failures():
        row.open_until = now + _rest()


def asked_to_wait(name: str, *, seconds: float, now: datetime) -> None:
    """The provider named a time; no worker writes to it before."""
    row = of(name, now=now)
    row.paused_until = max(row.paused_until, now + timedelta(seconds=seconds))


def may_ask(name: str, by: str, *, now: datetime) -> bool:
    """Whether this worker is the one that asks the provider what came in; renewed while it does."""
    row = of(name, now=now)
    left = row.asked_until - now if row.asked_until else timedelta()
    if left > timedelta() and row.asked_by != by:
        return False
    if row.asked_by != by or left < ASKING / 2:
        row.asked_by, row.asked_until = by, now + ASKING
    return True


def _is_away(row: Provider, now: datetime) -> bool:
    """Whether it is to be passed over: it fails, or has asked for a long pause."""
    is_open = pace.is_open(row.failures, row.open_until, now=now, most=_most_failures())
    return is_open or row.paused_until - now > LONG_PAUSE


def _taken(row: Provider, wanted: int, now: datetime) -> list[str]:
    if row.paused_until > now:
        return []
    per_second = policy().outbox.pace_of(row.name).per_second
    taken = min(wanted, pace.free(row.next_at, now=now, per_second=per_second))
    row.next_at = pace.next_after(row.next_at, now=now, per_second=per_second, taken=taken)
    return [row.name] * taken


def _today(now: datetime) -> date:
    return now.astimezone(settings().zone).date()


def _most_failures() -> int:
    return policy().outbox.breaker.failures


def _rest() -> timedelta:
    return timedelta(minutes=policy().outbox.breaker.minutes)
