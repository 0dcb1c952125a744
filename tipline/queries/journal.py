"""The journal as it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from tipline.db import session
from tipline.domain.actors import Actor
from tipline.domain.words import Text
from tipline.models import Case, Clinic, Entry, Office, Party, Staff, Tip
from tipline.queries.triage import in_reach
from tipline.runtime import policy

ROWS = 100
LARGEST_ID = 2**31 - 1
ROOT = "/1/"


@dataclass(frozen=True)
class Seen:
    """One line: when, about what, what, and who."""

    at: datetime
    about: str
    text: Text | str
    by: str
    facts: dict[str, Any]


def latest(actor: Actor, *, before: int | None) -> tuple[Sequence[Seen], int | None]:
    """A page of lines within reach, the latest first, and where the next page begins."""
    query = select(Entry).where(_within(actor)).order_by(Entry.id.desc()).limit(ROWS + 1)
    if before is not None:
        query = query.where(Entry.id < min(before, LARGEST_ID))
    found = session().scalars(query).all()
    more = found[ROWS - 1].id if len(found) > ROWS else None
    return seen(found[:ROWS]), more


def about(refs: Iterable[tuple[str, int]]) -> Sequence[Seen]:
    """All lines about these records, the oldest first."""
    wanted = [(Entry.about_kind == kind) & (Entry.about_id == each) for kind, each in refs]
    return seen(session().scalars(select(Entry).where(or_(*wanted)).order_by(Entry.id)).all())


def seen(lines: Sequence[Entry]) -> list[Seen]:
    """Lines with the names that people know."""
    names, numbers = _names(lines), _numbers(lines)
    return [
        Seen(
            at=line.at,
            about=numbers.get((line.about_kind, line.about_id), ""),
            text=policy().events.get(line.event, line.event),
            by=names.get(line.by, line.by),
            facts=line.facts,
        )
        for line in lines
    ]


def _within(actor: Actor) -> ColumnElement[bool]:
    """Lines about tips and cases of the offices in reach; about everything for the root."""
    if actor.may("journal:read", ROOT):
        return Entry.id > 0
    cases = select(Case.id).join(Case.office).where(in_reach(actor, "journal:read"))
    tips = select(Tip.id).where(Tip.case_id.in_(cases))
    about_case = (Entry.about_kind == "case") & Entry.about_id.in_(cases)
    return about_case | ((Entry.about_kind == "tip") & Entry.about_id.in_(tips))


def _names(lines: Iterable[Entry]) -> dict[str, str]:
    people = {line.by for line in lines if line.by.startswith("staff:")}
    ids = [int(by.removeprefix("staff:")) for by in people]
    found = session().execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    return {f"staff:{person_id}": name for person_id, name in found}


def _numbers(lines: Iterable[Entry]) -> dict[tuple[str, int], str]:
    """What each record is called: a number, a name or an address."""
    found: dict[tuple[str, int], str] = {}
    called: tuple[tuple[str, Any, Any], ...] = (
        ("tip", Tip.id, Tip.number),
        ("case", Case.id, Case.number),
        ("staff", Staff.id, Staff.name),
        ("office", Office.id, Office.name),
        ("clinic", Clinic.id, Clinic.address),
        ("party", Party.id, Party.name),
    )
    for kind, id_column, name_column in called:
        ids = {line.about_id for line in lines if line.about_kind == kind}
        if ids:
            rows = session().execute(select(id_column, name_column).where(id_column.in_(ids)))
            found |= {(kind, record_id): name for record_id, name in rows}
    return found
