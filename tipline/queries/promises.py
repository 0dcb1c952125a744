"""What the reporter of a tip was promised, with dates and whether it was kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from tipline.db import session
from tipline.domain.words import Text
from tipline.models import Clock
from tipline.queries.history import step_of
from tipline.runtime import settings

OF_TIP = (
    select(Clock)
    .where(Clock.about_kind == "tip", Clock.about_id == bindparam("tip_id"))
    .order_by(Clock.due_at, Clock.id)
)


@dataclass(frozen=True)
class Promise:
    """One promised date; `state` is open, paused, late, kept or over (no longer owed).

    `was_on` is the date first promised, where it has moved since.
    """

    step: str
    text: Text
    due_on: date
    provisional: bool
    state: str
    was_on: date | None = None


def of_tip(tip_id: int) -> list[Promise]:
    """All promises made to the reporter of this tip, the earliest first."""
    return list(_promises(tip_id))


def next_promise(tip_id: int) -> Promise | None:
    """The next date the reporter can expect to hear, or None when nothing is open."""
    return next((promise for promise in of_tip(tip_id) if promise.state == "open"), None)


def _promises(tip_id: int) -> Iterator[Promise]:
    """The words are those of the rule under which the promise was made."""
    for clock in session().scalars(OF_TIP, {"tip_id": tip_id}):
        step = step_of(clock)
        if step is not None and step.promise is not None:
            yield _promise(clock, step.promise)


def _promise(clock: Clock, text: Text) -> Promise:
    due_on = clock.due_on or clock.due_at.astimezone(settings().zone).date()
    was_on = clock.first_due_on if clock.first_due_on != clock.due_on else None
    return Promise(clock.step, text, due_on, clock.provisional, _state(clock), was_on)


def _state(clock: Clock) -> str:
    if clock.state == "stopped":
        return "over"
    if clock.missed:
        return "late"
    return {"met": "kept", "paused": "paused"}.get(clock.state, "open")
