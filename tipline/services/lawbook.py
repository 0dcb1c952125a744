"""The law of the day on which a clock started: kept once, and never changed."""

from collections.abc import Iterable

from sqlalchemy import insert, select

from tipline.db import session
from tipline.domain.deadlines import Step
from tipline.models import Clock, ClockRule
from tipline.policy import archive
from tipline.runtime import policy, runtime


def keep(steps: Iterable[Step]) -> dict[str, str]:
    """The mark of each step, by its id; a step that was not seen before is written down.

    What this process remembers it has read from the database: a row of a transaction that did
    not come to its end is not remembered.
    """
    written = {step.id: archive.write(step) for step in steps}
    new = {mark: content for mark, content in written.values() if mark not in runtime().steps}
    if new:
        found = set(_read(new))
        rows = [{"mark": m, "content": c} for m, c in new.items() if m not in found]
        if rows:
            session().execute(insert(ClockRule), rows)
    return {step_id: mark for step_id, (mark, _) in written.items()}


def step_of(clock: Clock) -> Step | None:
    """The step as it read when the clock started; None when nobody knows it any more."""
    known = runtime().steps
    if clock.rule_mark is None:
        return next((each for each in policy().deadlines.steps if each.id == clock.step), None)
    if clock.rule_mark not in known:
        _read([clock.rule_mark])
    return known[clock.rule_mark]


def _read(marks: Iterable[str]) -> list[str]:
    query = select(ClockRule.mark, ClockRule.content).where(ClockRule.mark.in_(list(marks)))
    found = {mark: archive.read(content) for mark, content in session().execute(query)}
    runtime().steps.update(found)
    return list(found)
