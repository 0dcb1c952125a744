"""Keys: what two records about one place are likely to share, so that few have to be compared."""

import hashlib
import math
from collections.abc import Iterator

from tipline.domain.matching.traits import Traits

CELL = 0.005  # degrees, about 500 m
RAREST = 3
BANDS = 4
BAND_BYTES = 2


def keys_of(traits: Traits) -> list[int]:
    """The keys of a record, each a number of 63 bits that says nothing by itself."""
    return list(dict.fromkeys(_number(key) for key in _keys(traits)))


def nearby_cells(coordinates: tuple[float, float] | None) -> list[int]:
    """The keys under which records around a spot are found."""
    if coordinates is None:
        return []
    row, column = _cell(coordinates)
    around = [(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return [_number(f"cell {row} {column}") for row, column in around]


def _keys(traits: Traits) -> Iterator[str]:
    area, where = traits.division[:6], traits.address
    road, number, room = traits.road_sound, where.number, where.room
    if road:
        yield f"road {road} {area}"
    if road and number:
        yield f"door {road} {number}"
        yield f"door {road} {number} {area}"
    if number and room:
        yield f"room {number} {room} {area}"
    if estate := traits.estate_sound:
        yield f"estate {estate} {where.building} {room}"
        yield f"estate {estate} {area}"
    yield from (f"name {sound}" for sound in traits.name_sounds)
    yield from (f"phone {phone}" for phone in traits.phones)
    if traits.coordinates:
        row, column = _cell(traits.coordinates)
        yield f"cell {row} {column}"
    if not (road and number):
        yield from _rarest(where.whole, area)
    yield from _bands(traits.sketch)


def _rarest(text: str, area: str) -> Iterator[str]:
    """A few stretches of the address, always the same ones for like addresses."""
    stretches = {text[at : at + 2] for at in range(len(text) - 1)}
    for stretch in sorted(stretches, key=_number)[:RAREST]:
        yield f"part {stretch} {area}"


def _bands(sketch: bytes) -> Iterator[str]:
    for band in range(BANDS if sketch else 0):
        part = sketch[band * BAND_BYTES : (band + 1) * BAND_BYTES]
        yield f"words {band} {part.hex()}"


def _cell(coordinates: tuple[float, float]) -> tuple[int, int]:
    return math.floor(coordinates[0] / CELL), math.floor(coordinates[1] / CELL)


def _number(key: str) -> int:
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
