"""Sharing: one reward among joint reporters, to the fen."""

from collections.abc import Sequence


def split(amount_fen: int, shares: Sequence[int]) -> list[int]:
    """The parts of an amount by these weights; they sum to the whole, the earlier gets the rest.

    ValueError when there is no weight, or a negative one.
    """
    whole = sum(shares)
    if not shares or min(shares) < 0 or whole == 0:
        raise ValueError("shares are numbers from 0, at least one of them more")
    parts = [amount_fen * share // whole for share in shares]
    remainders = sorted(range(len(shares)), key=lambda at: (-(amount_fen * shares[at] % whole), at))
    for at in remainders[: amount_fen - sum(parts)]:
        parts[at] += 1
    return parts
