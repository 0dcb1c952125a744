"""The clockwork behind the journal: starts, meets and stops clocks as the policy says."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, or_, select, tuple_, update

from tipline.db import session
from tipline.domain import deadlines, lifecycle
from tipline.domain.countdown import NEVER
from tipline.domain.deadlines import Step
from tipline.models import Case, Clock, Entry, Tip
from tipline.runtime import policy, settings

Ref = tuple[str, int]


def follow(line: Entry) -> None:
    """Start, meet and stop the clocks that this line is about."""
    steps = policy().deadlines.steps
    started = [step for step in steps if step.is_started_by(line.event, line.facts)]
    ended = [
        step for step in steps if step.is_met_by(line.event, line.facts) and step not in started
    ]
    stopped = [step for step in steps if step.is_stopped_by(line.event)]
    if not (started or ended or stopped):
        return
    heard_by = _heard_by(line)
    _end(ended, heard_by, "met", at=line.at)
    _end(stopped, heard_by, "stopped", at=line.at)
    new = [_start(step, line, ref) for step in started for ref in heard_by if ref[0] == step.about]
    if new:
        session().execute(insert(Clock), new, execution_options={"render_nulls": True})
    refresh_due(heard_by)


def _heard_by(line: Entry) -> list[Ref]:
    """A line about a tip is heard by its case; one about a case by its tips that are open."""
    about: Ref = (line.about_kind, line.about_id)
    if about[0] == "tip":
        return [about, ("case", session().get_one(Tip, about[1]).case_id)]
    if about[0] == "case":
        is_open = Tip.status.in_(lifecycle.OPEN_TIP)
        tips = session().scalars(select(Tip.id).where(Tip.case_id == about[1], is_open))
        return [about, *(("tip", tip_id) for tip_id in tips)]
    return [about]


def _start(step: Step, line: Entry, about: Ref) -> dict[str, Any]:
    """One row of clocks; all rows of a line go in with one statement."""
    current = policy()
    due = deadlines.due_for(step, at=line.at, calendar=current.calendar, zone=settings().zone)
    met = step.is_met_by(line.event, line.facts)
    return {
        "about_kind": about[0],
        "about_id": about[1],
        "step": step.id,
        "bound": step.bound,
        "started_by_id": line.id,
        "started_at": line.at,
        "due_on": due.due_on,
        "due_at": due.due_instant,
        "provisional": due.provisional,
        "state": "met" if met else "running",
        "ended_at": line.at if met else None,
        "ring_at": None if met else next_ring(step, line.at, due.due_instant, after=line.at),
        "policy_version": current.version,
    }


def next_ring(
    step: Step, started_at: datetime, due_at: datetime, *, after: datetime
) -> datetime | None:
    """When a clock has to be looked at next: at a warning, or when it is due."""
    rings = deadlines.warning_instants(started_at, due_at, step.warn_percent_left)
    return min((ring for ring in (*rings, due_at) if ring > after), default=None)


def _end(steps: list[Step], heard_by: Iterable[Ref], state: str, *, at: datetime) -> None:
    if not steps:
        return
    session().execute(
        update(Clock)
        .where(
            Clock.state == "running",
            Clock.step.in_(step.id for step in steps),
            tuple_(Clock.about_kind, Clock.about_id).in_(list(heard_by)),
        )
        .values(state=state, ended_at=at, ring_at=None)
    )


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
