"""The clinic file as it is read: by offices with a case there, by the inspector who holds one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.domain.words import Text
from tipline.models import (
    Case,
    Clinic,
    ClinicParty,
    Entry,
    Measure,
    Office,
    Party,
    PartyRecord,
    Visit,
)
from tipline.queries.licences import Registered, licences_at
from tipline.runtime import policy, settings


@dataclass(frozen=True)
class PastCase:
    """One case in the history of a place; `tips` are their numbers, for the office alone."""

    id: int
    number: str
    status: Text
    kind: Text
    opened_at: datetime
    brief: str
    finding: Text | None
    visits: Sequence[Visit]
    measures: Sequence[tuple[Text, Measure]]
    tips: Sequence[tuple[int, str]]
    held: bool
    moved: bool


@dataclass(frozen=True)
class Behind:
    """A party at this clinic, its record wherever it was made, and where else it turned up."""

    link: ClinicParty
    role: Text
    records: Sequence[tuple[Text, PartyRecord]]
    elsewhere: Sequence[Clinic]


@dataclass(frozen=True)
class ClinicView:
    """Everything on the page of a clinic."""

    clinic: Clinic
    kind: Text
    division: str
    sign: str
    licence_name: str
    aliases: Sequence[str]
    licences: Sequence[Registered]
    parties: Sequence[Behind]
    cases: Sequence[PastCase]
    for_office: bool


def clinic_view(actor: Actor, clinic_id: int, *, now: datetime) -> ClinicView:
    """The page of a clinic; NotThere for who may not know of it."""
    clinic, for_office = _readable(actor, clinic_id)
    today = now.astimezone(settings().zone).date()
    signs = [each.name for each in clinic.names if each.kind == "sign"]
    licensed = [each.name for each in clinic.names if each.kind == "licence"]
    kinds = policy().clinics.kinds
    return ClinicView(
        clinic=clinic,
        kind=(kinds.get(clinic.kind) or kinds["unknown"]).label,
        division=policy().divisions.name_of(clinic.division),
        sign=signs[0] if signs else "",
        licence_name=licensed[0] if licensed else "",
        aliases=[each.name for each in clinic.names if each.kind == "alias"],
        licences=licences_at(clinic.division, clinic.address, today=today),
        parties=_parties(clinic),
        cases=_cases(actor, clinic_id, for_office=for_office),
        for_office=for_office,
    )


def _readable(actor: Actor, clinic_id: int) -> tuple[Clinic, bool]:
    cases = select(Case.claimed_by_id, Office.path).join(Case.office)
    holds = False
    for holder, path in session().execute(cases.where(Case.clinic_id == clinic_id)):
        if actor.may("clinic:read", path) and actor.may("case:read", path):
            return session().get_one(Clinic, clinic_id), True
        holds |= actor.may("clinic:read", path) and holder == actor.id
    if not holds:
        raise NotThere(f"clinic {clinic_id}")
    return session().get_one(Clinic, clinic_id), False


def _cases(actor: Actor, clinic_id: int, *, for_office: bool) -> list[PastCase]:
    """The cases about this place, the latest first; none from which an inspector stepped aside."""
    query = select(Case).where(Case.clinic_id == clinic_id, Case.is_open_to(actor.id))
    found = session().scalars(query.order_by(Case.id.desc())).unique().all()
    moved = _moved([case.id for case in found])
    return [
        _past(case, actor, for_office=for_office, moved=for_office and case.id in moved)
        for case in found
    ]


def _moved(case_ids: Sequence[int]) -> set[int]:
    """Those of these cases that were put to another clinic's file at some time."""
    about = (Entry.about_kind == "case") & Entry.about_id.in_(case_ids)
    moves = select(Entry.about_id).where(about, Entry.event == "case.placed")
    return set(session().scalars(moves))


def _past(case: Case, actor: Actor, *, for_office: bool, moved: bool) -> PastCase:
    return PastCase(
        id=case.id,
        number=case.number,
        status=policy().case_statuses[case.status],
        kind=policy().categories[case.category].label,
        opened_at=case.opened_at,
        brief=case.brief,
        finding=policy().findings[case.finding].label if case.finding else None,
        visits=case.visits,
        measures=[(policy().measures[each.kind].label, each) for each in case.measures],
        tips=[(tip.id, tip.number) for tip in case.tips] if for_office else [],
        held=case.claimed_by_id == actor.id,
        moved=moved,
    )


def _parties(clinic: Clinic) -> list[Behind]:
    query = (
        select(ClinicParty)
        .where(ClinicParty.clinic_id == clinic.id)
        .options(
            selectinload(ClinicParty.party).selectinload(Party.records),
            selectinload(ClinicParty.party)
            .selectinload(Party.clinics)
            .selectinload(ClinicParty.clinic),
        )
        .order_by(ClinicParty.id)
    )
    return [_behind(link, clinic) for link in session().scalars(query)]


def _behind(link: ClinicParty, clinic: Clinic) -> Behind:
    words = policy().clinics
    others = {each.clinic_id: each.clinic for each in link.party.clinics}
    return Behind(
        link=link,
        role=words.roles[link.role],  # type: ignore[index]
        records=[(words.records[each.kind], each) for each in link.party.records],  # type: ignore[index]
        elsewhere=[other for other in others.values() if other.id != clinic.id],
    )
