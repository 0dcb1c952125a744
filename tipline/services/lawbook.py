"""The law of the day on which a clock started: kept once, and never changed."""

from collections.abc import Iterable

from sqlalchemy import insert

from tipline.db import session
from tipline.domain.deadlines import Step
from tipline.models import ClockRule
from tipline.queries.history import UNSURE, read_rules
from tipline.runtime import policy, runtime


def keep(steps: Iterable[Step]) -> dict[str, str]:
    """The mark of each step, by its id; a step that was not seen before is written down.

    What this process remembers it has read from the database: a row of a transaction that did
    not come to its end is not remembered.
    """
    written = {step.id: policy().written_steps[step.id] for step in steps}
    new = {mark: content for mark, content in written.values() if mark not in runtime().steps}
    if new:
        found = set(read_rules(new))
        rows = [{"mark": m, "content": c} for m, c in new.items() if m not in found]
        if rows:
            session().execute(insert(ClockRule), rows)
            session().info.setdefault(UNSURE, set()).update(row["mark"] for row in rows)
    return {step_id: mark for step_id, (mark, _) in written.items()}
