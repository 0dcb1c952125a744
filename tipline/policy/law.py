"""Forms of what a visit takes, what it can find and impose, and of the legal course."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tipline.domain.penalties import FineScale
from tipline.domain.rewards.facts import Outcome
from tipline.domain.words import Text
from tipline.policy.vocabulary import Earned


@dataclass(frozen=True, kw_only=True)
class VisitKind:
    """A way to go there; only those that can be planned are offered for a plan."""

    id: str
    label: Text
    hint: Text


@dataclass(frozen=True, kw_only=True)
class CheckItem:
    """One thing to look at, answered by yes or no."""

    id: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """What is looked at in cases of these categories; without any, in every case."""

    id: str
    categories: tuple[str, ...] = ()
    items: tuple[CheckItem, ...]


@dataclass(frozen=True, kw_only=True)
class Visits:
    """How visits are made: by how many, what is looked at, and when somebody looks again."""

    officers: int
    revisit_days_before: int
    revisit_hours: tuple[int, int]
    kinds: Mapping[str, VisitKind] = field(default_factory=dict)
    checklists: tuple[Checklist, ...] = ()

    def __post_init__(self) -> None:
        if self.officers < 2:
            raise ValueError("officers takes a number from 2")
        if not 0 <= self.revisit_hours[0] < self.revisit_hours[1] <= 24:
            raise ValueError("revisit_hours takes two hours of a day, the earlier first")
        if not 0 <= self.revisit_days_before <= 30:
            raise ValueError("revisit_days_before takes a number from 0 to 30")

    def items_for(self, category: str) -> list[CheckItem]:
        """What to look at in a case of this category."""
        lists = (each for each in self.checklists if category in (each.categories or (category,)))
        return [item for each in lists for item in each.items]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A paper that belongs to a transfer."""

    id: str
    label: Text
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class TransferSet:
    """What has to be in the file that is handed to the police."""

    id: str
    label: Text
    documents: tuple[Document, ...]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A fine in times of the unlawful income, by the law that it is taken from."""

    id: str
    label: Text
    basis: Text
    scale: FineScale


@dataclass(frozen=True, kw_only=True)
class Legal:
    """The figures of the legal course, and what a transfer takes."""

    pay_within_days: int
    late_percent_a_day: int
    demand_workdays: int
    penalties_before_transfer: int
    fine_scales: Mapping[str, Scale] = field(default_factory=dict)
    transfers: Mapping[str, TransferSet] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("pay_within_days", "demand_workdays", "penalties_before_transfer"):
            if not 1 <= getattr(self, name) <= 365:
                raise ValueError(f"{name} takes a number from 1 to 365")
        if not 0 <= self.late_percent_a_day <= 100:
            raise ValueError("late_percent_a_day takes a number from 0 to 100")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an inspector can establish; `outcome` is the plain sentence about it.

    `confirms` when somebody practises there unlawfully; `needs` is what has to be there before
    a case ends with it.
    """

    id: str
    label: Text
    outcome: Text
    needs_visit: bool = True
    confirms: bool = False
    needs: tuple[Earned, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What can be imposed.

    `has_amount` when money belongs to it, `units` when it is counted, `has_due` when it has to be
    done by a day.

    `outcome` and `counts_as` say what it is to a reward scheme.
    """

    id: str
    label: Text
    has_amount: bool = False
    units: tuple[str, ...] = ()
    has_due: bool = False
    outcome: Outcome | None = None
    counts_as: Literal["fine", "confiscated"] | None = None
