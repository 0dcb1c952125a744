"""The journal: one line for everything that happens, and what is owed because of it."""

from datetime import datetime
from typing import Any

from tipline.db import write_down
from tipline.models import Entry
from tipline.services import clockwork, notices, reminders

SYSTEM = "system"
REPORTER = "reporter"


def staff(staff_id: int) -> str:
    """How the journal names a member of staff."""
    return f"staff:{staff_id}"


def record(
    event: str,
    about: tuple[str, int],
    *,
    by: str,
    now: datetime,
    at: datetime | None = None,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Append the line, then let the policy move clocks, promise notices and remind the staff.

    `at` is when it happened, `now` when it is written down. Facts hold no word of a reporter.
    """
    line = Entry(
        event=event,
        about_kind=about[0],
        about_id=about[1],
        by=by,
        at=at or now,
        recorded_at=now,
        facts=facts or {},
    )
    write_down(line)
    clockwork.follow(line)
    notices.follow(line)
    reminders.follow(line)
    return line
