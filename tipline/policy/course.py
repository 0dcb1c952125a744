"""How cases are worked on, how a visit is made, and how the law goes on: files and forms."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tipline.policy.files import Form
from tipline.policy.law import Checklist, Legal, Scale, TransferSet, VisitKind, Visits
from tipline.policy.working import Casework, Skill, SupervisionLevel, Tick

Found = Iterator[tuple[str, str]]
REINSPECTION = "reinspection"


@dataclass(frozen=True, kw_only=True)
class SkillsFile(Form):
    """skills.yaml"""

    effective_from: date
    skills: tuple[Skill, ...]


@dataclass(frozen=True, kw_only=True)
class SupervisionFile(Form):
    """supervision.yaml: the levels that list cases"""

    effective_from: date
    levels: tuple[SupervisionLevel, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, kw_only=True)
class CaseworkFile(Form):
    """casework.yaml"""

    effective_from: date
    casework: Casework


@dataclass(frozen=True, kw_only=True)
class VisitsFile(Form):
    """visits.yaml"""

    effective_from: date
    officers: int
    revisit_days_before: int
    revisit_hours: tuple[int, int]
    kinds: tuple[VisitKind, ...]
    checklists: tuple[Checklist, ...]


@dataclass(frozen=True, kw_only=True)
class LegalFile(Form):
    """legal.yaml"""

    effective_from: date
    pay_within_days: int
    late_percent_a_day: int
    demand_workdays: int
    penalties_before_transfer: int
    fine_scales: tuple[Scale, ...]
    transfers: tuple[TransferSet, ...]


def visits_of(file: VisitsFile) -> Visits:
    """The rules of visits, once their file is known to be right."""
    return Visits(
        officers=file.officers,
        revisit_days_before=file.revisit_days_before,
        revisit_hours=file.revisit_hours,
        kinds={each.id: each for each in file.kinds},
        checklists=file.checklists,
    )


def legal_of(file: LegalFile) -> Legal:
    """The figures of the legal course, once their file is known to be right."""
    return Legal(
        pay_within_days=file.pay_within_days,
        late_percent_a_day=file.late_percent_a_day,
        demand_workdays=file.demand_workdays,
        penalties_before_transfer=file.penalties_before_transfer,
        fine_scales={each.id: each for each in file.fine_scales},
        transfers={each.id: each for each in file.transfers},
    )


def check_visits(file: VisitsFile, known: Any) -> Found:
    """There is a kind for re-inspections, and checklists are for categories that there are."""
    if REINSPECTION not in {kind.id for kind in file.kinds}:
        yield "kinds", f"needs a kind {REINSPECTION!r}"
    categories = {category.id for category in known.categories}
    for checklist in file.checklists:
        for name in checklist.categories:
            if name not in categories:
                yield f"checklists.{checklist.id}.categories", f"no category {name!r}"
    try:
        visits_of(file)
    except ValueError as error:
        yield "-", str(error)


def check_legal(file: LegalFile) -> Found:
    """Figures are within their bounds, and there is a set for a suspected crime."""
    if "crime" not in {each.id for each in file.transfers}:
        yield "transfers", "needs a set 'crime'"
    try:
        legal_of(file)
    except ValueError as error:
        yield "-", str(error)
