"""Which clinics a tip or a clinic may be about: found by shared keys, then compared one by one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, union_all
from sqlalchemy.orm import selectinload

from tipline import chinese
from tipline.db import session
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import OPEN_CASE
from tipline.domain.matching import (
    Likeness,
    Traits,
    keys_of,
    likeness,
    nearby_cells,
    read_address,
)
from tipline.domain.matching.names import core, names_in
from tipline.models import Case, Clinic, MatchKey, Office, Tip
from tipline.queries.triage import in_reach

PER_KEY = 40
COMPARED = 60
HELD_FILES = 8
OF_TIP = (Tip.id, Tip.division, Tip.address, Tip.floor, Tip.sketch, Case.clinic_id)
LIKELY = 0.5
MOST = 3


@dataclass(frozen=True)
class Suggested:
    """A clinic that may be the same, why, and its open case if there is one."""

    clinic: Clinic
    likeness: Likeness
    open_case: Case | None

    @property
    def percent(self) -> int:
        """The score as people read it."""
        return round(self.likeness.score * 100)


@dataclass(frozen=True)
class Neighbour:
    """Another tip that shares keys with one, and how likely it is about the same clinic."""

    id: int
    clinic_id: int
    received_at: datetime
    sketch: bytes
    score: float


def traits_of_place(
    division: str, address: str, floor: str, *, sketch: bytes = b"", names: Iterable[str] = ()
) -> Traits:
    """What a place is compared by, as it was said."""
    read = read_address(chinese.simplified(address), chinese.simplified(floor))
    said = [core(chinese.simplified(name)) for name in names]
    cores = tuple(dict.fromkeys([*said, *names_in(read.whole)]))
    return Traits(
        division=division,
        address=read,
        road_sound=chinese.sound(read.road),
        estate_sound=chinese.sound(read.estate),
        names=cores,
        name_sounds=tuple(chinese.sound(name) for name in cores),
        sketch=sketch,
    )


def traits_of_tip(tip: Tip) -> Traits:
    """What a tip is compared by."""
    return traits_of_place(tip.division, tip.address, tip.floor, sketch=tip.sketch)


def traits_of_clinic(clinic: Clinic) -> Traits:
    """What a clinic's own file is compared by."""
    names = [each.name for each in clinic.names]
    place = traits_of_place(clinic.division, clinic.address, clinic.floor, names=names)
    spot = (clinic.latitude, clinic.longitude)
    known = {
        "phones": frozenset(each.number for each in clinic.phones),
        "coordinates": spot if spot[0] is not None else None,
    }
    return Traits(**(vars(place) | known))


def for_tip(actor: Actor, tip: Tip) -> Sequence[Suggested]:
    """The clinics that this tip is most likely about, beside the one that it has."""
    return _suggested(actor, [traits_of_tip(tip)], tip.case.clinic_id)


def neighbours(tip: Tip) -> list[Neighbour]:
    """Tips of all offices that may be about the same place or say the same; for the worker."""
    mine = traits_of_tip(tip)
    ids = _near([mine])["tip"] - {tip.id}
    columns = (*OF_TIP, Tip.received_at)
    query = select(*columns).join(Tip.case).where(Tip.id.in_(ids))
    rows: Iterable[Row[Any]] = session().execute(query)
    return [
        Neighbour(
            id=row.id,
            clinic_id=row.clinic_id,
            received_at=row.received_at,
            sketch=row.sketch,
            score=likeness(mine, _of_row(row)[1]).score,
        )
        for row in rows
    ]


def for_clinic(actor: Actor, clinic: Clinic) -> Sequence[Suggested]:
    """The clinics that are most likely the same as this one, by its file and by its tips."""
    tips = session().scalars(select(Tip).join(Tip.case).where(Case.clinic_id == clinic.id).limit(9))
    return _suggested(actor, [traits_of_clinic(clinic), *map(traits_of_tip, tips)], clinic.id)


def _suggested(actor: Actor, about: Sequence[Traits], own_clinic: int) -> list[Suggested]:
    near = _near(about)
    told = _compared(about, (_of_row(row) for row in _tips(actor, near["tip"])))
    clinics = _clinics(actor, near["clinic"] | set(_first(told, HELD_FILES)))
    files = ((clinic.id, traits_of_clinic(clinic)) for clinic in clinics.values())
    both = _compared(about, files, {each: told[each] for each in told if each in clinics})
    best = _ranked({each: why for each, why in both.items() if each != own_clinic})
    cases = _open_cases(actor, [clinic_id for clinic_id, _ in best])
    return [Suggested(clinics[each], why, cases.get(each)) for each, why in best]


def best_of(
    about: Sequence[Traits], found: Iterable[tuple[int, Traits]]
) -> list[tuple[int, Likeness]]:
    """The likeliest clinics with the strongest likeness of each, at most three."""
    return _ranked(_compared(about, found))


def _compared(
    about: Sequence[Traits],
    found: Iterable[tuple[int, Traits]],
    known: Mapping[int, Likeness] | None = None,
) -> dict[int, Likeness]:
    """The strongest likeness of each clinic that is likely at all."""
    best = dict(known or {})
    for clinic_id, traits in found:
        for mine in about:
            why = likeness(mine, traits)
            if why.score >= LIKELY and _is_stronger(why, best.get(clinic_id)):
                best[clinic_id] = why
    return best


def _is_stronger(one: Likeness, other: Likeness | None) -> bool:
    return other is None or one.score > other.score


def _ranked(best: Mapping[int, Likeness]) -> list[tuple[int, Likeness]]:
    """The first few; one that is far less likely than the first is left out."""
    order = _first(best, MOST)
    return [(each, best[each]) for each in order if best[each].score >= best[order[0]].score - 0.2]


def _first(best: Mapping[int, Likeness], most: int) -> list[int]:
    return sorted(best, key=lambda each: (-best[each].score, -each))[:most]


def _near(about: Sequence[Traits]) -> dict[str, set[int]]:
    """Records that share keys, those with the most first; each key gives its latest few only."""
    keys = {key for mine in about for key in (*keys_of(mine), *nearby_cells(mine.coordinates))}
    found: dict[str, set[int]] = {"tip": set(), "clinic": set()}
    if not keys:
        return found
    rows = session().execute(union_all(*(_latest(key) for key in sorted(keys))))
    shared = Counter((row.about_kind, row.about_id) for row in rows)
    for (kind, record_id), _ in shared.most_common(COMPARED):
        found[kind].add(record_id)
    return found


def _latest(key: int) -> Select[Any]:
    """The latest records with this key."""
    newest = (
        select(MatchKey.about_kind, MatchKey.about_id)
        .where(MatchKey.key == key)
        .order_by(MatchKey.about_id.desc())
        .limit(PER_KEY)
        .subquery()
    )
    return select(newest.c.about_kind, newest.c.about_id)


def _tips(actor: Actor, ids: set[int]) -> list[Row[Any]]:
    query = select(*OF_TIP).join(Tip.case).join(Case.office)
    within = query.where(Tip.id.in_(ids), in_reach(actor, "case:read"))
    return list(session().execute(within))


def _of_row(row: Row[Any]) -> tuple[int, Traits]:
    traits = traits_of_place(row.division, row.address, row.floor, sketch=row.sketch)
    return row.clinic_id, traits


def _clinics(actor: Actor, ids: set[int]) -> Mapping[int, Clinic]:
    """The clinics with a case at an office in reach."""
    within = select(Case.clinic_id).join(Case.office).where(in_reach(actor, "case:read"))
    query = (
        select(Clinic)
        .where(Clinic.id.in_(ids), Clinic.id.in_(within.where(Case.clinic_id.in_(ids))))
        .options(selectinload(Clinic.names), selectinload(Clinic.phones))
    )
    return {clinic.id: clinic for clinic in session().scalars(query)}


def _open_cases(actor: Actor, clinic_ids: Sequence[int]) -> Mapping[int, Case]:
    query = (
        select(Case)
        .join(Office, Case.office_id == Office.id)
        .where(Case.clinic_id.in_(clinic_ids), Case.status.in_(OPEN_CASE))
        .where(in_reach(actor, "tip:triage"))
        .order_by(Case.id.desc())
    )
    return {case.clinic_id: case for case in session().scalars(query).unique()}
