"""Plain words: what in a text could be said more simply, and whether it is too long."""

from collections.abc import Iterable
from dataclasses import dataclass

from tipline.domain.words import Text


@dataclass(frozen=True, kw_only=True)
class HardWord:
    """A word of the office, and what people say instead."""

    word: str
    say: Text


def hard_words_in(text: str, known: Iterable[HardWord]) -> list[HardWord]:
    """The hard words in this text, in the order in which they first stand there."""
    found = [hard for hard in known if hard.word in text]
    return sorted(found, key=lambda hard: text.index(hard.word))
