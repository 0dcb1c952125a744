"""How near a deadline is, under the calendar and in the zone in force."""

from datetime import datetime

from tipline.domain.countdown import Countdown, countdown
from tipline.runtime import policy, settings


def left(due_at: datetime, *, now: datetime) -> Countdown:
    """The countdown to a deadline."""
    return countdown(due_at, now=now, zone=settings().zone, calendar=policy().calendar)
