"""Traits: what two records are compared by."""

from dataclasses import dataclass, field

from tipline.domain.matching.addresses import Address


@dataclass(frozen=True, kw_only=True)
class Traits:
    """A place as far as it is known; `sound` is how its road, estate and names are spoken."""

    division: str = ""
    address: Address = field(default_factory=Address)
    road_sound: str = ""
    estate_sound: str = ""
    names: tuple[str, ...] = ()
    name_sounds: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    coordinates: tuple[float, float] | None = None
    sketch: bytes = b""
