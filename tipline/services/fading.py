"""Fading: messages that carry a code are taken back from the chat after ten minutes."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tipline.channels import CannotReach, TakesBack, TryLater, Unclear
from tipline.db import session, use_case
from tipline.models import Fading
from tipline.runtime import runtime

STAYS = timedelta(minutes=10)
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 20
BATCH = 20


def promise(channel: str, sealed: bytes, message_id: str, *, now: datetime) -> None:
    """Take this message back when its time is over, where a channel can."""
    if _taker(channel) is not None:
        row = Fading(channel=channel, sealed=sealed, message_id=message_id, due_at=now + STAYS)
        session().add(row)


@use_case
def lease(*, now: datetime) -> list[int]:
    """The messages whose time is over, for this worker; to take one back twice does no harm."""
    due = select(Fading).where(Fading.done_at.is_(None), Fading.due_at <= now)
    rows = session().scalars(
        due.order_by(Fading.due_at).limit(BATCH).with_for_update(skip_locked=True)
    )
    return [row.id for row in rows if _begin(row, now)]


def _begin(row: Fading, now: datetime) -> bool:
    """Whether to try: a chat that never lets it go is left as it is in the end."""
    row.due_at, row.attempts = now + LEASE, row.attempts + 1
    row.done_at = now if row.attempts > MOST_ATTEMPTS else None
    return row.done_at is None


def take_back(fading_id: int, *, now: datetime) -> None:
    """Remove one message; what is gone already, or too old to be removed, is done with."""
    row = session().get_one(Fading, fading_id)
    channel = _taker(row.channel)
    if channel is None:
        return
    try:
        channel.take_back(runtime().contacts.open(row.sealed)["address"], row.message_id)
    except (TryLater, Unclear):
        return
    except CannotReach:
        pass
    _done(fading_id, now=now)


@use_case
def _done(fading_id: int, *, now: datetime) -> None:
    session().get_one(Fading, fading_id).done_at = now


def _taker(channel: str) -> TakesBack | None:
    found = runtime().channels.get(channel, ())
    return next((each for each in found if isinstance(each, TakesBack)), None)
