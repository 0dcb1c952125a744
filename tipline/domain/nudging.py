"""When a reporter may press: from the day after a promise was not kept, once a working day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tipline.domain.calendars import Calendar
from tipline.domain.counting import count


def may_nudge_from(
    promised_until: datetime, last_nudge: datetime | None, *, calendar: Calendar, zone: ZoneInfo
) -> date:
    """The first local day on which a nudge counts; `promised_until` is when the promise broke."""
    broken_on = promised_until.astimezone(zone).date()
    if last_nudge is None:
        return broken_on
    last_on = last_nudge.astimezone(zone).date()
    return max(broken_on, count("workday", 1, last_on, calendar=calendar).last_day)
