"""Matching: the worker gives every tip and clinic the keys by which like ones are found."""

from datetime import datetime

import structlog
from sqlalchemy import delete, insert, select

from tipline.db import session, use_case
from tipline.domain.matching import Traits, keys_of
from tipline.models import Clinic, MatchKey, Tip
from tipline.queries.matching import traits_of_clinic, traits_of_tip

BATCH = 50
log = structlog.get_logger()


@use_case
def understand(*, now: datetime) -> int:
    """Give keys to the tips and clinics that wait for them; returns how many there were."""
    tips = select(Tip).where(Tip.match_due).order_by(Tip.id).limit(BATCH)
    clinics = select(Clinic).where(Clinic.match_due).order_by(Clinic.id).limit(BATCH)
    waiting: list[Tip | Clinic] = [
        *session().scalars(tips.with_for_update(skip_locked=True, of=Tip)),
        *session().scalars(clinics.with_for_update(skip_locked=True, of=Clinic)),
    ]
    rows = [row for record in waiting for row in _keys(record)]
    for kind in {record.ref[0] for record in waiting}:
        ids = [record.id for record in waiting if record.ref[0] == kind]
        about = (MatchKey.about_kind == kind) & MatchKey.about_id.in_(ids)
        session().execute(delete(MatchKey).where(about))
    if rows:
        session().execute(insert(MatchKey), rows)
    for record in waiting:
        record.match_due = False
    return len(waiting)


def _keys(record: Tip | Clinic) -> list[dict[str, object]]:
    """The rows of a record; one that cannot be read has none, and does not stop the others."""
    try:
        keys = keys_of(_traits(record))
    except Exception as failure:
        log.error("match_failed", row=record.id, kind=type(failure).__name__)
        return []
    kind, record_id = record.ref
    return [{"key": key, "about_kind": kind, "about_id": record_id} for key in keys]


def _traits(record: Tip | Clinic) -> Traits:
    return traits_of_tip(record) if isinstance(record, Tip) else traits_of_clinic(record)
