"""The offices of the demo bureau and the people who work in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select

from tipline.db import session
from tipline.demo import stories
from tipline.demo.stories import Strict
from tipline.domain.actors import Actor
from tipline.models import Office, Staff
from tipline.services import staff
from tipline.web.access import actor_of

ROOT = 1
PASSWORD = "maoming-demo"  # noqa: S105  # The log-in of a demo is printed on every start.
BY = "command"


@dataclass(frozen=True, kw_only=True)
class Place(Strict):
    """One office, below the one named in `below`."""

    id: str
    below: str = ""
    name: str
    department: str = "health"
    division: str
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Person(Strict):
    """Somebody who works at an office."""

    username: str
    name: str
    role: str
    office: str


def places() -> tuple[Place, ...]:
    """Every office, each after the one above it; the first is the bureau itself."""
    return stories.read("offices.yaml", tuple[Place, ...])


def people() -> tuple[Person, ...]:
    """Everybody who works here."""
    return stories.read("staff.yaml", tuple[Person, ...])


def add(*, now: datetime) -> None:
    """Name the bureau, and add what is below it and everybody in it, as far as they are missing."""
    bureau, *others = places()
    staff.rename_office(ROOT, name=bureau.name, division=bureau.division, by=BY, now=now)
    ids = {bureau.id: ROOT}
    for place in others:
        ids[place.id] = _office(place.name) or _add_office(place, ids[place.below], now)
    there = actors()
    for person in people():
        if person.username not in there:
            _add_person(person, ids[person.office], now)


def _office(name: str) -> int | None:
    return session().scalar(select(Office.id).where(Office.name == name))


def _add_office(place: Place, parent_id: int, now: datetime) -> int:
    return staff.add_office(
        place.name,
        parent_id=parent_id,
        department=place.department,
        division=place.division,
        divisions=place.rooms,
        by=BY,
        now=now,
    )


def _add_person(person: Person, office_id: int, now: datetime) -> None:
    staff.add(
        person.username,
        name=person.name,
        password=PASSWORD,
        roles=[person.role],
        office_id=office_id,
        by=BY,
        now=now,
    )


def actors() -> Mapping[str, Actor]:
    """Everybody by user name, with what they may do."""
    known = {person.username for person in people()}
    found = session().scalars(select(Staff).where(Staff.username.in_(known)))
    return {person.username: actor_of(person) for person in found}


@dataclass(frozen=True)
class Roster:
    """Who is on duty for a district: its own people, else those of the city."""

    dice: Random
    divisions: Mapping[str, str]
    staff: Iterable[Person]

    def officer(self, division: str) -> str:
        """A triage officer."""
        return self.dice.choice(self._at(division, "triage_officer"))

    def pair(self, division: str) -> tuple[str, str]:
        """Two inspectors; the first does the writing."""
        local, city = self._at(division, "inspector"), self._of("", "inspector")
        first = self.dice.choice(local * 3 + city)
        second = self.dice.choice([name for name in local + city if name != first])
        return first, second

    def _at(self, division: str, role: str) -> list[str]:
        return self._of(division, role) or self._of("", role)

    def _of(self, division: str, role: str) -> list[str]:
        home = {office for office, area in self.divisions.items() if area == division}
        return [one.username for one in self.staff if one.role == role and one.office in home]


def roster(dice: Random) -> Roster:
    """Who is on duty; the city's own people stand under the empty division."""
    bureau, *others = places()
    divisions = {place.id: place.division for place in others} | {bureau.id: ""}
    return Roster(dice, divisions, people())
