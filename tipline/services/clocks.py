"""Clocks ring: a warning before the deadline, a mark when it was missed."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.models import Clock
from tipline.runtime import policy
from tipline.services import journal
from tipline.services.clockwork import next_ring

BATCH = 500


@use_case
def ring(*, now: datetime) -> int:
    """Warn before and mark missed after, once each; returns how many clocks rang."""
    due = select(Clock).where(Clock.state == "running", Clock.ring_at <= now)
    clocks = session().scalars(due.order_by(Clock.ring_at).limit(BATCH).with_for_update()).all()
    for clock in clocks:
        event = "clock.missed" if now >= clock.due_at else "clock.warned"
        clock.missed = event == "clock.missed"
        clock.ring_at = _ring_after(clock, now)
        about = (clock.about_kind, clock.about_id)
        journal.record(event, about, by=journal.SYSTEM, now=now, facts={"step": clock.step})
    return len(clocks)


def _ring_after(clock: Clock, now: datetime) -> datetime | None:
    """A step that the policy no longer knows still rings once more, when it is due."""
    step = next((step for step in policy().deadlines.steps if step.id == clock.step), None)
    if step is None:
        return clock.due_at if clock.due_at > now else None
    return next_ring(step, clock.started_at, clock.due_at, after=now)
