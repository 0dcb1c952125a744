"""Re-inspections that are due in an inspector's districts, each at an hour nobody can foresee."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.domain.revisits import random_moment
from tipline.domain.words import Text
from tipline.models import Case, Clock
from tipline.queries.eligibility import local_day
from tipline.queries.history import step_of
from tipline.queries.triage import in_reach
from tipline.runtime import policy, settings

STEPS = "reinspect"
RECTIFICATION = "rectification"


@dataclass(frozen=True, kw_only=True)
class Revisit:
    """A place to look at again, from the drawn moment on and by the due day."""

    case_id: int
    number: str
    step: str
    label: Text
    division: str
    address: str
    brief: str
    from_at: datetime
    due_on: date
    overdue: bool


def due(actor: Actor, *, now: datetime) -> list[Revisit]:
    """What can be looked at again today or is overdue, the most urgent first."""
    soon = now + timedelta(days=policy().visits.revisit_days_before + 1)
    query = (
        select(Clock, Case)
        .join(Case, (Clock.about_kind == "case") & (Clock.about_id == Case.id))
        .join(Case.office)
        .where(in_reach(actor, "case:work"), Case.is_open_to(actor.id))
        .where(Clock.state.in_(("running", "missed")), Clock.due_at <= soon)
        .where(Clock.step.startswith(STEPS) | (Clock.step == RECTIFICATION))
        .order_by(Clock.due_at)
    )
    rows = [_row(clock, case, now) for clock, case in session().execute(query).unique()]
    return [row for row in rows if row is not None and row.from_at <= now]


def one(actor: Actor, case_id: int, step: str, *, now: datetime) -> Revisit:
    """One that is due now; NotThere otherwise."""
    found = (each for each in due(actor, now=now) if (each.case_id, each.step) == (case_id, step))
    if (revisit := next(found, None)) is None:
        raise NotThere(f"re-inspection of case {case_id}")
    return revisit


def _row(clock: Clock, case: Case, now: datetime) -> Revisit | None:
    step = step_of(clock)
    if step is None or clock.due_on is None:
        return None
    return Revisit(
        case_id=case.id,
        number=case.number,
        step=clock.step,
        label=step.label,
        division=policy().divisions.name_of(case.division),
        address=f"{case.clinic.address} {case.clinic.floor}".strip(),
        brief=case.brief,
        from_at=_drawn(clock, clock.due_on),
        due_on=clock.due_on,
        overdue=local_day(now) > clock.due_on,
    )


def _drawn(clock: Clock, due_on: date) -> datetime:
    """The drawn moment: the same each time it is asked for, and known to nobody before."""
    name = f"revisit:{clock.about_id}:{clock.step}".encode()
    visits = policy().visits
    return random_moment(
        hmac.new(settings().pepper.encode(), name, "sha256").hexdigest(),
        due_on=due_on,
        days_before=visits.revisit_days_before,
        hours=visits.revisit_hours,
        zone=settings().zone,
    )
