"""The inspectors: who may work on a case, what each carries, how old it is, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, literal, select

from tipline.db import session
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import OPEN_CASE, CaseStatus
from tipline.models import Case, Entry, Grant, Leave, Office, Recusal, Staff, StaffSkill, Tip
from tipline.queries.canaries import is_about_planted
from tipline.queries.eligibility import carried, is_away, is_skilled, local_day
from tipline.queries.triage import in_reach
from tipline.runtime import policy

MOST = 100
EMPTY = "premises_empty"
CONCLUDED = (CaseStatus.CONCLUDED, CaseStatus.CLOSED)


@dataclass(kw_only=True)
class Workload:
    """What one inspector has in hand and what came of it; `oldest_days` counts from the claim."""

    id: int
    name: str
    cases: int = 0
    weight: int = 0
    late: int = 0
    oldest_days: int | None = None
    concluded: int = 0
    empty: int = 0
    away_until: date | None = None
    skills: list[str] = field(default_factory=list)

    @property
    def empty_rate(self) -> float | None:
        """The share of concluded cases whose premises were empty when they came."""
        return self.empty / self.concluded if self.concluded else None


@dataclass(frozen=True)
class WordsRead:
    """Somebody opened the words of a tip."""

    at: datetime
    name: str
    tip: str


@dataclass(frozen=True)
class DistrictLoad:
    """The open cases of a district: how many wait, are worked on, are late, and the oldest."""

    division: str
    waiting: int
    claimed: int
    late: int
    oldest_days: int


def inspectors_for(case: Case) -> Sequence[Staff]:
    """Everybody who may work on this case: of its office or above, and did not step aside."""
    path = session().scalar(select(Office.path).where(Office.id == case.office_id))
    held = literal(path).like(Office.path + "%")
    free = ~Recusal.bars(case.id, Staff.id)
    return session().scalars(_inspectors().where(held, free).order_by(Staff.name)).unique().all()


def colleagues(case_id: int, viewer_id: int) -> list[tuple[int, str]]:
    """Who could come along on a visit of this case."""
    people = inspectors_for(session().get_one(Case, case_id))
    return [(each.id, each.name) for each in people if each.id != viewer_id]


def _inspectors() -> Select[Staff]:
    roles = [role.id for role in policy().roles.values() if "case:work" in role.permissions]
    return (
        select(Staff)
        .join(Grant, Grant.staff_id == Staff.id)
        .join(Office, Office.id == Grant.office_id)
        .where(Staff.active, Grant.role.in_(roles))
    )


def loads_for(case: Case, *, now: datetime) -> dict[int, int]:
    """What everybody carries who is here, has the skill and has not stepped aside."""
    return {
        person.id: session().scalar(select(carried(person.id))) or 0
        for person in inspectors_for(case)
        if _may_get(case, person.id, now=now)
    }


def _may_get(case: Case, staff_id: int, *, now: datetime) -> bool:
    fit = select(Case.id).where(Case.id == case.id, is_skilled(staff_id))
    free = fit.where(~Recusal.bars(case.id, staff_id), ~is_away(staff_id, now=now))
    return session().scalar(free) is not None


def away_today(staff_id: int, *, now: datetime) -> bool:
    """Whether this person is on leave today."""
    return bool(session().scalar(select(is_away(staff_id, now=now))))


def office_above(actor: Actor, case: Case) -> Office | None:
    """The nearest office above the case's own at which this person assigns cases."""
    own = session().get_one(Office, case.office_id)
    above = select(Office).where(literal(own.path).like(Office.path + "%"))
    found = above.where(Office.id != own.id).order_by(Office.path.desc())
    held = (office for office in session().scalars(found) if actor.may("case:assign", office.path))
    return next(held, None)


def workloads(actor: Actor, *, now: datetime) -> list[Workload]:
    """Every inspector within a supervisor's reach, whoever carries most first."""
    people = session().scalars(_inspectors().where(in_reach(actor, "case:assign"))).unique()
    found = {person.id: Workload(id=person.id, name=person.name) for person in people}
    _add_cases(found, now=now)
    _add_leave(found, now=now)
    for staff_id, skill in session().execute(select(StaffSkill.staff_id, StaffSkill.skill)):
        if staff_id in found:
            found[staff_id].skills.append(skill)
    return sorted(found.values(), key=lambda each: (-each.weight, each.name))


def _add_cases(found: dict[int, Workload], *, now: datetime) -> None:
    columns = (Case.claimed_by_id, Case.status, Case.priority, Case.claimed_at, Case.due_at)
    held = select(*columns, Case.finding).where(Case.claimed_by_id.in_(found), ~is_about_planted())
    for staff_id, status, priority, since, due_at, finding in session().execute(held):
        person = found[staff_id or 0]
        if status == CaseStatus.CLAIMED:
            person.cases += 1
            person.weight += policy().casework.weights[priority]
            person.late += due_at <= now
            person.oldest_days = max(person.oldest_days or 0, (now - (since or now)).days)
        elif status in CONCLUDED:
            person.concluded += 1
            person.empty += finding == EMPTY


def _add_leave(found: dict[int, Workload], *, now: datetime) -> None:
    today = local_day(now)
    away = select(Leave.staff_id, Leave.last_on).where(
        Leave.first_on <= today, Leave.last_on >= today
    )
    for staff_id, last_on in session().execute(away):
        if staff_id in found:
            found[staff_id].away_until = last_on


def by_district(actor: Actor, *, now: datetime) -> list[DistrictLoad]:
    """The open cases of each district within reach, the one with most first."""
    query = (
        select(Case.division, Case.status, Case.due_at, Case.opened_at)
        .join(Case.office)
        .where(in_reach(actor, "case:assign"), Case.status.in_(OPEN_CASE), ~is_about_planted())
    )
    groups: dict[str, list[tuple[str, datetime, datetime]]] = {}
    for division, status, due_at, opened_at in session().execute(query):
        groups.setdefault(division, []).append((status, due_at, opened_at))
    loads = [
        DistrictLoad(
            division=policy().divisions.name_of(division),
            waiting=sum(status != CaseStatus.CLAIMED for status, _, _ in cases),
            claimed=sum(status == CaseStatus.CLAIMED for status, _, _ in cases),
            late=sum(due_at <= now for _, due_at, _ in cases),
            oldest_days=max((now - opened_at).days for _, _, opened_at in cases),
        )
        for division, cases in groups.items()
    ]
    return sorted(loads, key=lambda each: -(each.waiting + each.claimed))


def words_read(actor: Actor) -> list[WordsRead]:
    """Who opened the words of which tip within reach, the latest first."""
    query = (
        select(Entry.at, Entry.by, Tip.number)
        .join(Tip, (Entry.about_kind == "tip") & (Entry.about_id == Tip.id))
        .join(Tip.case)
        .join(Case.office)
        .where(Entry.event == "words.opened", in_reach(actor, "case:assign"))
        .order_by(Entry.id.desc())
        .limit(MOST)
    )
    names = {f"staff:{row.id}": row.name for row in session().execute(select(Staff.id, Staff.name))}
    return [WordsRead(at, names.get(by, by), tip) for at, by, tip in session().execute(query)]
