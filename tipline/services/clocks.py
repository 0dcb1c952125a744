"""Clocks ring: warnings before the deadline, and what follows when it was missed."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.alarms import Alarm, rung_between
from tipline.models import Clock
from tipline.services import journal
from tipline.services.clockwork import next_ring, rings_of

BATCH = 500
EVENTS = {
    "warned": "clock.warned",
    "missed": "clock.missed",
    "urged": "clock.urged",
    "circulated": "clock.circulated",
}


@use_case
def ring(*, now: datetime) -> int:
    """Warn before, mark missed and urge after, each once; returns how many clocks rang.

    What another worker is ringing is left to it.
    """
    due = select(Clock).where(Clock.state == "running", Clock.ring_at <= now)
    locked = due.order_by(Clock.ring_at).limit(BATCH).with_for_update(skip_locked=True)
    clocks = session().scalars(locked).all()
    for clock in clocks:
        _ring(clock, now)
    return len(clocks)


def _ring(clock: Clock, now: datetime) -> None:
    rings = rings_of(clock)
    for alarm in rung_between(rings, clock.rung_at or clock.started_at, now):
        _sound(clock, alarm, now)
    clock.rung_at = now
    if clock.state == "running":
        clock.ring_at = next_ring(rings, after=now)


def _sound(clock: Clock, alarm: Alarm, now: datetime) -> None:
    """Write one ring down."""
    facts = {"step": clock.step, "due_on": clock.due_on and clock.due_on.isoformat()}
    event = EVENTS[alarm.kind]
    journal.record(event, clock.ref, by=journal.SYSTEM, now=now, at=alarm.at, facts=facts)
    clock.missed = clock.missed or alarm.kind == "missed"
