"""When a clock rings: warnings before it is due, and what follows when it was missed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tipline.domain.calendars import Calendar
from tipline.domain.counting import DAY, count
from tipline.domain.deadlines import Step, warning_instants

Kind = Literal["warned", "reminded", "missed", "urged", "circulated"]
ORDER = {"warned": 0, "reminded": 0, "missed": 1, "urged": 2, "circulated": 3}
BEFORE = ("warned", "reminded")


@dataclass(frozen=True)
class Alarm:
    """One ring, from this instant on."""

    at: datetime
    kind: Kind


def alarms(
    step: Step,
    *,
    started_at: datetime,
    due_at: datetime,
    calendar: Calendar,
    zone: ZoneInfo,
    circular_after: int,
) -> tuple[Alarm, ...]:
    """All rings of a clock, the earliest first; `circular_after` in working days.

    The office is urged the day after, and put on the circular list when that does not help; the
    police are reminded; a reporter is reminded where the policy says so, the last time when the
    last day begins; what a reporter or the accused lets pass simply lapses.
    """
    last = (due_at - timedelta(microseconds=1)).astimezone(zone).date()
    rings = [Alarm(due_at, "missed")]
    if step.remind_percent_left:
        reminders = warning_instants(started_at, due_at, step.remind_percent_left)
        rings += [Alarm(at, "reminded") for at in (*reminders, _begin_of(last, zone))]
    if step.bound == "office":
        left = (step.warn_percent_left, step.warn_hours_left)
        rings += [Alarm(at, "warned") for at in warning_instants(started_at, due_at, *left)]
        ends = count("workday", circular_after, last, calendar=calendar).last_day
        rings.append(Alarm(_begin_after(ends, zone), "circulated"))
    if step.bound in ("office", "police"):
        rings.append(Alarm(_begin_after(last, zone), "urged"))
    return tuple(sorted(rings, key=lambda ring: (ring.at, ORDER[ring.kind])))


def rung_between(rings: tuple[Alarm, ...], after: datetime, until: datetime) -> tuple[Alarm, ...]:
    """What rings now: all that is late by itself, and of warnings only the last while in time."""
    found = [ring for ring in rings if after < ring.at <= until]
    late = tuple(ring for ring in found if ring.kind not in BEFORE)
    return late or tuple(found[-1:])


def _begin_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _begin_after(day: date, zone: ZoneInfo) -> datetime:
    return _begin_of(day + DAY, zone)
