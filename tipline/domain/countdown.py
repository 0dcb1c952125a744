"""How near a deadline is, as a date, days left and a word."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
SOON_DAYS = 2


@dataclass(frozen=True)
class Countdown:
    """The last day, the days left until its end, and late, soon or ok."""

    due_on: date | None
    days_left: int | None
    urgency: str


def countdown(due_at: datetime, *, now: datetime, zone: ZoneInfo) -> Countdown:
    """How near the deadline is; `due_at` is the first instant at which it is late."""
    if due_at >= NEVER:
        return Countdown(None, None, "ok")
    due_on = (due_at - timedelta(microseconds=1)).astimezone(zone).date()
    days_left = (due_on - now.astimezone(zone).date()).days
    if now >= due_at:
        return Countdown(due_on, min(days_left, -1), "late")
    return Countdown(due_on, days_left, "soon" if days_left <= SOON_DAYS else "ok")
