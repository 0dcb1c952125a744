"""Dates as they are written out for people."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def written(day: date, locale: str) -> str:
    """2026年11月30日, or 30 November 2026."""
    if locale == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"


def last_day(until: datetime, zone: ZoneInfo) -> date:
    """The local day that ends at, or holds, the moment before this instant."""
    return (until - timedelta(microseconds=1)).astimezone(zone).date()
