"""More time: an inspector asks for a pause or an extension, a supervisor decides in time."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.actors import Actor, NotThere
from tipline.domain.deadlines import Step
from tipline.domain.lifecycle import CaseStatus
from tipline.domain.rules import Extension
from tipline.domain.running import Running
from tipline.models import Case, Entry, TimeRequest
from tipline.queries import history
from tipline.queries.history import live_clocks
from tipline.runtime import settings
from tipline.services import journal
from tipline.services.casework import at_work
from tipline.services.claiming import lease
from tipline.services.reach import case_for, tip_for


class NotPossible(Exception):
    """The rule does not allow it; the message is the key of the reason."""


@use_case
def ask_extension(
    case_id: int, *, by: Actor, step: str, ground: str, n: int, document: str, now: datetime
) -> None:
    """Ask for more time on one step, with a ground of the rule; never after the step expired."""
    case = at_work(case_id, by=by, now=now)
    allowed = _extension(case, step, now)
    if ground not in allowed.grounds:
        raise NotPossible("ground")
    try:
        allowed.ensure_allows(n)
    except ValueError:
        raise NotPossible("length") from None
    asked = TimeRequest(kind="extension", step=step, ground=ground, n=n, begins_at=now)
    asked.unit, asked.document = allowed.unit, document.strip()
    _ask(case, asked, by=by, now=now)


@use_case
def ask_pause(
    case_id: int, *, by: Actor, ground: str, document: str, began_at: datetime, now: datetime
) -> None:
    """Ask not to count the time of a test, a hearing or the like, with its document."""
    case = at_work(case_id, by=by, now=now)
    if not any(ground in step.pauses for step, _ in _live_steps(case)):
        raise NotPossible("ground")
    if not document.strip():
        raise NotPossible("document")
    if not _day(case.opened_at) <= _day(began_at) or began_at > now:
        raise NotPossible("date")
    asked = TimeRequest(kind="pause", step="", ground=ground, n=0, begins_at=began_at)
    asked.document = document.strip()
    _ask(case, asked, by=by, now=now)


@use_case
def decide(request_id: int, *, by: Actor, granted: bool, now: datetime) -> None:
    """Grant or refuse; an extension only before the step has expired, and never one's own."""
    asked = session().get(TimeRequest, request_id, with_for_update=True)
    if asked is None:
        raise NotThere(f"request {request_id}")
    case = case_for(by, asked.case_id, "clock:decide")
    if asked.decided_at is not None:
        raise NotPossible("decided")
    if asked.asked_by_id == by.id:
        raise NotPossible("own")
    allowed = _extension(case, asked.step, now) if granted and asked.kind == "extension" else None
    asked.decided_by_id, asked.decided_at, asked.granted = by.id, now, granted
    session().flush()
    if granted:
        _grant(case, asked, allowed, by=by, now=now)
    else:
        facts = {"kind": asked.kind, "step": asked.step, "ground": asked.ground}
        journal.record("case.time_refused", case.ref, by=by.by, now=now, facts=facts)


@use_case
def resume(
    case_id: int, *, by: Actor, ground: str, document: str, ended_at: datetime, now: datetime
) -> None:
    """The test or hearing is over, and the time runs again."""
    case = at_work(case_id, by=by, now=now)
    waiting = [pause for _, clock in _live_steps(case) for pause in clock.pauses if not pause.end]
    since = [pause.begin for pause in waiting if pause.ground == ground]
    if not since:
        raise NotPossible("ground")
    if not _day(max(since)) <= _day(ended_at) or ended_at > now:
        raise NotPossible("date")
    facts = {"ground": ground, "document": document}
    journal.record("case.resumed", case.ref, by=by.by, now=now, at=ended_at, facts=facts)
    case.lease_until = lease(now)


@use_case
def start_again(tip_id: int, *, by: Actor, now: datetime) -> None:
    """New facts by the same reporter: the check starts again from when they came in."""
    tip = tip_for(by, tip_id, "tip:triage")
    added = select(Entry.at).where(
        Entry.about_kind == "tip", Entry.about_id == tip.id, Entry.event == "tip.supplemented"
    )
    said_at = session().scalar(added.order_by(Entry.id.desc()).limit(1))
    waiting = [
        clock
        for step, clock in _live_steps(tip.case)
        if "tip.renewed" in step.restarts_on and now < clock.due.due_instant
    ]
    if said_at is None or not any(clock.started.at < said_at for clock in waiting):
        raise NotPossible("nothing_new")
    journal.record("tip.renewed", tip.ref, by=by.by, now=now, at=said_at)


def _day(at: datetime) -> date:
    return at.astimezone(settings().zone).date()


def _grant(
    case: Case, asked: TimeRequest, allowed: Extension | None, *, by: Actor, now: datetime
) -> None:
    facts = {"ground": asked.ground, "document": asked.document, "request": asked.id}
    if allowed is not None:
        facts |= {"step": asked.step, "n": asked.n}
        facts |= {"told": "reporter"} if allowed.tell_reporter else {}
        journal.record("case.extended", case.ref, by=by.by, now=now, facts=facts)
        return
    journal.record("case.paused", case.ref, by=by.by, now=now, at=asked.begins_at, facts=facts)
    if case.status == CaseStatus.CLAIMED:
        case.lease_until = None


def _extension(case: Case, step_id: str, now: datetime) -> Extension:
    """The extension that may be granted next on this step; it must still be running."""
    found = [clock for step, clock in _live_steps(case) if step.id == step_id]
    if not found:
        raise NotPossible("step")
    allowed = [each for clock in found if (each := clock.extension_at(now)) is not None]
    if not allowed:
        raise NotPossible("late" if all(clock.is_late(now) for clock in found) else "often")
    return allowed[0]


def _live_steps(case: Case) -> Iterator[tuple[Step, Running]]:
    for clock in session().scalars(live_clocks(case.id)):
        if (step := history.step_of(clock)) is not None:
            yield step, history.running_under(step, clock)


def _ask(case: Case, asked: TimeRequest, *, by: Actor, now: datetime) -> None:
    same = select(TimeRequest.id).where(
        TimeRequest.case_id == case.id,
        TimeRequest.kind == asked.kind,
        TimeRequest.step == asked.step,
        TimeRequest.decided_at.is_(None),
    )
    if session().scalar(same) is not None:
        raise NotPossible("already")
    asked.case_id, asked.asked_by_id, asked.asked_at = case.id, by.id, now
    session().add(asked)
    session().flush()
    facts = {"kind": asked.kind, "step": asked.step, "ground": asked.ground, "request": asked.id}
    journal.record("case.time_asked", case.ref, by=by.by, now=now, facts=facts)
