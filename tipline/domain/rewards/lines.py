"""The lines of a quote: which rule decided what."""

from dataclasses import dataclass

from tipline.domain.words import Text


@dataclass(frozen=True)
class Line:
    """One rule of the scheme and what it did, in both languages."""

    rule: str
    effect: Text


def line(rule: str, zh: str, en: str) -> Line:
    """A line in both languages."""
    return Line(rule, Text(zh=zh, en=en))


def yuan(fen: int) -> str:
    """An amount as it is read: 1000 or 51500.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
