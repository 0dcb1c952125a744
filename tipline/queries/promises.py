"""What the reporter of a tip was promised, with dates and whether it was kept."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tipline.db import session
from tipline.domain.words import Text
from tipline.models import Clock, Tip
from tipline.runtime import policy, settings


@dataclass(frozen=True)
class Promise:
    """One promised date; `state` is open, late, kept or over (no longer owed)."""

    step: str
    text: Text
    due_on: date
    provisional: bool
    state: str


def of_tip(tip_id: int) -> list[Promise]:
    """All promises made to the reporter of this tip, the earliest first."""
    promised = {step.id: step.promise for step in policy().deadlines.steps if step.promise}
    case_id = select(Tip.case_id).where(Tip.id == tip_id).scalar_subquery()
    of_tip = (Clock.about_kind == "tip") & (Clock.about_id == tip_id)
    of_case = (Clock.about_kind == "case") & (Clock.about_id == case_id)
    clocks = session().scalars(
        select(Clock)
        .where(of_tip | of_case)
        .where(Clock.step.in_(promised))
        .order_by(Clock.due_at, Clock.id)
    )
    return [_promise(clock, promised[clock.step]) for clock in clocks]


def next_promise(tip_id: int) -> Promise | None:
    """The next date the reporter can expect to hear, or None when nothing is open."""
    return next((promise for promise in of_tip(tip_id) if promise.state == "open"), None)


def _promise(clock: Clock, text: Text | None) -> Promise:
    assert text is not None
    due_on = clock.due_on or clock.due_at.astimezone(settings().zone).date()
    return Promise(clock.step, text, due_on, clock.provisional, _state(clock))


def _state(clock: Clock) -> str:
    if clock.state == "stopped":
        return "over"
    if clock.missed:
        return "late"
    return "kept" if clock.state == "met" else "open"
