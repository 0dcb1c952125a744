"""The lines of a count: each day with the rule that counted it, skipped it or added it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

DayKind = Literal["workday", "makeup_workday", "weekend", "public_holiday"]
Code = (
    DayKind
    | Literal[
        "start", "day", "paused", "moved_here", "hours", "same_day", "fixed_date", "hard_limit"
    ]
)
KINDS: dict[str, str] = {
    "workday": "workday",
    "makeup_workday": "make-up workday",
    "weekend": "weekend",
    "public_holiday": "public holiday",
}
WHY: dict[str, str] = KINDS | {
    "start": "the first day is not counted",
    "day": "day",
    "paused": "paused: {detail}",
    "moved_here": "the end moves here",
    "hours": "hours run through rest days",
    "same_day": "ends on the day it starts",
    "fixed_date": "the fixed date {detail}",
    "hard_limit": "hard limit of {number} {detail}s ends here",
}


@dataclass(frozen=True)
class Line:
    """One day of a count: was it counted, and why or why not.

    `number` counts the days that count, in an extension from one again; `moves_on` names the
    kind of a rest day over which the end moves; `published` is false where nobody knows yet.
    """

    date: date
    counted: bool
    code: Code
    number: int = 0
    detail: str = ""
    moves_on: DayKind | None = None
    extension: bool = False
    published: bool = True

    @property
    def why(self) -> str:
        """The reason in English, for the command line and other systems."""
        said = WHY[self.code].format(number=self.number, detail=self.detail)
        if self.counted and self.number:
            said = f"{said} {self.number}"
        if self.moves_on:
            moved = f"{KINDS[self.moves_on]}: the end moves on"
            said = moved if not self.counted else f"{said}, {moved}"
        said = f"extension, {said}" if self.extension else said
        return said if self.published else f"{said} (calendar of {self.date.year} not published)"


def in_extension(line: Line) -> Line:
    """The same day, counted for an extension."""
    return replace(line, extension=True)
