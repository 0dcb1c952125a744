"""Guessing: how many wrong receipt codes somebody may try before having to wait a little."""

from datetime import datetime, timedelta

MOST_WRONG = 5
WINDOW = timedelta(minutes=10)


def must_wait(wrong: int, since: datetime | None, *, now: datetime) -> bool:
    """Whether no code at all is looked at for now, neither a wrong nor a right one."""
    return wrong >= MOST_WRONG and since is not None and now < since + WINDOW


def one_more(wrong: int, since: datetime | None, *, now: datetime) -> tuple[int, datetime]:
    """The count after one more wrong code; it begins anew after the window."""
    if since is None or now >= since + WINDOW:
        return 1, now
    return wrong + 1, since
