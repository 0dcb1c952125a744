"""How an office works its cases: limits, skills, levels of supervision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tipline.domain.words import Text

Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Skill:
    """What an inspector has to know before taking a case of these categories."""

    id: str
    label: Text
    categories: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SupervisionLevel:
    """A level that lists cases for its own supervision."""

    id: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A condition that is ticked before a listed case ends."""

    id: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Casework:
    """How an office works its cases: when a silent claim returns, how long a redo is open.

    `weights` says by priority how heavily a case weighs, `most_weight` how much one person
    carries; cases of the categories in `by_lot` are given out by lot and never claimed.
    """

    claim_lease_workdays: int
    redo_within_days: int
    warn_workdays_before_return: int
    cooling_off_workdays: int
    most_weight: int
    weights: Mapping[int, int]
    by_lot: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.claim_lease_workdays <= 90:
            raise ValueError("claim_lease_workdays takes a number from 1 to 90")
        if sorted(self.weights) != [1, 2, 3, 4] or min(self.weights.values()) < 1:
            raise ValueError("weights takes a number from 1 for each priority from 1 to 4")
        if self.most_weight < max(self.weights.values()):
            raise ValueError("most_weight leaves no room for the heaviest case")
        if not 0 <= self.warn_workdays_before_return < self.claim_lease_workdays:
            raise ValueError("warn_workdays_before_return takes a number below the lease")
        if not 0 <= self.cooling_off_workdays <= 90:
            raise ValueError("cooling_off_workdays takes a number from 0 to 90")
        if not 1 <= self.redo_within_days <= 365:
            raise ValueError("redo_within_days takes a number from 1 to 365")


def check_skills(file: Any, known: Any) -> Found:
    """Skills are for categories that there are."""
    categories = {category.id for category in known.categories}
    for skill in file.skills:
        for name in skill.categories:
            if name not in categories:
                yield f"skills.{skill.id}.categories", f"no category {name!r}"


def check_lot(file: Any, known: Any) -> Found:
    """What is given out by lot are categories that there are."""
    categories = {category.id for category in known.categories}
    for name in file.casework.by_lot:
        if name not in categories:
            yield "casework.by_lot", f"no category {name!r}"
