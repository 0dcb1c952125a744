"""Matching: the worker gives every tip and clinic the keys by which like ones are found.

What takes long is read and worked out before the short transaction in which it is written down.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, insert, select, update

from tipline.db import session, use_case
from tipline.domain.matching import Traits, keys_of
from tipline.models import Clinic, MatchKey, Tip
from tipline.queries.matching import traits_of_clinic, traits_of_tip
from tipline.services import judging, searching

BATCH = 50
PLACE = ("division", "address", "floor")
log = structlog.get_logger()


def understand(*, now: datetime) -> int:
    """Give keys to the tips and clinics that wait for them, and judge the tips; how many."""
    session().rollback()
    tips = _waiting(Tip)
    keyed = {record.id: _keys(record, traits_of_tip) for record in tips}
    if tips:
        given_to = keep_tips({record.id: _place(record) for record in tips}, keyed, now=now)
        judging.judge(given_to, now=now)
    return len(tips) + keep_clinics(now=now)


@use_case
def keep_tips(
    places: Mapping[int, Sequence[str]], keyed: Mapping[int, Sequence[int]], *, now: datetime
) -> list[int]:
    """Write down the keys of tips that nobody else was given; one that changed waits again."""
    mine = update(Tip).where(Tip.id.in_(places), Tip.match_due).values(match_due=False)
    columns = (Tip.id, Tip.division, Tip.address, Tip.floor)
    found = {row[0]: tuple(row[1:]) for row in session().execute(mine.returning(*columns))}
    changed = [tip_id for tip_id, place in found.items() if place != tuple(places[tip_id])]
    if changed:
        session().execute(update(Tip).where(Tip.id.in_(changed)).values(match_due=True))
    _write("tip", {tip_id: keyed[tip_id] for tip_id in found})
    return sorted(found)


@use_case
def keep_clinics(*, now: datetime) -> int:
    """Give keys to the clinics whose file was changed; they are few."""
    waiting = select(Clinic).where(Clinic.match_due).order_by(Clinic.id).limit(BATCH)
    found = session().scalars(waiting.with_for_update(skip_locked=True, of=Clinic)).all()
    _write("clinic", {clinic.id: _keys(clinic, traits_of_clinic) for clinic in found})
    for clinic in found:
        searching.take_up_clinic(clinic)
        clinic.match_due = False
    return len(found)


def _waiting(model: Any) -> Sequence[Any]:
    due = select(model).where(model.match_due).order_by(model.id).limit(BATCH)
    return session().scalars(due).all()


def _place(tip: Tip) -> tuple[str, ...]:
    return tuple(getattr(tip, name) for name in PLACE)


def _keys(record: Any, traits_of: Any) -> list[int]:
    """The keys of a record; one that cannot be read has none, and does not stop the others."""
    try:
        traits: Traits = traits_of(record)
        return keys_of(traits)
    except Exception as failure:
        log.error("match_failed", row=record.id, kind=type(failure).__name__)
        return []


def _write(kind: str, keyed: Mapping[int, Sequence[int]]) -> None:
    """Put these keys in the place of the former ones."""
    if not keyed:
        return
    about = (MatchKey.about_kind == kind) & MatchKey.about_id.in_(keyed)
    session().execute(delete(MatchKey).where(about))
    rows = [
        {"key": key, "about_kind": kind, "about_id": record_id}
        for record_id, keys in keyed.items()
        for key in keys
    ]
    if rows:
        session().execute(insert(MatchKey), rows)
