"""What somebody has to see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from tipline.db import session
from tipline.domain.actors import Actor
from tipline.domain.words import Text
from tipline.models import Entry, Reminder
from tipline.queries.journal import Seen, seen
from tipline.runtime import policy

MOST = 200


@dataclass(frozen=True)
class Reminded:
    """A reminder: the line of the journal, the step it speaks of, and whether it was seen."""

    seen: Seen
    step: Text | None
    is_new: bool


def reminders(actor: Actor) -> Sequence[Reminded]:
    """The latest reminders, new ones first."""
    query = (
        select(Reminder, Entry)
        .join(Entry, Entry.id == Reminder.entry_id)
        .where(Reminder.staff_id == actor.id)
        .order_by(Reminder.read_at.is_not(None), Reminder.id.desc())
        .limit(MOST)
    )
    rows = session().execute(query).all()
    lines = seen([entry for _, entry in rows])
    return [
        Reminded(line, _step(entry), reminder.read_at is None)
        for (reminder, entry), line in zip(rows, lines, strict=True)
    ]


def unread(actor: Actor) -> int:
    """How many reminders nobody has looked at."""
    mine = select(func.count()).where(Reminder.staff_id == actor.id, Reminder.read_at.is_(None))
    return session().scalar(mine) or 0


def _step(entry: Entry) -> Text | None:
    steps = {step.id: step.label for step in policy().deadlines.steps}
    return steps.get(str(entry.facts.get("step", "")))
