"""Telltales: the places in a text that could show who the reporter is."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tipline.domain.words import Text


@dataclass(frozen=True, kw_only=True)
class IdentityWord:
    """What to look for: plain words, a regular expression, or both; and why it tells."""

    id: str
    reason: Text
    words: tuple[str, ...] = ()
    regex: str = ""

    def __post_init__(self) -> None:
        if not (self.words or self.regex) or "" in self.words:
            raise ValueError("needs words or a regex, and no empty word")
        try:
            found_in_nothing = self.pattern.search("")
        except re.error as error:
            raise ValueError(f"the regex cannot be read: {error}") from error
        if found_in_nothing:
            raise ValueError("the regex matches an empty text")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Everything this entry looks for, as one pattern."""
        choices = [re.escape(word) for word in sorted(self.words, key=len, reverse=True)]
        choices += [self.regex] if self.regex else []
        return re.compile("|".join(choices), re.IGNORECASE)


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
