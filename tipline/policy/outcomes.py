"""The forms of what follows a case: the letter to each reporter, and how a bureau rewards."""

from dataclasses import dataclass
from decimal import Decimal

from tipline.domain.counting import Unit
from tipline.domain.plain import HardWord
from tipline.domain.words import Text


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What a citizen who does not agree can do, and within which time of the answer."""

    id: str
    text: Text
    within: int
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Letters:
    """What every answer says besides the finding; `hard_words` have plainer ones.

    `progress` is how a word on progress begins: the legal limit stands in it as {until}.
    """

    longest: int
    progress: Text
    basis: Text
    next: Text
    remedies: tuple[Remedy, ...]
    hard_words: tuple[HardWord, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rewards:
    """How a bureau rewards: its schemes (the first in force counts), budget line and ceiling."""

    schemes: tuple[str, ...]
    budget_line: str
    yearly_ceiling_yuan: Decimal | None = None
