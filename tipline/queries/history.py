"""What a clock has heard: the journal's lines about its record, and its state worked out anew."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tipline.db import session
from tipline.domain.calendars import Calendar
from tipline.domain.deadlines import Step
from tipline.domain.running import Happening, Running, replay
from tipline.models import Case, Clock, ClockRule, Entry, Office, Tip
from tipline.policy import archive
from tipline.runtime import policy, runtime, settings

UNSURE = "rules written in this transaction"


class RuleLost(Exception):
    """The clock is older than the archive, and the policy knows its step no more."""


def happening(line: Entry) -> Happening:
    """A line as the rules see it."""
    return Happening(line.event, line.at, line.facts)


def calendar_of(about: tuple[str, int]) -> Calendar:
    """The work calendar of the area that a record lies in."""
    models: dict[str, Any] = {"tip": Tip, "case": Case, "office": Office}
    return policy().calendar_for(session().get_one(models[about[0]], about[1]).division)


def step_of(clock: Clock) -> Step | None:
    """The step as it read when the clock started; None when nobody knows it any more."""
    if clock.rule_mark is None:
        return next((each for each in policy().deadlines.steps if each.id == clock.step), None)
    known = runtime().steps.get(clock.rule_mark)
    return known or read_rules([clock.rule_mark])[clock.rule_mark]


def read_rules(marks: Iterable[str]) -> dict[str, Step]:
    """The kept rules of these marks, as far as there are any.

    They are remembered for the process, but for those that this very transaction wrote: it may
    still be undone.
    """
    query = select(ClockRule.mark, ClockRule.content).where(ClockRule.mark.in_(list(marks)))
    found = {mark: archive.read(content) for mark, content in session().execute(query)}
    unsure = session().info.get(UNSURE, ())
    runtime().steps.update({mark: step for mark, step in found.items() if mark not in unsure})
    return found


def live_clocks(case_id: int) -> Select[Clock]:
    """The clocks of a case and of its tips that have not ended."""
    tips = select(Tip.id).where(Tip.case_id == case_id)
    of_case = (Clock.about_kind == "case") & (Clock.about_id == case_id)
    of_tips = (Clock.about_kind == "tip") & Clock.about_id.in_(tips)
    live = select(Clock).where(of_case | of_tips, Clock.state.in_(("running", "paused")))
    return live.order_by(Clock.due_at, Clock.id)


def running(clock: Clock) -> Running:
    """The clock as it follows from its rule and the journal alone; RuleLost without a rule."""
    step = step_of(clock)
    if step is None:
        raise RuleLost(clock.step)
    return running_under(step, clock)


def running_under(step: Step, clock: Clock) -> Running:
    """The same under this very step."""
    lines = [session().get_one(Entry, clock.started_by_id), *_heard(clock)]
    calendar, zone = calendar_of(clock.ref), settings().zone
    return replay(step, map(happening, lines), calendar=calendar, zone=zone)


def _heard(clock: Clock) -> Sequence[Entry]:
    kind, record_id = clock.ref
    own = _about(kind, [record_id])
    others = {"tip": _of_homes, "case": _of_tips}.get(kind)
    parts = [own, *(others(record_id) if others else ())]
    query = select(Entry).where(or_(*parts), Entry.id > clock.started_by_id)
    return session().scalars(query.order_by(Entry.id)).all()


def last_join(tip: Tip) -> Entry | None:
    """The line by which a tip came to the case that it has now; None where that was its first."""
    last = session().scalars(_moves(tip.id).order_by(Entry.id.desc()).limit(1)).first()
    return last if last is not None and last.event == "tip.joined" else None


def _moves(tip_id: int) -> Select[Entry]:
    """Lines by which a tip went from one case to another."""
    moved = Entry.event.in_(("tip.joined", "tip.unjoined"))
    return select(Entry).where(_about("tip", [tip_id]), moved)


def _of_homes(tip_id: int) -> Iterator[ColumnElement[bool]]:
    """Lines about each case that was the home of a tip, while it was."""
    home, until = session().get_one(Tip, tip_id).case_id, None
    for line in session().scalars(_moves(tip_id).order_by(Entry.id.desc())):
        yield _between(home, line.id, until)
        home, until = int(line.facts["from_case"]), line.id
    yield _between(home, 0, until)


def _between(case_id: int, after: int, until: int | None) -> ColumnElement[bool]:
    begun = and_(_about("case", [case_id]), Entry.id > after)
    return begun if until is None else begun & (Entry.id < until)


def _of_tips(case_id: int) -> Iterator[ColumnElement[bool]]:
    """Lines about the tips of a case; one that was joined by mistake takes its lines along."""
    tips = session().scalars(select(Tip.id).where(Tip.case_id == case_id)).all()
    yield _about("tip", tips)


def _about(kind: str, ids: Sequence[int]) -> ColumnElement[bool]:
    return (Entry.about_kind == kind) & Entry.about_id.in_(ids)
