"""What is looked for in a text: plain words, a regular expression, or both."""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Sought:
    """An entry of a list of words; ValueError when it would find nothing, or everything."""

    id: str
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
        """Everything this entry looks for, as one pattern; the longest word first."""
        choices = [re.escape(word) for word in sorted(self.words, key=len, reverse=True)]
        choices += [self.regex] if self.regex else []
        return re.compile("|".join(choices), re.IGNORECASE)
