"""Planted tips with everybody who saw them, for supervision; and how others leave them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from tipline.db import session
from tipline.domain.actors import Actor
from tipline.domain.words import Text
from tipline.models import Canary, Case, CaseView, Entry, Staff, Tip
from tipline.queries.triage import in_reach
from tipline.runtime import policy

SEEN_BY = ("words.opened", "tip.accepted", "case.claimed", "case.assigned", "visit.made")


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One planted tip, and who saw it when and how, in order."""

    number: str
    case_number: str
    note: str
    at: datetime
    seen: Sequence[tuple[datetime, str, Text | None]]


def is_planted() -> ColumnElement[bool]:
    """Whether the tip of a query is planted: rewards and figures leave it out."""
    return exists().where(Canary.tip_id == Tip.id)


def is_about_planted() -> ColumnElement[bool]:
    """Whether the case of a query has a planted tip."""
    return exists().where(Tip.case_id == Case.id, Canary.tip_id == Tip.id)


def planted(actor: Actor) -> list[Planted]:
    """The planted tips within reach, the latest first."""
    query = (
        select(Canary, Tip, Case)
        .join(Tip, Tip.id == Canary.tip_id)
        .join(Tip.case)
        .join(Case.office)
        .where(in_reach(actor, "case:assign"))
        .order_by(Canary.id.desc())
    )
    return [
        Planted(
            number=tip.number,
            case_number=case.number,
            note=canary.note,
            at=canary.at,
            seen=sorted(_seen(tip, case), key=lambda each: each[0]),
        )
        for canary, tip, case in session().execute(query).unique()
    ]


def _seen(tip: Tip, case: Case) -> Iterable[tuple[datetime, str, Text | None]]:
    views = select(CaseView.at, Staff.name).join(Staff, Staff.id == CaseView.staff_id)
    for at, name in session().execute(views.where(CaseView.case_id == case.id)):
        yield at, name, None
    about_tip = (Entry.about_kind == "tip") & (Entry.about_id == tip.id)
    about_case = (Entry.about_kind == "case") & (Entry.about_id == case.id)
    lines = select(Entry).where(about_tip | about_case, Entry.event.in_(SEEN_BY))
    names = {f"staff:{row.id}": row.name for row in session().execute(select(Staff.id, Staff.name))}
    for line in session().scalars(lines):
        yield line.recorded_at, names.get(line.by, line.by), policy().events[line.event]
