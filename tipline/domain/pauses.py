"""Pauses: time that a period does not count, such as while a sample is being tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True)
class Pause:
    """A stretch that is not counted: `begin` is its first day, `end` the first day counted again.

    Dates for periods in days, aware instants for periods in hours.
    """

    begin: date
    end: date
    ground: str

    def __post_init__(self) -> None:
        if self.end < self.begin:
            raise ValueError("a pause ends after it began")

    def covers(self, day: date) -> bool:
        """Is this day not counted?"""
        return self.begin <= day < self.end


def hours_end(start: datetime, length: timedelta, pauses: Sequence[Pause]) -> datetime:
    """When so much time has run from this instant, without what lies in a pause."""
    end, reached = start + length, start
    for begin, until in sorted(_instants(pauses)):
        if begin >= end:
            break
        end += max(until - max(begin, reached), timedelta(0))
        reached = max(reached, until)
    return end


def _instants(pauses: Sequence[Pause]) -> list[tuple[datetime, datetime]]:
    return [
        (pause.begin.astimezone(UTC), pause.end.astimezone(UTC))
        for pause in pauses
        if isinstance(pause.begin, datetime) and isinstance(pause.end, datetime)
    ]
