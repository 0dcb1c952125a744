"""Flooding: how many replies one sender gets before only one is sent in a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Replies:
    """How many replies were due to a sender, and since when they are counted."""

    due: int = 0
    since: datetime | None = None

    def one_more(self, *, most: int, within: timedelta, now: datetime) -> "Replies":
        """The count after one more; it begins anew after a while, with one only after a flood."""
        if self.since is None or now >= self.since + 2 * within:
            return Replies(1, now)
        if now < self.since + within:
            return Replies(self.due + 1, self.since)
        return Replies(most if self.due > most else 1, now)

    def are_too_many(self, most: int) -> bool:
        """Whether the latest of them is not sent."""
        return self.due > most
