"""Whether a reporter may press, and how often they did."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from tipline.db import session
from tipline.domain.lifecycle import OPEN_TIP
from tipline.domain.nudging import may_nudge_from
from tipline.models import Clock, Entry, Tip
from tipline.queries.history import step_of
from tipline.runtime import policy, settings


@dataclass(frozen=True)
class Nudging:
    """How often, and from which day on again; without a day no promise is overdue."""

    count: int
    from_on: date | None
    now_allowed: bool


def nudging(tip: Tip, *, now: datetime) -> Nudging:
    """From the day after a promise was broken, once a working day, while the tip is open."""
    count, last = (
        session()
        .execute(
            select(func.count(), func.max(Entry.at)).where(
                Entry.about_kind == "tip", Entry.about_id == tip.id, Entry.event == "tip.nudged"
            )
        )
        .one()
    )
    broken = _broken_at(tip, now) if tip.status in OPEN_TIP else None
    if broken is None:
        return Nudging(count, None, now_allowed=False)
    calendar, zone = policy().calendar_for(tip.division), settings().zone
    from_on = may_nudge_from(broken, last, calendar=calendar, zone=zone)
    return Nudging(count, from_on, now.astimezone(zone).date() >= from_on)


def _broken_at(tip: Tip, now: datetime) -> datetime | None:
    """When the oldest promise that still stands out was broken."""
    late = select(Clock).where(
        Clock.about_kind == "tip",
        Clock.about_id == tip.id,
        Clock.bound == "office",
        Clock.state == "running",
        Clock.due_at <= now,
    )
    promised = (
        clock.due_at
        for clock in session().scalars(late)
        if (step := step_of(clock)) is not None and step.promise
    )
    return min(promised, default=None)
