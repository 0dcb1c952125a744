"""What people type into forms and addresses: local times, days, and small numbers."""

from datetime import date, datetime

from tipline.runtime import settings


def local_instant(typed: str, *, otherwise: datetime | None = None) -> datetime | None:
    """The instant of a local time; `otherwise` when nothing was typed, None when unreadable."""
    if not typed:
        return otherwise
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=settings().zone)
    except ValueError:
        return None


def day(typed: str) -> date | None:
    """The day that was typed, None if it is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def number(typed: str) -> int:
    """A number of things, people or a record; 0 for whatever is none."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0
