"""The form of a reward scheme: who may have one, how much, who approves, how it is claimed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from tipline.domain.counting import Unit
from tipline.domain.rewards.facts import BASES, Level, Outcome
from tipline.domain.words import Text

Base = Literal["fine", "fine_and_confiscated", "goods_value", "goods_value_or_fine", "case_value"]
Confidence = Literal["full_text", "excerpt", "news", "secondary", "general"]
Yuan = Decimal
assert set(BASES) == set(Base.__args__)  # type: ignore[attr-defined]


def fen(yuan: Yuan) -> int:
    """Yuan of a policy file in fen; ValueError when it is negative or finer than a fen."""
    if yuan < 0 or yuan * 100 != int(yuan * 100):
        raise ValueError(f"{yuan} yuan is not an amount")
    return int(yuan * 100)


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """Who may have a reward; what is not named is not asked."""

    outcome: tuple[Outcome, ...] = ()
    real_name: Literal["required", "optional", "code_only"] = "optional"
    min_age: int | None = None
    in_area: bool = False
    previously_unknown: bool = False
    exclusions: Mapping[str, Text] = field(default_factory=dict)
    insider_may_be: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tier:
    """One amount for one outcome; `max_yuan` opens a range, `merit` asks for special merit."""

    outcome: tuple[Outcome, ...]
    amount_yuan: Yuan
    max_yuan: Yuan | None = None
    merit: bool = False


@dataclass(frozen=True, kw_only=True)
class Band:
    """Up to this sum (included; None is open) an amount or a percentage."""

    up_to_yuan: Yuan | None = None
    amount_yuan: Yuan | None = None
    percent: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.amount_yuan is None) == (self.percent is None):
            raise ValueError("a band gives either amount_yuan or percent")


@dataclass(frozen=True, kw_only=True)
class Share:
    """A percentage with its own floor; `max_percent` opens a range."""

    percent: Decimal
    max_percent: Decimal | None = None
    floor_yuan: Yuan = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class FixedByOutcome:
    """An amount for each outcome; the best that fits."""

    type: Literal["fixed_by_outcome"]
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, kw_only=True)
class ByBand:
    """The band of the whole sum, or each band for its segment (`progressive`)."""

    type: Literal["by_band"]
    base: Base
    bands: tuple[Band, ...]
    method: Literal["whole", "progressive"] = "whole"

    def __post_init__(self) -> None:
        tops = [band.up_to_yuan for band in self.bands]
        closed = [top for top in tops[:-1] if top is not None]
        if not tops or tops[-1] is not None or len(closed) < len(tops) - 1:
            raise ValueError("the last band is open and all others are not")
        if closed != sorted(set(closed)):
            raise ValueError("bands rise")
        if self.method == "progressive" and any(band.percent is None for band in self.bands):
            raise ValueError("segments take percentages")


@dataclass(frozen=True, kw_only=True)
class ByLevel:
    """A percentage of the base for each level of evidence; the floor stands without any fine."""

    type: Literal["by_level"]
    base: Base
    levels: Mapping[Level, Share]


@dataclass(frozen=True, kw_only=True)
class ByTarget:
    """A percentage of the base for each kind of target."""

    type: Literal["by_target"]
    base: Base
    targets: Mapping[str, Share]


@dataclass(frozen=True, kw_only=True)
class Percent:
    """One percentage of the base; None where a local rule sets it, so that a range is left."""

    type: Literal["percent"]
    base: Base
    percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a stepped range; `max_yuan` None is open."""

    min_yuan: Yuan
    max_yuan: Yuan | None


@dataclass(frozen=True, kw_only=True)
class Discretionary:
    """A range within which somebody decides, with a written reason."""

    type: Literal["discretionary"]
    min_yuan: Yuan
    max_yuan: Yuan | None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """One amount for every case."""

    type: Literal["fixed"]
    amount_yuan: Yuan


Formula = FixedByOutcome | ByBand | ByLevel | ByTarget | Percent | Discretionary | Fixed


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Somebody who must agree when the amount reaches this."""

    by: str
    label: Text
    from_yuan: Yuan = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class SpecialMerit:
    """What special merit may raise the reward to, and who must agree."""

    max_yuan: Yuan
    approver: Approval


@dataclass(frozen=True, kw_only=True)
class Insider:
    """What an insider has on top: a share of the reward, points of the percentage, or more."""

    added_share_percent: Decimal = Decimal(0)
    added_points: Decimal = Decimal(0)
    higher_allowed: bool = False
    consent: Approval | None = None


@dataclass(frozen=True, kw_only=True)
class Addition:
    """An amount for each of something, such as a death that was hidden."""

    counts: str
    amount_yuan: Yuan


@dataclass(frozen=True, kw_only=True)
class Claim:
    """How long a reward waits to be claimed, and what is asked then."""

    window: int
    unit: Unit
    overdue: Literal["lapses", "waived"] = "waived"
    extend_to: int | None = None
    extend_unit: Unit | None = None
    documents: tuple[str, ...] = ()
    agent_allowed: bool = False
    payment: Literal["non_cash", "any"] = "non_cash"

    def __post_init__(self) -> None:
        if (self.extend_to is None) != (self.extend_unit is None):
            raise ValueError("extend_to and extend_unit belong together")


SECOND_PERSON = Approval(by="reward_approver", label=Text(zh="奖励审批人", en="reward approver"))


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A reward scheme. Money in policy files is yuan; everything worked out is whole fen.

    A fraction of a fen is dropped, so that nobody is paid more than the rule gives.
    """

    id: str
    title: Text
    jurisdiction: str
    source: str
    confidence: Confidence
    effective_from: date | None = None
    effective_to: date | None = None
    eligibility: Eligibility
    formula: Formula
    threshold_yuan: Yuan = Decimal(0)
    floor_yuan: Yuan = Decimal(0)
    cap_yuan: Yuan | None = None
    special_merit: SpecialMerit | None = None
    insider: Insider = Insider()
    additions: tuple[Addition, ...] = ()
    later_reporters: Literal["nothing", "discretionary"] = "nothing"
    approvals: tuple[Approval, ...] = (SECOND_PERSON,)
    claim: Claim
    claw_back: tuple[str, ...] = ()
    budget_line: str = ""
    yearly_ceiling_yuan: Yuan | None = None
    gaps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.cap_yuan is not None and self.floor_yuan > self.cap_yuan:
            raise ValueError("the floor lies above the cap")

    def is_in_force(self, day: date) -> bool:
        """Does the scheme govern a report accepted on this day? An unknown date excludes none."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)
