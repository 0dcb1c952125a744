"""What more time an inspector may ask for, and what was asked for already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from tipline.db import session
from tipline.domain.running import Running
from tipline.domain.words import Text
from tipline.models import TimeRequest
from tipline.queries.history import live_clocks, running_under, step_of
from tipline.runtime import policy, settings

Named = tuple[str, Text]


@dataclass(frozen=True)
class Extendable:
    """A step that may be extended: by how much at most, and why."""

    step: str
    label: Text
    most: int | None
    unit: str
    grounds: Sequence[Named]
    refused: Sequence[Text]
    due_on: date | None


@dataclass(frozen=True)
class Wish:
    """A request that waits for a decision, or was decided."""

    kind: str
    step: Text | None
    ground: Text
    n: int
    asked_at: datetime
    granted: bool | None


@dataclass(frozen=True)
class MoreTime:
    """Everything about time on the page of a case."""

    extendable: Sequence[Extendable]
    pauses: Sequence[Named]
    waiting: Sequence[tuple[str, Text, date]]
    wishes: Sequence[Wish]


def more_time(case_id: int, *, now: datetime) -> MoreTime:
    """What may be asked for on this case now."""
    found = [
        running_under(step, clock)
        for clock in session().scalars(live_clocks(case_id))
        if (step := step_of(clock)) is not None
    ]
    known = policy().grounds
    pauses = dict.fromkeys(name for clock in found for name in clock.step.pauses)
    waiting = {
        pause.ground: pause.begin.astimezone(settings().zone).date()
        for clock in found
        for pause in clock.pauses
        if pause.end is None
    }
    return MoreTime(
        extendable=list(_extendable(found, now).values()),
        pauses=[(name, known[name].label) for name in pauses if name not in waiting],
        waiting=[(name, known[name].label, begin) for name, begin in waiting.items()],
        wishes=[_wish(each) for each in session().scalars(_asked(case_id))],
    )


def _asked(case_id: int) -> Select[TimeRequest]:
    return select(TimeRequest).where(TimeRequest.case_id == case_id).order_by(TimeRequest.id)


def _extendable(found: Sequence[Running], now: datetime) -> dict[str, Extendable]:
    """Each step once, the earliest of its clocks that has not expired."""
    known, steps = policy().grounds, dict[str, Extendable]()
    for clock in found:
        if (allowed := clock.extension_at(now)) is None:
            continue
        here = Extendable(
            clock.step.id,
            clock.step.label,
            allowed.max,
            allowed.unit,
            [(name, known[name].label) for name in allowed.grounds],
            [known[name].label for name in allowed.refused],
            clock.due.due_on,
        )
        steps.setdefault(clock.step.id, here)
    return steps


def _wish(asked: TimeRequest) -> Wish:
    steps = {step.id: step.label for step in policy().deadlines.steps}
    ground = policy().grounds[asked.ground].label
    return Wish(asked.kind, steps.get(asked.step), ground, asked.n, asked.asked_at, asked.granted)
