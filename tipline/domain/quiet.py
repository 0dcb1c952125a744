"""Quiet hours: when nobody is woken by anything that can wait."""

from datetime import datetime, time, timedelta, tzinfo


def ends_at(now: datetime, *, begins: time, ends: time, zone: tzinfo) -> datetime | None:
    """When the quiet hours end that it is within, local time; None outside of them."""
    local = now.astimezone(zone)
    inside = _inside(local.time(), begins, ends)
    if not inside:
        return None
    end = datetime.combine(local.date(), ends, zone)
    return end if end > local else datetime.combine(local.date() + timedelta(days=1), ends, zone)


def _inside(clock: time, begins: time, ends: time) -> bool:
    if begins <= ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends
