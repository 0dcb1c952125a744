"""Voices: how many independent sources speak of a place, and whether a burst says one thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tipline.domain.matching.sketches import resemblance

SAME_WORDS = 0.65


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One tip as a source: who sent it is known only as a mark, if at all."""

    tip_id: int
    received_at: datetime
    sketch: bytes
    source: str = "own_channel"
    sender: bytes | None = None


def independent(voices: Sequence[Voice]) -> int:
    """How many independent sources there are: one sender, or one text, counts once."""
    groups: list[list[Voice]] = []
    for voice in voices:
        mine = [group for group in groups if any(_one_source(voice, each) for each in group)]
        groups = [group for group in groups if group not in mine]
        groups.append([voice, *(each for group in mine for each in group)])
    return len(groups)


def burst(
    voice: Voice, others: Sequence[Voice], *, at_least: int, within: timedelta
) -> tuple[int, ...]:
    """The tips that say nearly the same as this one within some time; none if they are few.

    An honest tip in the middle of a smear has words of its own, and is no part of it.
    """
    same = [
        each.tip_id
        for each in others
        if abs(each.received_at - voice.received_at) <= within
        and resemblance(voice.sketch, each.sketch) >= SAME_WORDS
    ]
    return (voice.tip_id, *same) if len(same) + 1 >= at_least else ()


def _one_source(one: Voice, other: Voice) -> bool:
    if one.sender is not None and one.sender == other.sender:
        return True
    return resemblance(one.sketch, other.sketch) >= SAME_WORDS
