"""How urgent a tip is and why, from its own signals and from what is known of its place."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from tipline.db import session
from tipline.domain.lifecycle import OPEN_CASE
from tipline.domain.matching import Voice, burst, independent
from tipline.domain.urgency import Known, Urgency, urgency
from tipline.domain.words import Text
from tipline.models import Case, Contact, Measure, Tip
from tipline.queries.matching import Neighbour, neighbours
from tipline.runtime import policy

SURE = 0.75
MOST_VOICES = 100
OTHER_REASONS = {
    "category": Text(zh="所报的情况", en="What it is about"),
    "repeat_place": Text(zh="这个地方以前查处过", en="This place was dealt with before"),
    "corroboration": Text(zh="还有别的来源说到", en="Other sources speak of it"),
    "age": Text(zh="等了几天", en="Waiting for some days"),
}


@dataclass(frozen=True)
class Shown:
    """The level of a tip with its reasons in words, and how many independent sources there are."""

    level: int
    points: int
    reasons: Sequence[tuple[Text, int]]
    sources: int


@dataclass(frozen=True)
class Around:
    """What other tips say of the place of one: its clinics, the voices there, who shares keys."""

    clinics: frozenset[int]
    voices: Sequence[Voice]
    neighbours: Sequence[Neighbour]


def around(tip: Tip) -> Around:
    """What is known of the place of a tip beside the tip itself."""
    found = neighbours(tip)
    clinics = {tip.case.clinic_id} | {row.clinic_id for row in found if row.score >= SURE}
    return Around(frozenset(clinics), voices_of(clinics), found)


def urgency_of(tip: Tip, place: Around, *, now: datetime) -> Urgency:
    """How urgent this tip is by the policy in force."""
    known = Known(
        category_priority=policy().categories[tip.category].priority,
        signals=tuple(tip.signals.split()),
        address=f"{tip.address} {tip.floor}",
        repeat_place=_was_dealt_with(place.clinics, tip.case_id),
        sources=independent(place.voices),
        days_old=(now - tip.received_at).days,
    )
    return urgency(known, policy().urgency)


def shown(tip: Tip, *, now: datetime) -> Shown:
    """The same in words, for the desk."""
    place, rules = around(tip), policy().urgency
    found = urgency_of(tip, place, now=now)
    words = OTHER_REASONS | {signal.id: signal.label for signal in rules.signals}
    words["key_area"] = rules.key_area.label
    return Shown(
        level=found.level,
        points=found.points,
        reasons=[(words[reason.what], reason.points) for reason in found.reasons],
        sources=independent(place.voices),
    )


def burst_of(tip: Tip, place: Around) -> tuple[int, ...]:
    """The tips that say nearly the same as this one in a short time, with it; none if few."""
    rules = policy().urgency.flood
    mine = Voice(tip_id=tip.id, received_at=tip.received_at, sketch=tip.sketch)
    others = [
        Voice(tip_id=row.id, received_at=row.received_at, sketch=row.sketch)
        for row in place.neighbours
    ]
    within = timedelta(hours=rules.within_hours)
    return burst(mine, others, at_least=rules.at_least, within=within)


def voices_of(clinic_ids: Collection[int]) -> list[Voice]:
    """The tips about these clinics, as sources; the latest only."""
    query = (
        select(Tip.id, Tip.received_at, Tip.sketch, Tip.source, Contact.sender_mark)
        .join(Tip.case)
        .outerjoin(Contact, Contact.tip_id == Tip.id)
        .where(Case.clinic_id.in_(clinic_ids))
        .order_by(Tip.id.desc(), Contact.id.desc())
        .limit(MOST_VOICES)
    )
    voices = (
        Voice(tip_id=row[0], received_at=row[1], sketch=row[2], source=row[3], sender=row[4])
        for row in session().execute(query)
    )
    return list({voice.tip_id: voice for voice in voices}.values())


def cluster_sizes(cluster_ids: Iterable[int | None]) -> dict[int | None, int]:
    """How many tips each of these clusters holds."""
    known = {each for each in cluster_ids if each is not None}
    if not known:
        return {}
    counted = select(Tip.cluster_id, func.count()).where(Tip.cluster_id.in_(known))
    return {row[0]: row[1] for row in session().execute(counted.group_by(Tip.cluster_id))}


def _was_dealt_with(clinic_ids: Collection[int], case_id: int) -> bool:
    """Whether an earlier case there ended with something imposed."""
    imposed = (
        select(Measure.id)
        .join(Case, Case.id == Measure.case_id)
        .where(Case.clinic_id.in_(clinic_ids), Case.id != case_id, Case.status.not_in(OPEN_CASE))
    )
    return session().scalar(imposed.limit(1)) is not None
