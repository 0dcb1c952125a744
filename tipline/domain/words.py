"""Words for people: text in both languages, and text that any database can hold."""

import re
from dataclasses import dataclass

LATIN_ENDS = "\u0250"
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Text:
    """The same words in Chinese and in English; neither may be blank."""

    zh: str
    en: str

    def __post_init__(self) -> None:
        if not (self.zh.strip() and self.en.strip()):
            raise ValueError("needs words in both languages")

    def in_locale(self, locale: str) -> str:
        """The words for a locale such as `zh`, `zh_CN` or `en`; English for any other."""
        return self.zh if locale.lower().startswith("zh") else self.en


def language_of(text: str) -> str:
    """The language to answer in: English where somebody writes in Latin letters alone."""
    letters = [sign for sign in text if sign.isalpha()]
    return "en" if letters and all(sign < LATIN_ENDS for sign in letters) else "zh"


def as_stored(text: str) -> str:
    """The text with the signs that no database column takes (NUL, half characters) replaced."""
    return _NOT_STORABLE.sub("\ufffd", text)
