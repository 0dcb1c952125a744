"""How near a deadline is, as a date, days left and a word."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tipline.domain.calendars import Calendar

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
SOON_DAYS = 2


@dataclass(frozen=True)
class Countdown:
    """The last day, the days left until its end, and late, soon or ok.

    `provisional` says that the calendar of the year it falls in is not published yet.
    """

    due_on: date | None
    days_left: int | None
    urgency: str
    provisional: bool = False


def countdown(due_at: datetime, *, now: datetime, zone: ZoneInfo, calendar: Calendar) -> Countdown:
    """How near the deadline is; `due_at` is the first instant at which it is late."""
    if due_at >= NEVER:
        return Countdown(None, None, "ok")
    due_on = (due_at - timedelta(microseconds=1)).astimezone(zone).date()
    days_left = (due_on - now.astimezone(zone).date()).days
    if now >= due_at:
        return Countdown(due_on, min(days_left, -1), "late")
    urgency = "soon" if days_left <= SOON_DAYS else "ok"
    return Countdown(due_on, days_left, urgency, not calendar.is_published(due_on.year))
