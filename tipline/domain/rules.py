"""What a law says about one period: how long, from where, what pauses, extends or limits it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from tipline.domain.counting import DAY, Direction, Roll, Unit, ensure_length

Bound = Literal["office", "reporter", "accused", "police"]
Approver = Literal["head", "superior", "collective"]
Told = Literal["reporter", "respondent", "petitioner", "caller", "requesting_office", "hotline"]
Exception_ = Literal["no_contact", "asked_for_no_reply", "identity_unclear"]
Way = Literal["sent", "placed", "excused"]
REPORTERS = frozenset({"reporter", "petitioner", "caller"})


@dataclass(frozen=True)
class HardLimit:
    """A second period that the step may never exceed; its last day is never moved."""

    duration: int
    unit: Unit
    basis: str

    def __post_init__(self) -> None:
        ensure_length(self.unit, self.duration)


@dataclass(frozen=True, kw_only=True)
class Extension:
    """How a period may be made longer, and who says so.

    Without `max` the decision itself fixes the further term. `grounds` are those that count,
    `refused` those that never do; neither may be typed freely.
    """

    max: int | None = None
    unit: Unit
    times: int = 1
    approver: Approver
    grounds: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    ask_before_expiry: bool = True
    tell_reporter: bool = True

    def __post_init__(self) -> None:
        if self.max is not None:
            ensure_length(self.unit, self.max)
        if self.times < 1:
            raise ValueError("times takes a number from 1")
        if self.max is None and self.approver != "collective":
            raise ValueError("needs a max, unless a collective decision fixes the term")

    def ensure_allows(self, n: int) -> None:
        """ValueError when an extension cannot be so long."""
        ensure_length(self.unit, n)
        if self.max is not None and n > self.max:
            raise ValueError(f"an extension by at most {self.max} {self.unit}s")


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another length for the same step: taken when the facts say so, or when a bureau names it."""

    id: str
    duration: int
    unit: Unit
    when: Mapping[str, str] = field(default_factory=dict)
    basis: str = ""

    def __post_init__(self) -> None:
        ensure_length(self.unit, self.duration)


@dataclass(frozen=True, kw_only=True)
class FixedDate:
    """A date in every month, in every year, or so many years later."""

    day: int
    month: int | None = None
    years_later: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 28 and (self.month is None or not self._is_in_month()):
            raise ValueError("day takes a number that every such month has")
        if self.years_later and self.month is None:
            raise ValueError("years_later needs a month")

    def _is_in_month(self) -> bool:
        try:
            date(2001, self.month or 0, self.day)
        except ValueError:
            return False
        return True

    def after(self, start: date) -> date:
        """The first such date after this day."""
        if self.years_later:
            return date(start.year + self.years_later, self.month or 1, self.day)
        day = start + DAY
        while day.day != self.day or (self.month is not None and day.month != self.month):
            day += timedelta(days=1)
        return day

    @property
    def written(self) -> str:
        """25, 09-15 or, of the next year, 06-15+1."""
        day = f"{self.day:02d}" if self.month is None else f"{self.month:02d}-{self.day:02d}"
        return day + (f"+{self.years_later}" if self.years_later else "")


@dataclass(frozen=True, kw_only=True)
class Notify:
    """Who has to be told of the outcome of this step, and when nobody has to be."""

    who: tuple[Told, ...]
    content: tuple[str, ...] = ()
    written: bool = False
    exceptions: tuple[Exception_, ...] = ()

    @property
    def tells_reporter(self) -> bool:
        """Is this owed to the reporter?"""
        return bool(REPORTERS & set(self.who))

    def way_to(self, *, reachable: bool, wants_reply: bool) -> Way:
        """How a reporter is told: a notice is sent, or the answer lies behind the code.

        Excused is who by this law need not be told; what they would hear lies there all the same.
        """
        holds = {
            "no_contact": not reachable,
            "identity_unclear": not reachable,
            "asked_for_no_reply": not wants_reply,
        }
        if any(holds[each] for each in self.exceptions):
            return "excused"
        return "sent" if reachable and wants_reply else "placed"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One period of a law, without any word about how an office works.

    Without `duration` and `on_dates` the law names no figure ("at once"). `lapses_as` is the
    event that letting it pass amounts to, such as giving up a reward.
    """

    duration: int | None = None
    unit: Unit = "same_day"
    direction: Direction = "after"
    on_dates: tuple[FixedDate, ...] = ()
    roll: Roll = "none"
    pauses: tuple[str, ...] = ()
    restarts_on: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    hard_limit: HardLimit | None = None
    bound: Bound = "office"
    notify: Notify | None = None
    lapses_as: str | None = None

    def __post_init__(self) -> None:
        if self.duration is not None:
            ensure_length(self.unit, self.duration)
        if self.on_dates and self.duration is not None:
            raise ValueError("has either a duration or fixed dates")
        if self.roll != "none" and self.notify and self.notify.tells_reporter:
            raise ValueError("what the reporter is owed may not roll past its day; set roll: none")
        if self.roll != "none" and self.direction == "before":
            raise ValueError("days counted backwards do not roll; set roll: none")
        if any((part.unit == "hour") != (self.unit == "hour") for part in self.extensions):
            raise ValueError("hours are extended by hours, days by days")

    @property
    def has_term(self) -> bool:
        """Does the law name a figure or a date?"""
        return self.duration is not None or bool(self.on_dates)

    def extension_after(self, granted: int) -> Extension | None:
        """The extension that may be granted next, after so many; None when there is none left."""
        stages = [part for part in self.extensions for _ in range(part.times)]
        return stages[granted] if granted < len(stages) else None
