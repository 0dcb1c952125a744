"""Revisits: looking again after a ban, also on a closed case; who is back gets a new case."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain import lifecycle
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import CaseStatus
from tipline.models import Case, Clock, Recusal, Resurgence
from tipline.services import journal
from tipline.services.reach import case_for
from tipline.services.visits import Seen, write_down
from tipline.vault import sealing

DONE = (CaseStatus.CONCLUDED, CaseStatus.CLOSED, CaseStatus.CLAIMED)


@use_case
def record(case_id: int, *, by: Actor, seen: Seen, back: bool, now: datetime) -> int | None:
    """Record a re-inspection; when they are at it again, the number of the new case.

    Any inspector of the district may do it, whoever had the case.
    """
    case = case_for(by, case_id, "case:work")
    if session().scalar(select(Recusal.bars(case.id, by.id))):
        raise NotThere(f"case {case_id}")
    if case.status not in DONE:
        raise lifecycle.IllegalTransition(f"case {case_id} is {case.status}")
    due = (Clock.about_kind == "case", Clock.about_id == case.id, Clock.step == seen.purpose)
    if session().scalar(select(Clock.id).where(*due, Clock.state == "running")) is None:
        raise NotThere(f"re-inspection of case {case_id}")
    write_down(case, by=by, seen=seen, now=now)
    return _resurged(case, by=by, seen=seen, now=now) if back else None


def _resurged(former: Case, *, by: Actor, seen: Seen, now: datetime) -> int:
    """The same place again: a case of its own in the pool, linked to the former one."""
    case = Case(
        number=sealing.mint_number("C"),
        clinic_id=former.clinic_id,
        office_id=former.office_id,
        status=CaseStatus.QUEUED,
        category=former.category,
        division=former.division,
        priority=max(1, former.priority - 1),
        opened_at=now,
        brief=seen.note,
    )
    session().add(case)
    session().flush()
    session().add(Resurgence(case_id=case.id, former_id=former.id))
    facts = {"former": former.id}
    journal.record("case.queued", case.ref, by=by.by, now=now, facts=facts)
    facts = {"case": case.id}
    journal.record("case.resurged", former.ref, by=by.by, now=now, at=seen.at, facts=facts)
    return case.id
