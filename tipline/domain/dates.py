"""Dates as they are written out for people."""

from datetime import date


def written(day: date, locale: str) -> str:
    """2026年11月30日, or 30 November 2026."""
    if locale == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"
