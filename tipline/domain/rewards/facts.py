"""What is known about a report and its case when a reward is worked out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Outcome = Literal["filed", "penalty", "transferred", "judgment", "closed"]
Level = Literal["L1", "L2", "L3"]
BASES: Mapping[str, tuple[str, ...]] = {
    "fine": ("fine_fen",),
    "fine_and_confiscated": ("fine_fen", "confiscated_fen"),
    "goods_value": ("goods_value_fen",),
    "goods_value_or_fine": ("goods_value_fen", "fine_fen", "confiscated_fen"),
    "case_value": ("case_value_fen",),
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Money in fen; None is not known yet, which excludes nobody but is asked for at the claim.

    `rank` is 1 for the first reporter; `joint` how many reported together, as one;
    `decisive` whether a later report was; `merit` whether special merit was established;
    `counts` how many of whatever the scheme adds an amount for.
    """

    outcome: tuple[Outcome, ...] = ()
    fine_fen: int = 0
    confiscated_fen: int = 0
    goods_value_fen: int = 0
    case_value_fen: int = 0
    evidence_level: Level | None = None
    insider: bool = False
    rank: int = 1
    joint: int = 1
    decisive: bool = False
    merit: bool = False
    real_name: bool | None = None
    age: int | None = None
    in_area: bool | None = None
    previously_unknown: bool | None = None
    excluded_as: str | None = None
    target: str | None = None
    accepted_on: date | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        money = (self.fine_fen, self.confiscated_fen, self.goods_value_fen, self.case_value_fen)
        if min(money) < 0:
            raise ValueError("an amount of money cannot be negative")
        if self.rank < 1 or self.joint < 1:
            raise ValueError("rank and joint are numbers from 1")
        if min(self.counts.values(), default=0) < 0:
            raise ValueError("a count cannot be negative")

    @property
    def reached(self) -> frozenset[str]:
        """The outcomes, with what each implies: a penalty, transfer or judgment means filed."""
        filed = {"filed"} if set(self.outcome) & {"penalty", "transferred", "judgment"} else set()
        return frozenset(self.outcome) | filed

    def base(self, name: str) -> int:
        """The sum that a scheme counts from, in fen; the larger where it names one or the other."""
        if name == "goods_value_or_fine":
            return max(self.goods_value_fen, self.fine_fen + self.confiscated_fen)
        return sum(int(getattr(self, part)) for part in BASES[name])
