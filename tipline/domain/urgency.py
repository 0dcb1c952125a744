"""Urgency: how urgent a tip is, from rules that can be explained one by one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tipline.domain.sought import Sought
from tipline.domain.words import Text

LEAST = 4


@dataclass(frozen=True, kw_only=True)
class Signal(Sought):
    """Something in the words that makes a tip more urgent; only its id is kept."""

    label: Text
    points: int


@dataclass(frozen=True, kw_only=True)
class KeyArea:
    """Words of an address that name places worth special care."""

    label: Text
    points: int
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Growing:
    """So many points for each one more, up to a most."""

    points: int
    most: int
    days: int = 1


@dataclass(frozen=True, kw_only=True)
class Flood:
    """From how many nearly equal tips within how many hours on a burst is suspected."""

    at_least: int
    within_hours: int


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The points, and from how many on a tip is of each level; 1 is the most urgent."""

    levels: Mapping[int, int]
    category_points: Mapping[int, int]
    signals: tuple[Signal, ...]
    repeat_place_points: int
    key_area: KeyArea
    corroboration: Growing
    age: Growing
    flood: Flood


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a tip; `sources` are independent ones that speak of the place, with it."""

    category_priority: int
    signals: tuple[str, ...] = ()
    address: str = ""
    repeat_place: bool = False
    sources: int = 1
    days_old: int = 0


@dataclass(frozen=True)
class Reason:
    """One rule that gave points; `what` is its name, or the id of a signal."""

    what: str
    points: int


@dataclass(frozen=True)
class Urgency:
    """The level (1 to 4), and every reason for it, the weightiest first."""

    level: int
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """All points together."""
        return sum(reason.points for reason in self.reasons)


def signals_in(text: str, signals: Iterable[Signal]) -> tuple[str, ...]:
    """The ids of the signals that a text gives."""
    return tuple(signal.id for signal in signals if signal.pattern.search(text))


def urgency(known: Known, rules: Rules) -> Urgency:
    """How urgent a tip is, and why."""
    reasons = sorted(_reasons(known, rules), key=lambda reason: -reason.points)
    points = sum(reason.points for reason in reasons)
    reached = [level for level, least in rules.levels.items() if points >= least]
    return Urgency(min(reached, default=LEAST), tuple(reasons))


def _reasons(known: Known, rules: Rules) -> Iterator[Reason]:
    if base := rules.category_points.get(known.category_priority, 0):
        yield Reason("category", base)
    for signal in rules.signals:
        if signal.id in known.signals:
            yield Reason(signal.id, signal.points)
    if known.repeat_place:
        yield Reason("repeat_place", rules.repeat_place_points)
    if any(word in known.address for word in rules.key_area.words):
        yield Reason("key_area", rules.key_area.points)
    if more := _grown(known.sources - 1, rules.corroboration):
        yield Reason("corroboration", more)
    if more := _grown(known.days_old, rules.age):
        yield Reason("age", more)


def _grown(count: int, by: Growing) -> int:
    return min(by.most, count // by.days * by.points)
