"""Who should take which case: how much somebody carries, and which case comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from random import Random

EARTH_KM = 6371.0
SLACK = {"late": 0, "soon": 1, "ok": 2}
NEAR_KM, FAR_KM = 1.0, 30.0
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A case that could come next; priority 1 is the most dangerous of 4.

    `urgency` says how near its deadline is; `km` how far it lies from what the inspector has in
    hand, None where nobody knows.
    """

    id: int
    priority: int
    urgency: str
    km: float | None


def next_best(candidates: Iterable[Candidate]) -> Candidate | None:
    """The case to take next: by danger, then by how little slack is left, then the nearest."""
    return min(candidates, key=_rank, default=None)


def _rank(case: Candidate) -> tuple[int, int, float, int]:
    far = FAR_KM if case.km is None else case.km
    return case.priority, SLACK.get(case.urgency, 2), far, case.id


def distance_km(one: Point, other: Point) -> float:
    """How far two places (latitude, longitude) lie apart, as the crow flies."""
    (north, east), (to_north, to_east) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((to_north - north) / 2) ** 2
    half += cos(north) * cos(to_north) * sin((to_east - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def km_by_division(one: str, other: str) -> float | None:
    """A guess where no coordinates are known: the same district is near, everything else is not."""
    return NEAR_KM if one and one == other else None


def draw(loads: Mapping[int, int], dice: Random) -> int | None:
    """Somebody by lot among those who carry least, so that nobody can foresee or choose."""
    if not loads:
        return None
    least = min(loads.values())
    lightest: Sequence[int] = sorted(who for who, load in loads.items() if load == least)
    return dice.choice(lightest)
