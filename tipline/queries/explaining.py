"""Why a deadline is what it is: every day that was counted, skipped or added, and what if."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.domain.deadlines import Granted, Line, Step, StepDue
from tipline.domain.rules import Way
from tipline.domain.running import Running
from tipline.domain.words import Text
from tipline.models import Case, Clock, Office, Tip
from tipline.policy.regimes import Regime
from tipline.queries import history
from tipline.runtime import policy, settings


@dataclass(frozen=True)
class Wait:
    """A pause, with its ground in words; without an end it goes on."""

    ground: Text
    begin: date
    end: date | None


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A clock with its reasons."""

    id: int
    number: str
    step: Step
    law: Regime | None
    state: str
    missed: bool
    started_at: datetime
    due: StepDue
    waits: Sequence[Wait]
    extensions: Sequence[Granted]
    what_if: StepDue | None
    told: Way | None

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every day, in the order in which it was counted."""
        return self.due.lines


@dataclass(frozen=True)
class WhatIf:
    """A question: if it were extended by so much, if the pause ended on that day."""

    extend: int | None = None
    resume_on: date | None = None


def clock_for(actor: Actor, clock_id: int, permission: str) -> Clock:
    """The clock, if this person may do that at its office; NotThere otherwise."""
    clock = session().get(Clock, clock_id)
    if clock is None or not actor.may(permission, _path_of(clock)):
        raise NotThere(f"clock {clock_id}")
    return clock


def clock_of_case(clock_id: int, case_id: int) -> Clock:
    """The clock, if it is of this case or of one of its tips; NotThere otherwise."""
    tips = select(Tip.id).where(Tip.case_id == case_id)
    of_case = (Clock.about_kind == "case") & (Clock.about_id == case_id)
    of_tips = (Clock.about_kind == "tip") & Clock.about_id.in_(tips)
    clock = session().scalar(select(Clock).where(Clock.id == clock_id, of_case | of_tips))
    if clock is None:
        raise NotThere(f"clock {clock_id}")
    return clock


def explained(clock: Clock, asked: WhatIf | None = None) -> Explained | None:
    """The clock with its reasons; None when its rule is not known any more."""
    try:
        found = history.running(clock)
    except history.RuleLost:
        return None
    return Explained(
        id=clock.id,
        number=_number_of(clock),
        step=found.step,
        law=policy().regimes.get(found.step.rule.partition(".")[0]),
        state=found.state,
        missed=clock.missed,
        started_at=found.started.at,
        due=found.due,
        waits=[_wait(pause.ground, pause.begin, pause.end) for pause in found.pauses],
        extensions=found.extensions,
        what_if=_what_if(found, asked) if asked else None,
        told=_told(clock, found.step),
    )


def _told(clock: Clock, step: Step) -> Way | None:
    """How the reporter of this tip hears of it, where the law has them told."""
    if clock.about_kind != "tip" or step.notify is None or not step.notify.tells_reporter:
        return None
    tip = session().get_one(Tip, clock.about_id)
    reachable = tip.contact is not None and tip.contact.stopped_at is None
    return step.notify.way_to(reachable=reachable, wants_reply=tip.wants_reply)


def promised(tip_id: int) -> list[Explained]:
    """Every promise to the reporter of this tip, with its reasons."""
    clocks = session().scalars(
        select(Clock)
        .where(Clock.about_kind == "tip", Clock.about_id == tip_id, Clock.state != "stopped")
        .order_by(Clock.due_at, Clock.id)
    )
    found = (explained(clock) for clock in clocks)
    return [each for each in found if each is not None and each.step.promise]


def _what_if(found: Running, asked: WhatIf) -> StepDue | None:
    if asked.extend is None and asked.resume_on is None:
        return None
    allowed = found.step.extension_after(len(found.extensions))
    more = (Granted(asked.extend, allowed.unit),) if asked.extend and allowed else ()
    zone = settings().zone
    at = datetime.combine(asked.resume_on, time(), zone) if asked.resume_on else None
    try:
        return found.extended_by(*more).due_if(resumed_at=at)
    except ValueError:
        return None


def _wait(ground: str, begin: datetime, end: datetime | None) -> Wait:
    zone = settings().zone
    known = policy().grounds.get(ground)
    label = known.label if known else Text(zh=ground, en=ground)
    return Wait(label, begin.astimezone(zone).date(), end and end.astimezone(zone).date())


def _number_of(clock: Clock) -> str:
    kind, record_id = clock.ref
    if kind == "office":
        return session().get_one(Office, record_id).name
    model = Tip if kind == "tip" else Case
    return str(session().get_one(model, record_id).number)  # type: ignore[attr-defined]


def _path_of(clock: Clock) -> str:
    kind, record_id = clock.ref
    if kind == "office":
        return session().get_one(Office, record_id).path
    case_id = session().get_one(Tip, record_id).case_id if kind == "tip" else record_id
    return session().get_one(Case, case_id).office.path
