"""Reminders: which members of staff have to see a line of the journal."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, literal, select, update

from tipline.db import session, use_case
from tipline.domain.actors import Actor
from tipline.models import Case, Entry, Grant, Office, Reminder, Staff, Tip
from tipline.policy.vocabulary import Reminded
from tipline.runtime import policy

CACHE = "people"


@use_case
def mark_read(*, by: Actor, up_to: datetime, now: datetime) -> None:
    """Somebody has seen all their reminders up to this instant."""
    mine = update(Reminder).where(Reminder.staff_id == by.id, Reminder.read_at.is_(None))
    session().execute(mine.where(Reminder.created_at <= up_to).values(read_at=now))


def follow(line: Entry) -> None:
    """Remind whom the policy names for this event, each person once."""
    to = policy().reminders.get(line.event, ())
    people = dict.fromkeys(person for kind in to for person in _people(kind, line))
    rows = [
        {"staff_id": person, "entry_id": line.id, "created_at": line.recorded_at}
        for person in people
    ]
    if rows:
        session().execute(insert(Reminder), rows)


def _people(kind: Reminded, line: Entry) -> Iterable[int]:
    case, office = _place_of(line)
    if kind == "holder" and case is not None:
        held_by = case.claimed_by_id
        return (held_by,) if held_by else nearest("tip:triage", office)
    up = int(line.facts.get("nudges", 1)) - 1 if kind == "next_up" else 0
    return nearest("case:assign", office, up=up)


def _place_of(line: Entry) -> tuple[Case | None, Office]:
    if line.about_kind == "office":
        return None, session().get_one(Office, line.about_id)
    case_id = line.about_id
    if line.about_kind == "tip":
        case_id = session().get_one(Tip, line.about_id).case_id
    case = session().get_one(Case, case_id)
    return case, session().get_one(Office, case.office_id)


def nearest(permission: str, office: Office, *, up: int = 0) -> tuple[int, ...]:
    """Who may do this at the nearest office that has somebody; `up` names one further above."""
    known = session().info.setdefault(CACHE, {})
    if (permission, office.id) not in known:
        known[permission, office.id] = _holding(permission, office)
    levels: list[tuple[int, ...]] = known[permission, office.id]
    return levels[min(up, len(levels) - 1)] if levels else ()


def _holding(permission: str, office: Office) -> list[tuple[int, ...]]:
    """The people at this office and above, one tuple a level that has any, the nearest first."""
    roles = [role.id for role in policy().roles.values() if permission in role.permissions]
    query = (
        select(Office.path, Staff.id)
        .join(Grant, Grant.office_id == Office.id)
        .join(Staff, Staff.id == Grant.staff_id)
        .where(Staff.active, Grant.role.in_(roles), literal(office.path).like(Office.path + "%"))
        .order_by(Staff.id)
    )
    levels: dict[str, list[int]] = {}
    for path, person in session().execute(query):
        levels.setdefault(path, []).append(person)
    return [tuple(levels[path]) for path in sorted(levels, key=len, reverse=True)]
