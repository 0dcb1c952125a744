"""Canaries: tips that supervision plants to trace a leak, and the record of who saw which case."""

from datetime import datetime

from tipline.db import session, use_case
from tipline.domain.actors import Actor
from tipline.models import Canary, CaseView
from tipline.services import intake
from tipline.services.intake import SealedTip
from tipline.services.reach import case_for


@use_case
def plant(sealed: SealedTip, *, by: Actor, note: str, now: datetime) -> int:
    """Take a tip in that nobody can tell from another; only its own table says that it is planted.

    Nothing of this stands in the journal, which more people read than may know of it.
    """
    tip = intake.take_in(sealed, now=now)
    case_for(by, tip.case_id, "case:assign")
    session().add(Canary(tip_id=tip.id, note=note.strip(), by_id=by.id, at=now))
    return tip.id


@use_case
def note_view(case_id: int, *, by: Actor, now: datetime) -> None:
    """Somebody has the page of a case before them."""
    session().add(CaseView(case_id=case_id, staff_id=by.id, at=now))
