"""Importing a year of the work calendar, in the shapes in which the notice comes."""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from tipline.policy.checks import Mistake
from tipline.policy.loader import PolicyError, in_form, load, mistakes_of_form
from tipline.policy.reading import Unreadable, read

HEAD = """# Work calendar, imported from a notice.
# Source: {source}. Confidence: as imported; compare it with the printed notice.
"""
DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:（[^）]*）)?"
RANGE = re.compile(rf"{DAY}(?:\s*(?:至|到|－|—|-|~)\s*{DAY})?")


def import_calendar(file: Path, *, into: Path, area: str = "", source: str = "") -> list[int]:
    """Write the years of a notice into a policy folder; PolicyError, and nothing written, if wrong.

    Takes a calendar file of ours, one year of it, the JSON of holiday lists, or the notice's text.
    """
    years = _years(file)
    part: dict[str, Any] = {"id": _name(years, area), "source": source or file.name}
    part |= {"divisions": [area]} if area else {}
    part["years"] = years
    content = HEAD.format(source=part["source"]) + yaml.safe_dump(
        part, allow_unicode=True, sort_keys=False
    )
    _ensure_form(file, part)
    target = into / "calendars" / f"{part['id']}.yaml"
    _write_checked(target, content, into)
    return sorted(years)


def _name(years: Mapping[int, Any], area: str) -> str:
    return "_".join([f"area_{area}" if area else "cn_mainland", *map(str, sorted(years))])


def _ensure_form(file: Path, part: Mapping[str, Any]) -> None:
    told = json.dumps(part, default=str)
    try:
        in_form(f"calendars/{file.name}", told)
    except ValidationError as error:
        raise PolicyError(mistakes_of_form(file.name, told, error)) from None


def _write_checked(target: Path, content: str, into: Path) -> None:
    before = target.read_text(encoding="utf-8") if target.exists() else None
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content, encoding="utf-8")
    try:
        load(into)
    except PolicyError:
        if before is None:
            target.unlink()
        else:
            target.write_text(before, encoding="utf-8")
        raise


def _years(file: Path) -> dict[int, dict[str, Any]]:
    try:
        if file.suffix == ".txt":
            found = _from_notice(file.read_text(encoding="utf-8-sig"))
        else:
            told = json.loads(read(file)[1])
            found = _from_lists(told) if isinstance(told, dict) else {}
    except (Unreadable, OSError, UnicodeDecodeError) as wrong:
        raise PolicyError([Mistake(file.name, "-", str(wrong))]) from None
    if not found:
        reason = "holds no year: needs years, or a year with off_days and makeup_workdays, or days"
        raise PolicyError([Mistake(file.name, "-", reason)])
    return found


def _from_lists(told: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    if isinstance(told.get("years"), dict):
        return {int(year): days for year, days in told["years"].items() if str(year).isdigit()}
    year = told.get("year")
    if not isinstance(year, int):
        return {}
    if isinstance(told.get("days"), list):
        days = [day for day in told["days"] if isinstance(day, dict)]
        off, worked = (
            [day.get("date") for day in days if day.get("isOffDay") is flag]
            for flag in (True, False)
        )
        papers = told.get("papers") or [""]
        return {year: {"notice": papers[0], "off_days": off, "makeup_workdays": worked}}
    kept = {"off_days", "makeup_workdays", "notice"}
    return {year: {name: told[name] for name in told if name in kept}}


def _from_notice(text: str) -> dict[int, dict[str, Any]]:
    """The notice as it is printed: sentences with 放假 are days off, those with 上班 are worked."""
    headed = re.search(r"(\d{4})年", text)
    if headed is None:
        return {}
    year = int(headed.group(1))
    off, worked = set[date](), set[date]()
    for sentence in re.split(r"[。；\n]", text):
        if "上班" in sentence:
            worked |= _days_in(sentence, year)
        elif "放假" in sentence or "调休" in sentence:
            off |= _days_in(sentence, year)
    if not off:
        return {}
    dates = {"off_days": off, "makeup_workdays": worked}
    return {year: {name: sorted(map(str, days)) for name, days in dates.items()}}


def _days_in(sentence: str, year: int) -> set[date]:
    found, month = set[date](), 0
    for match in RANGE.finditer(sentence):
        own_year, own_month, day, to_year, to_month, to_day = match.groups()
        month = int(own_month or month)
        if not month:
            continue
        first = date(int(own_year or year), month, int(day))
        month = int(to_month or month)
        last = date(int(to_year or own_year or year), month, int(to_day)) if to_day else first
        if last < first:
            continue
        found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return found
