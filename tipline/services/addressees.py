"""Addressees: whom we write to on a channel, whether we may, and when next. In the worker only."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from tipline.db import session
from tipline.domain.sending import Why
from tipline.models import Addressee
from tipline.runtime import runtime

CLOSELY = 3


def of(channel: str, address: str, *, now: datetime) -> Addressee:
    """Who this is, locked; noted down when we write to them for the first time."""
    mark = runtime().contacts.sender_mark(channel, address)
    same = (Addressee.channel == channel) & (Addressee.mark == mark)
    found = session().scalars(select(Addressee).where(same).with_for_update()).first()
    if found is None:
        found = Addressee(channel=channel, mark=mark, next_at=now)
        session().add(found)
        session().flush()
    return found


def silence(addressee: Addressee, why: Why, *, now: datetime) -> None:
    """Nothing is sent there any more."""
    addressee.silent, addressee.silent_at = why, now


def heard_from(channel: str, mark: bytes, *, started: bool = False) -> None:
    """Whoever writes to us can be reached; who opted out only once they take it back."""
    same = (Addressee.channel == channel) & (Addressee.mark == mark)
    if not started:
        same &= Addressee.silent.in_((Why.BLOCKED, Why.NO_SUCH_ADDRESS))
    session().execute(update(Addressee).where(same).values(silent="", silent_at=None))


def waits_until(addressee: Addressee, *, now: datetime, seconds_between: float) -> datetime | None:
    """When the next message may go, if not now; a few may follow each other closely."""
    earliest = addressee.next_at - timedelta(seconds=seconds_between * (CLOSELY - 1))
    return earliest if earliest > now else None


def written_to(addressee: Addressee, *, now: datetime, seconds_between: float) -> None:
    """One more message goes there."""
    addressee.next_at = max(addressee.next_at, now) + timedelta(seconds=seconds_between)
