"""Guessing: how many wrong receipt codes somebody may try before having to wait a little."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """So many wrong codes within so long; then nothing is looked at until the time is over."""

    most: int
    within: timedelta


OF_SENDER = Limit(5, timedelta(minutes=10))
OF_ADDRESS = Limit(20, timedelta(minutes=1))  # many honest people can share a network address


@dataclass(frozen=True)
class Tries:
    """Wrong codes so far, and since when they are counted."""

    wrong: int = 0
    since: datetime | None = None

    def must_wait(self, limit: Limit, *, now: datetime) -> bool:
        """Whether no code at all is looked at for now, neither a wrong nor a right one."""
        return self.wrong >= limit.most and self._counts(limit, now)

    def one_more(self, limit: Limit, *, now: datetime) -> "Tries":
        """The count after one more wrong code; it begins anew when the time is over."""
        if not self._counts(limit, now):
            return Tries(1, now)
        return Tries(self.wrong + 1, self.since)

    def _counts(self, limit: Limit, now: datetime) -> bool:
        return self.since is not None and now < self.since + limit.within
