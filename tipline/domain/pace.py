"""How fast a provider may be written to, and when one that fails is left alone."""

from datetime import datetime, timedelta

BURST = timedelta(seconds=1)


def free(next_at: datetime, *, now: datetime, per_second: float) -> int:
    """How many messages may go now: an even pace, and at most one second's worth at once."""
    step = timedelta(seconds=1 / per_second)
    return max((now + max(BURST, step) - max(next_at, now)) // step, 0)


def next_after(next_at: datetime, *, now: datetime, per_second: float, taken: int) -> datetime:
    """When the pace has caught up with these messages."""
    return max(next_at, now) + timedelta(seconds=taken / per_second)


def is_open(failures: int, open_until: datetime, *, now: datetime, most: int) -> bool:
    """Whether a breaker keeps everything away; once its time is over it lets one message try."""
    return failures >= most and open_until > now


def is_trying(failures: int, open_until: datetime, *, now: datetime, most: int) -> bool:
    """Whether the next message shows if the provider is well again."""
    return failures >= most and open_until <= now
