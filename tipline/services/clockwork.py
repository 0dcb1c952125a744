"""The clockwork behind the journal: starts clocks, and tells those that run what happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from tipline.db import session
from tipline.domain import lifecycle
from tipline.domain.alarms import Alarm, alarms
from tipline.domain.calendars import Calendar
from tipline.domain.countdown import NEVER
from tipline.domain.deadlines import Step
from tipline.domain.running import RECOUNTING, Running, begun
from tipline.models import Case, Clock, Entry, Tip
from tipline.queries import history
from tipline.runtime import policy, settings
from tipline.services import lawbook

Ref = tuple[str, int]
LIVE = ("running", "paused")
# Nothing runs yet about what has just come in, and a ring of one clock ends no other.
BEGINNINGS = ("tip.received",)
SET_DUE = {
    kind: update(model.__table__)  # type: ignore[arg-type]
    .where(model.id == bindparam("record"))
    .values(due_at=bindparam("due"))
    for kind, model in (("tip", Tip), ("case", Case))
}


def follow(line: Entry) -> None:
    """Start the clocks that this line starts; meet, stop or recount those that it concerns."""
    started = [
        step for step in policy().deadlines.steps if step.is_started_by(line.event, line.facts)
    ]
    changed = [clock for clock in _live(line) if _hears(clock, line)]
    new = _begin(started, line) if started else []
    if new:
        session().connection().execute(insert(Clock.__table__), new)  # type: ignore[arg-type]
    if line.event in BEGINNINGS:
        _set_first_due(line, new)
    elif changed or new:
        session().flush()
        refresh_due(_concerned(line))


def _live(line: Entry) -> Sequence[Clock]:
    """Clocks that have not ended: a tip is heard by its case, a case by its tips."""
    if line.event in BEGINNINGS or line.event.startswith("clock."):
        return ()
    kind, record_id = line.about_kind, line.about_id
    about = (Clock.about_kind == kind) & (Clock.about_id == record_id)
    if kind == "tip":
        home = session().get_one(Tip, record_id).case_id
        about = about | ((Clock.about_kind == "case") & (Clock.about_id == home))
    elif kind == "case":
        tips = select(Tip.id).where(Tip.case_id == record_id)
        about = about | ((Clock.about_kind == "tip") & Clock.about_id.in_(tips))
    return session().scalars(select(Clock).where(about, Clock.state.in_(LIVE))).all()


def _hears(clock: Clock, line: Entry) -> bool:
    """Bring one clock up to this line; whether anything changed for it."""
    step = history.step_of(clock)
    if step is None:
        return False
    if step.same and not _is_about(clock, line, step.same):
        return False
    if step.is_met_by(line.event, line.facts):
        _end(clock, "met", line)
    elif step.is_stopped_by(line.event, line.facts):
        _end(clock, "stopped", line)
    elif line.event in RECOUNTING or line.event in step.restarts_on:
        recount(clock, after=line.recorded_at)
    return clock in session().dirty


def _is_about(clock: Clock, line: Entry, names: Iterable[str]) -> bool:
    """Of several such clocks, is it this one that the line speaks of?"""
    begun = session().get_one(Entry, clock.started_by_id).facts
    return all(line.facts[name] == begun.get(name) for name in names if name in line.facts)


def _end(clock: Clock, state: str, line: Entry) -> None:
    """A pause that still goes on ends with the clock, and counts."""
    if clock.state == "paused":
        recount(clock, after=line.recorded_at)
    clock.state, clock.ended_at, clock.ring_at = state, line.at, None


def recount(clock: Clock, *, after: datetime) -> Running:
    """Work out from the journal when the clock is due now; rings that are past stay past."""
    found = history.running(clock)
    ring_at = next_ring(_rings(found), after=after) if found.state == "running" else None
    values = _dates(found) | {"state": found.state, "ring_at": ring_at}
    for name, value in values.items():
        if getattr(clock, name) != value:
            setattr(clock, name, value)
    return found


def next_ring(rings: Iterable[Alarm], *, after: datetime) -> datetime | None:
    """When a clock has to be looked at next."""
    return next((ring.at for ring in rings if ring.at > after), None)


def rings_of(clock: Clock) -> tuple[Alarm, ...]:
    """All rings of a clock, by the dates that stand with it; without a rule only its end."""
    step = history.step_of(clock)
    if step is None:
        return (Alarm(clock.due_at, "missed"),)
    calendar = history.calendar_of(clock.ref)
    return _alarms(step, clock.started_at, clock.due_at, calendar)


def _rings(clock: Running) -> tuple[Alarm, ...]:
    return _alarms(clock.step, clock.started.at, clock.due.due_instant, clock.calendar)


def _alarms(
    step: Step, started_at: datetime, due_at: datetime, calendar: Calendar
) -> tuple[Alarm, ...]:
    return alarms(
        step,
        started_at=started_at,
        due_at=due_at,
        calendar=calendar,
        zone=settings().zone,
        circular_after=policy().deadlines.circular_after_workdays,
    )


def _begin(steps: list[Step], line: Entry) -> list[dict[str, Any]]:
    """Rows of clocks; all rows of a line go in with one statement."""
    heard_by, marks = _beginners(line), lawbook.keep(steps)
    return [
        _start(step, line, ref, mark=marks[step.id])
        for step in steps
        for ref in heard_by
        if ref[0] == step.about
    ]


def _start(step: Step, line: Entry, about: Ref, *, mark: str) -> dict[str, Any]:
    calendar, zone = history.calendar_of(about), settings().zone
    clock = begun(step, history.happening(line), calendar=calendar, zone=zone)
    dates = _dates(clock)
    return dates | {
        "about_kind": about[0],
        "about_id": about[1],
        "step": step.id,
        "bound": step.bound,
        "rule_mark": mark,
        "started_by_id": line.id,
        "first_due_on": dates["due_on"],
        "state": clock.state,
        "ended_at": clock.ended_at,
        "ring_at": None if clock.ended_at else next_ring(_rings(clock), after=line.at),
        "policy_version": policy().version,
    }


def _dates(clock: Running) -> dict[str, Any]:
    due = clock.due
    return {
        "started_at": clock.started.at,
        "due_on": due.due_on,
        "due_at": due.due_instant,
        "provisional": due.provisional,
    }


def _beginners(line: Entry) -> list[Ref]:
    """Whom a line can start a clock for: the record, its case, or the open tips of a case."""
    about: Ref = (line.about_kind, line.about_id)
    if about[0] == "case":
        is_open = Tip.status.in_(lifecycle.OPEN_TIP)
        tips = session().scalars(select(Tip.id).where(Tip.case_id == about[1], is_open))
        return [about, *(("tip", tip_id) for tip_id in tips)]
    return _concerned(line)


def _concerned(line: Entry) -> list[Ref]:
    """Whose earliest deadline may have changed."""
    about: Ref = (line.about_kind, line.about_id)
    if about[0] == "tip":
        return [about, ("case", session().get_one(Tip, about[1]).case_id)]
    if about[0] == "case":
        tips = session().scalars(select(Tip.id).where(Tip.case_id == about[1]))
        return [about, *(("tip", tip_id) for tip_id in tips)]
    return [about]


def _set_first_due(line: Entry, new: list[dict[str, Any]]) -> None:
    """What has just come in has no deadlines but these."""
    owed = [row["due_at"] for row in new if row["state"] == "running" and row["bound"] == "office"]
    for kind, record_id in _concerned(line):
        given = {"record": record_id, "due": min(owed, default=NEVER)}
        session().connection().execute(SET_DUE[kind], given)


def refresh_due(refs: list[Ref]) -> None:
    """Tips and cases carry their earliest running deadline, for the lists that staff work from."""
    owed = select(Clock.due_at).where(Clock.state == "running", Clock.bound == "office")
    of_tip = (Clock.about_kind == "tip") & (Clock.about_id == Tip.id)
    of_case = (Clock.about_kind == "case") & (Clock.about_id == Case.id)
    case_of_tip = (Clock.about_kind == "case") & (Clock.about_id == Tip.case_id)
    theirs = select(Tip.id).where(Tip.case_id == Case.id).correlate(Case)
    tips_of_case = (Clock.about_kind == "tip") & Clock.about_id.in_(theirs)
    tips = [ref[1] for ref in refs if ref[0] == "tip"]
    cases = [ref[1] for ref in refs if ref[0] == "case"]
    earliest_of_tip = owed.where(or_(of_tip, case_of_tip)).order_by(Clock.due_at).limit(1)
    earliest_of_case = owed.where(or_(of_case, tips_of_case)).order_by(Clock.due_at).limit(1)
    for model, ids, earliest in ((Tip, tips, earliest_of_tip), (Case, cases, earliest_of_case)):
        if ids:
            due = func.coalesce(earliest.correlate(model).scalar_subquery(), NEVER)
            session().execute(update(model).where(model.id.in_(ids)).values(due_at=due))
