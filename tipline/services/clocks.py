"""Clocks ring: warnings before the deadline, and what follows when it was missed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.actors import Actor, NotThere
from tipline.domain.alarms import Alarm, rung_between
from tipline.domain.deadlines import Step, named
from tipline.models import Clock, Office
from tipline.queries.history import step_of
from tipline.runtime import policy
from tipline.services import journal
from tipline.services.clockwork import LIVE, next_ring, recount, refresh_due, rings_of

BATCH = 500
IN_LEDGER = ("reward.lapsed",)
PERIOD = "office.period_began"
EVENTS = {
    "warned": "clock.warned",
    "reminded": "clock.reminded",
    "missed": "clock.missed",
    "urged": "clock.urged",
    "circulated": "clock.circulated",
}


@use_case
def begin_periods(*, now: datetime) -> int:
    """Let every office's recurring duties run that do not run yet; returns how many began."""
    recurring = [step for step in policy().deadlines.steps if step.recurs]
    due = [(step, office) for step in recurring for office in _without(step)]
    begun = 0
    for step, office in due:
        facts = {"department": office.department, "step": step.id}
        if step.is_started_by(PERIOD, facts):
            about = ("office", office.id)
            journal.record(PERIOD, about, by=journal.SYSTEM, now=now, facts=facts)
            begun += 1
    return begun


def _without(step: Step) -> Sequence[Office]:
    """The offices for which this duty does not run."""
    runs = select(Clock.about_id).where(
        Clock.about_kind == "office", Clock.step == step.id, Clock.state.in_(LIVE)
    )
    return session().scalars(select(Office).where(Office.id.not_in(runs))).all()


@use_case
def report(clock_id: int, *, by: Actor, document: str, now: datetime) -> None:
    """An office has reported; its next period begins where this one ended."""
    clock = session().get(Clock, clock_id, with_for_update=True)
    if clock is None or clock.about_kind != "office" or clock.state not in LIVE:
        raise NotThere(f"clock {clock_id}")
    office = session().get_one(Office, clock.about_id)
    if not by.may("clock:decide", office.path):
        raise NotThere(f"clock {clock_id}")
    facts = {"department": office.department, "step": clock.step}
    told = facts | {"document": document.strip()}
    journal.record("office.reported", clock.ref, by=by.by, now=now, facts=told)
    journal.record(PERIOD, clock.ref, by=by.by, now=now, at=clock.due_at, facts=facts)


@use_case
def recompute(*, after: int, now: datetime) -> list[int]:
    """Count provisional clocks anew under the calendar in force, each with a line in the journal.

    Goes on behind the clock of this number; returns the numbers, none when there are no more.
    Reporters hear once where a date that they were promised moved.
    """
    open_years = select(Clock).where(Clock.provisional, Clock.state.in_(LIVE), Clock.id > after)
    locked = open_years.order_by(Clock.id).limit(BATCH).with_for_update()
    clocks = session().scalars(locked).all()
    moved = [clock for clock in clocks if not clock.missed and _moves(clock, now)]
    promised = [clock.ref for clock in moved if clock.about_kind == "tip" and _is_promise(clock)]
    for ref in dict.fromkeys(promised):
        journal.record("tip.date_moved", ref, by=journal.SYSTEM, now=now)
    return [clock.id for clock in clocks]


def _moves(clock: Clock, now: datetime) -> bool:
    """Count one clock anew; whether its date is another one now."""
    was, was_on, was_provisional = clock.due_at, clock.due_on, clock.provisional
    recount(clock, after=now)
    if clock.due_at == was and clock.provisional == was_provisional:
        return False
    session().flush()
    dates = {"was_on": was_on, "due_on": clock.due_on}
    facts = {"step": clock.step} | {name: day and day.isoformat() for name, day in dates.items()}
    event = "clock.confirmed" if clock.due_at == was else "clock.moved"
    journal.record(event, clock.ref, by=journal.SYSTEM, now=now, facts=facts)
    refresh_due([clock.ref])
    return clock.due_at != was


def _is_promise(clock: Clock) -> bool:
    step = step_of(clock)
    return step is not None and step.promise is not None


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
    if alarm.kind == "missed":
        clock.missed = True
        _let_lapse(clock, now)


def _let_lapse(clock: Clock, now: datetime) -> None:
    """Letting a period pass amounts to what its law says; a reward lapses in its own ledger."""
    step = step_of(clock)
    if step is None or step.lapses_as is None or step.lapses_as in IN_LEDGER:
        return
    event, facts = named(step.lapses_as)
    told = facts | {"step": clock.step, "lapsed": True}
    journal.record(event, clock.ref, by=journal.SYSTEM, now=now, at=clock.due_at, facts=told)
