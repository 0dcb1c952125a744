"""Scores: how likely two records are about one clinic, and why."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from tipline.domain.matching.addresses import Address
from tipline.domain.matching.sketches import resemblance
from tipline.domain.matching.traits import Traits

METRES = 111_320.0  # a degree of latitude
CLOSE, NEAR = 80.0, 300.0  # metres
SAME_NAME, LIKE_ADDRESS, LIKE_ROAD = 0.75, 0.6, 0.8
SAME_WORDS, LIKE_WORDS = 0.65, 0.4
Weighed = tuple[str, float]


@dataclass(frozen=True)
class Likeness:
    """A score from 0 to 1, and the reasons that speak for it, the strongest first."""

    score: float
    reasons: tuple[str, ...]


def likeness(one: Traits, other: Traits) -> Likeness:
    """How likely two records are about one clinic."""
    found = [
        *_places(one, other),
        *_spots(one.coordinates, other.coordinates),
        *_phones(one.phones, other.phones),
        *_names(one, other),
        *_words(one.sketch, other.sketch),
    ]
    total = sum(weight for _, weight in found)
    found.sort(key=lambda each: -each[1])
    reasons = tuple(reason for reason, weight in found if weight > 0)
    return Likeness(min(1.0, max(0.0, total)), reasons)


def _places(one: Traits, other: Traits) -> Iterable[Weighed]:
    if _differ(one.division[:6], other.division[:6]):
        yield "other_division", -0.45
    elif one.division and other.division:
        yield "same_division", 0.1
    if one.road_sound and one.road_sound == other.road_sound:
        yield from _on_one_road(one.address, other.address)
    elif one.estate_sound and one.estate_sound == other.estate_sound:
        yield "same_estate", 0.38
        yield from _inside(one.address, other.address)
    elif _differ(one.road_sound, other.road_sound) and not _sound_alike(one, other):
        yield "other_road", -0.4
    else:
        yield from _alike(one.address, other.address)


def _sound_alike(one: Traits, other: Traits) -> bool:
    return _ratio(one.road_sound, other.road_sound) >= LIKE_ROAD


def _on_one_road(one: Address, other: Address) -> Iterable[Weighed]:
    if one.number and one.number == other.number:
        yield "same_door", 0.65
        yield from _inside(one, other)
    elif _differ(one.number, other.number):
        yield "other_door", -0.5
    else:
        yield "same_road", 0.38
        yield from _inside(one, other)


def _inside(one: Address, other: Address) -> Iterable[Weighed]:
    """Within one building: which part of it, which floor, which room."""
    if one.building and one.building == other.building:
        yield "same_building", 0.1
    elif _differ(one.building, other.building):
        yield "other_building", -0.4
    if one.room and one.room == other.room:
        yield "same_room", 0.3
    elif _differ(one.room, other.room):
        yield "other_room", -0.5
    elif one.floor and one.floor == other.floor:
        yield "same_floor", 0.15
    elif _differ(one.floor, other.floor):
        yield "other_floor", -0.35


def _alike(one: Address, other: Address) -> Iterable[Weighed]:
    """Addresses that name no common road: how much of them is the same."""
    if not one.whole or not other.whole:
        return
    ratio = SequenceMatcher(None, one.whole, other.whole, autojunk=False).ratio()
    if ratio >= LIKE_ADDRESS and not _differ(one.number, other.number):
        yield "like_address", 0.8 * ratio
        yield from _inside(one, other)


def _spots(one: tuple[float, float] | None, other: tuple[float, float] | None) -> Iterable[Weighed]:
    if one is None or other is None:
        return
    apart = _metres(one, other)
    if apart <= CLOSE:
        yield "close_by", 0.45
    elif apart <= NEAR:
        yield "near", 0.2
    else:
        yield "far_off", -0.3


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    across = math.cos(math.radians((one[0] + other[0]) / 2)) * (one[1] - other[1])
    return math.hypot(one[0] - other[0], across) * METRES


def _phones(one: frozenset[str], other: frozenset[str]) -> Iterable[Weighed]:
    if one & other:
        yield "same_phone", 0.7


def _names(one: Traits, other: Traits) -> Iterable[Weighed]:
    pairs = [(mine, theirs) for mine in one.name_sounds for theirs in other.name_sounds]
    best = max((_ratio(mine, theirs) for mine, theirs in pairs), default=0.0)
    if best >= SAME_NAME:
        yield "same_name", 0.45 * best


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _words(one: bytes, other: bytes) -> Iterable[Weighed]:
    shared = resemblance(one, other)
    if shared >= SAME_WORDS:
        yield "same_words", 0.35
    elif shared >= LIKE_WORDS:
        yield "like_words", 0.15


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
