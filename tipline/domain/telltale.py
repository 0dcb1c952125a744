"""Telltales: the places in a text that could show who the reporter is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tipline.domain.sought import Sought
from tipline.domain.words import Text


@dataclass(frozen=True, kw_only=True)
class IdentityWord(Sought):
    """What to look for, and why it tells."""

    reason: Text


@dataclass(frozen=True)
class Telltale:
    """A stretch of text, `text[start:end]`, and why it could show who wrote it."""

    start: int
    end: int
    matched: str
    reason: Text


def find_telltales(text: str, patterns: Iterable[IdentityWord]) -> list[Telltale]:
    """The telltales in order; where two overlap the earlier, then the longer one stays."""
    found = sorted(_matches(text, patterns), key=lambda tale: (tale.start, -tale.end))
    kept: list[Telltale] = []
    for tale in found:
        if not kept or tale.start >= kept[-1].end:
            kept.append(tale)
    return kept


def _matches(text: str, patterns: Iterable[IdentityWord]) -> Iterator[Telltale]:
    for entry in patterns:
        for match in entry.pattern.finditer(text):
            if match.group():
                yield Telltale(match.start(), match.end(), match.group(), entry.reason)
