"""Exports: who took which list out of the house, and what for."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.actors import Actor
from tipline.models import Office
from tipline.services import journal


@use_case
def record(what: str, *, rows: int, reason: str, by: Actor, now: datetime) -> None:
    """Write down that a list was exported, before it leaves."""
    root = session().scalars(select(Office.id).where(Office.parent_id.is_(None))).one()
    facts = {"what": what, "rows": rows, "reason": reason}
    journal.record("office.exported", ("office", root), by=by.by, now=now, facts=facts)
