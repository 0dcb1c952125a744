"""The clinic file: what is known of a place, and which cases are about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.domain.places import digits_of
from tipline.models import Case, Clinic, ClinicName, ClinicParty, ClinicPhone, Entry, Habit
from tipline.services import journal
from tipline.services.reach import case_for, clinic_for


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a clinic, as staff write it down; `aliases` are what else people call it."""

    division: str
    address: str
    floor: str = ""
    kind: str = "unknown"
    sign: str = ""
    licence_name: str = ""
    aliases: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    coordinates: tuple[float, float] | None = None
    drugs_kept: str = ""


@use_case
def amend(clinic_id: int, *, by: Actor, known: Known, now: datetime) -> None:
    """Write down what is known of a clinic now."""
    clinic = clinic_for(by, clinic_id, "clinic:keep")
    clinic.division, clinic.address, clinic.floor = known.division, known.address, known.floor
    clinic.kind, clinic.drugs_kept = known.kind, known.drugs_kept
    clinic.latitude, clinic.longitude = known.coordinates or (None, None)
    _keep_names(clinic, known)
    _keep_phones(clinic, known.phones)
    clinic.match_due = True
    journal.record("clinic.amended", clinic.ref, by=by.by, now=now)


@use_case
def add_habit(
    clinic_id: int,
    *,
    by: Actor,
    weekdays: Iterable[int | None],
    hours: tuple[int, int],
    note: str,
    now: datetime,
) -> None:
    """Note when somebody is there: on these weekdays (Monday is 0; None for every day)."""
    clinic = clinic_for(by, clinic_id, "clinic:keep")
    for weekday in weekdays:
        clinic.habits.append(
            Habit(
                weekday=weekday,
                from_hour=hours[0],
                until_hour=hours[1],
                note=note.strip(),
                by_id=by.id,
                at=now,
            )
        )
    journal.record("clinic.amended", clinic.ref, by=by.by, now=now, facts={"what": "habit"})


@use_case
def remove_habit(clinic_id: int, habit_id: int, *, by: Actor, now: datetime) -> None:
    """Take back a habit that is not true, or no longer."""
    clinic = clinic_for(by, clinic_id, "clinic:keep")
    habit = session().get(Habit, habit_id)
    if habit is None or habit.clinic_id != clinic.id:
        raise NotThere(f"habit {habit_id}")
    session().delete(habit)
    journal.record("clinic.amended", clinic.ref, by=by.by, now=now, facts={"what": "habit"})


@use_case
def place(case_id: int, clinic_id: int, *, by: Actor, now: datetime) -> None:
    """Say that a case is about this clinic, which has a file already; can be taken back."""
    case = case_for(by, case_id, "tip:triage")
    clinic_for(by, clinic_id, "clinic:read")
    put_to(case, clinic_id, by=by, now=now)


@use_case
def unite(clinic_id: int, other_id: int, *, by: Actor, now: datetime) -> None:
    """Two files are about one place: every case of the first goes to the other one's file."""
    clinic_for(by, clinic_id, "clinic:keep")
    clinic_for(by, other_id, "clinic:read")
    for case in session().scalars(select(Case).where(Case.clinic_id == clinic_id)).unique().all():
        put_to(case_for(by, case.id, "tip:triage"), other_id, by=by, now=now)


@use_case
def take_back(case_id: int, *, by: Actor, now: datetime) -> None:
    """The case is about another place after all: back to the clinic that it had before."""
    case = case_for(by, case_id, "tip:triage")
    put_to(case, former_clinic(case), by=by, now=now)


def put_to(case: Case, clinic_id: int, *, by: Actor, now: datetime) -> None:
    """The step that moves a case to a clinic's file; the tips and their reporters stay as is."""
    if case.clinic_id == clinic_id:
        raise IllegalTransition(f"case {case.id} is about clinic {clinic_id} already")
    facts = {"from_clinic": case.clinic_id, "to_clinic": clinic_id}
    left, target = case.clinic, session().get_one(Clinic, clinic_id)
    if not is_shared(case):
        _carry_over(left, target)
    case.clinic = target
    journal.record("case.placed", case.ref, by=by.by, now=now, facts=facts)


def _carry_over(left: Clinic, target: Clinic) -> None:
    """What is known of a place that no case is about any more goes along; nothing is taken away."""
    there = {(each.party_id, each.role) for each in target.parties}
    target.parties += [
        ClinicParty(party_id=each.party_id, role=each.role, since=each.since, until=each.until)
        for each in left.parties
        if (each.party_id, each.role) not in there
    ]
    names, numbers = {each.name for each in target.names}, {each.number for each in target.phones}
    known = (each.name for each in left.names if each.name not in names)
    target.names += [ClinicName(kind="alias", name=name) for name in dict.fromkeys(known)]
    target.phones += [
        ClinicPhone(number=each.number) for each in left.phones if each.number not in numbers
    ]
    target.match_due = True


def is_shared(case: Case) -> bool:
    """Whether other cases are about the same clinic."""
    others = (Case.clinic_id == case.clinic_id) & (Case.id != case.id)
    return session().scalar(select(Case.id).where(others).limit(1)) is not None


def former_clinic(case: Case) -> int:
    """The clinic that the case was about before; IllegalTransition if it was always this one."""
    about = (Entry.about_kind == "case") & (Entry.about_id == case.id)
    moves = select(Entry).where(about, Entry.event == "case.placed").order_by(Entry.id.desc())
    last = session().scalars(moves.limit(1)).first()
    if last is None:
        raise IllegalTransition(f"case {case.id} was never about another clinic")
    return int(last.facts["from_clinic"])


def _keep_names(clinic: Clinic, known: Known) -> None:
    said = [("sign", known.sign), ("licence", known.licence_name)]
    said += [("alias", name) for name in known.aliases]
    wanted = list(dict.fromkeys((kind, name.strip()) for kind, name in said if name.strip()))
    kept = {(each.kind, each.name): each for each in clinic.names}
    clinic.names = [kept.get(key) or ClinicName(kind=key[0], name=key[1]) for key in wanted]


def _keep_phones(clinic: Clinic, phones: Iterable[str]) -> None:
    wanted = list(dict.fromkeys(digits for each in phones if (digits := digits_of(each))))
    kept = {each.number: each for each in clinic.phones}
    clinic.phones = [kept.get(number) or ClinicPhone(number=number) for number in wanted]
