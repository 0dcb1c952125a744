"""Sketches: sixteen bytes that tell whether two texts say nearly the same, and nothing else.

Each stretch of two signs is hashed under a key and falls into one of 64 bins; of the smallest hash
in each bin two bits are kept. Without the key not even a guessed text can be recognised.
"""

import hashlib

from tipline.domain.matching.plain import plain

BINS = 64
LONGEST = 250  # signs: what a tip is about stands at its beginning
WORDS_BYTES = 8
CHANCE = 0.25  # two bits agree by chance as often


def sketch(text: str, key: bytes) -> bytes:
    """The sketch of a text; empty for a text too short to tell anything."""
    signs = plain(text)[:LONGEST].replace(" ", "")
    shingles = {signs[at : at + 2] for at in range(len(signs) - 1)}
    if len(shingles) < WORDS_BYTES:
        return b""
    smallest: list[int | None] = [None] * BINS
    for shingle in shingles:
        digest = hashlib.blake2b(shingle.encode(), key=key, digest_size=WORDS_BYTES).digest()
        bin_, value = digest[0] % BINS, int.from_bytes(digest[1:], "big")
        now = smallest[bin_]
        if now is None or value < now:
            smallest[bin_] = value
    return _packed(_filled(smallest))


def resemblance(one: bytes, other: bytes) -> float:
    """How much two texts share, from 0 to 1, give or take 0.1; 0 where one has no sketch."""
    if not one or not other:
        return 0.0
    differing = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    differing |= differing >> 1
    pairs = BINS - (differing & int("01" * BINS, 2)).bit_count()
    return max(0.0, (pairs / BINS - CHANCE) / (1 - CHANCE))


def _filled(smallest: list[int | None]) -> list[int]:
    """An empty bin takes what the next one has, so that short texts can be compared as well."""
    filled: list[int] = []
    last = next(value for value in smallest if value is not None)
    for value in reversed(smallest):
        last = value if value is not None else last
        filled.append(last)
    return filled


def _packed(values: list[int]) -> bytes:
    bits = 0
    for value in values:
        bits = bits << 2 | value & 3
    return bits.to_bytes(BINS // 4, "big")
