"""The forms of outbox.yaml: quiet hours, paces, budgets, and when a provider is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from tipline.policy.vocabulary import NoticeKind


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """From when until when, local time, these channels bring nothing that can wait."""

    begins: time
    ends: time
    channels: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Breaker:
    """After so many failures in a row a provider is left alone for so long."""

    failures: int
    minutes: int

    def __post_init__(self) -> None:
        if self.failures < 1 or self.minutes < 1:
            raise ValueError("failures and minutes take a number from 1")


@dataclass(frozen=True, kw_only=True)
class Flood:
    """One sender gets so many replies within so long; after that one only, for as long."""

    most: int
    minutes: int

    def __post_init__(self) -> None:
        if self.most < 1 or self.minutes < 1:
            raise ValueError("most and minutes take a number from 1")


@dataclass(frozen=True, kw_only=True)
class SegmentBudget:
    """How many segments one text message may take, and all of a day on one channel."""

    a_message: int
    a_day: int

    def __post_init__(self) -> None:
        if self.a_message < 1 or self.a_day < 1:
            raise ValueError("a_message and a_day take a number from 1")


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a provider may be written to, and one person through it."""

    id: str
    per_second: float
    seconds_between: float = 0

    def __post_init__(self) -> None:
        if not 0.01 <= self.per_second <= 1000:
            raise ValueError("per_second takes a number from 0.01 to 1000")
        if self.seconds_between < 0:
            raise ValueError("seconds_between takes a number from 0")


@dataclass(frozen=True, kw_only=True)
class Outbox:
    """How messages go out."""

    quiet_hours: QuietHours
    can_wait: frozenset[NoticeKind]
    beyond_budget: frozenset[NoticeKind]
    replies: Flood
    patience_hours: int
    breaker: Breaker
    segments: SegmentBudget
    paces: Mapping[str, Pace]

    def pace_of(self, provider: str) -> Pace:
        """The pace of this provider, or that of all others."""
        return self.paces.get(provider, self.paces["other"])
