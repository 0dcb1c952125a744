"""The clock command: counting and explaining deadlines, without any database."""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from tipline import policy, settings
from tipline.cli.root import tipline
from tipline.domain import deadlines
from tipline.domain.deadlines import Due, Granted, Rule


@tipline.group("clock")
def clocks() -> None:
    """Deadlines."""


@clocks.command()
@click.option(
    "--unit",
    required=True,
    type=click.Choice(["workday", "calendar_day", "hour", "month", "year"]),
)
@click.option("--n", "number", required=True, type=click.IntRange(0))
@click.option("--start", required=True, help="ISO date, or date and time for hours.")
@click.option(
    "--calendar",
    default="cn_mainland",
    show_default=True,
    help="Or the code of an area that has holidays of its own.",
)
@click.option(
    "--roll",
    type=click.Choice(["any_rest_day", "statutory_holiday_only", "none"]),
    default="any_rest_day",
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True)
def count(
    unit: deadlines.Unit,
    number: int,
    start: str,
    calendar: str,
    roll: deadlines.Roll,
    as_json: bool,
) -> None:
    """The bare counting rule, line by line."""
    begin = _instant(start, "--start")
    moment = begin if unit == "hour" else begin.astimezone(_zone()).date()
    try:
        days = _calendar(_policy(None), calendar)
        due = deadlines.count(unit, number, moment, calendar=days, roll=roll)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None
    _say(_answer(due), as_json)


@clocks.command()
@click.option("--regime", required=True, help="A law, or the bureau's own profile.")
@click.option("--step", required=True)
@click.option("--start", required=True, help="ISO date, or date and time.")
@click.option(
    "--pause",
    "pauses",
    multiple=True,
    metavar="A/B",
    help="Not counted from A on; B is the first day counted again.",
)
@click.option("--extend", "extends", multiple=True, type=click.IntRange(1), help="By so much.")
@click.option("--policy", "folder", type=click.Path(path_type=Path), help="A policy folder.")
@click.option("--json", "as_json", is_flag=True)
def explain(
    regime: str,
    step: str,
    start: str,
    pauses: tuple[str, ...],
    extends: tuple[int, ...],
    folder: Path | None,
    as_json: bool,
) -> None:
    """When a step of a law is due, and every day that was counted, skipped or added."""
    current = _policy(folder)
    rule = _rule(current, regime, step)
    begin = _instant(start, "--start")
    try:
        due = deadlines.due_for(
            rule,
            at=begin,
            calendar=current.calendar,
            zone=_zone(),
            pauses=_pauses(rule, pauses),
            extensions=_extensions(rule, extends),
        )
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None
    said = {
        "regime": regime,
        "step": step,
        "notes": _notes(current, regime, begin.astimezone(_zone()).date()),
    }
    _say(_answer(due) | said, as_json)


def _policy(folder: Path | None) -> policy.Policy:
    """The policy in this folder, else in that of the settings, else the packaged one."""
    named = os.environ.get("TIPLINE_POLICY")
    beside = Path(os.environ.get("TIPLINE_DATA", "./instance")) / "policy"
    own = Path(named) if named else beside if beside.is_dir() else None
    try:
        return policy.load(folder or own)
    except policy.PolicyError as wrong:
        raise click.ClickException(str(wrong)) from None


def _calendar(current: policy.Policy, name: str) -> deadlines.Calendar:
    if name != "cn_mainland" and name not in current.areas:
        known = ", ".join(["cn_mainland", *current.areas])
        raise click.ClickException(f"--calendar: no {name}; there are {known}")
    return current.areas.get(name, current.calendar)


def _rule(current: policy.Policy, regime: str, step: str) -> Rule:
    found = current.rule(regime, step)
    if found is not None:
        return found
    known = [*current.regimes, current.deadlines.id]
    if regime not in known:
        raise click.ClickException(f"--regime: no {regime}; there are {', '.join(known)}")
    law = current.deadlines if regime == current.deadlines.id else current.regimes[regime]
    names = ", ".join(each.id for each in law.steps) or "none"
    raise click.ClickException(f"--step: {regime} has no {step}; its steps are {names}")


def _pauses(rule: Rule, typed: Sequence[str]) -> list[tuple[datetime, datetime, str]]:
    if typed and not rule.pauses:
        raise ValueError("this step knows no pause")
    return [_pause(each, " or ".join(rule.pauses)) for each in typed]


def _pause(typed: str, ground: str) -> tuple[datetime, datetime, str]:
    begin, slash, end = typed.partition("/")
    if not (begin and slash and end):
        raise click.ClickException(f"--pause: {typed} is not two dates with / between them")
    found = _instant(begin, "--pause"), _instant(end, "--pause")
    if found[1] < found[0]:
        raise click.ClickException(f"--pause: {typed} ends before it begins")
    return (*found, ground)


def _extensions(rule: Rule, lengths: Sequence[int]) -> list[Granted]:
    """Each extension is the next that the law allows, and no longer than it allows."""
    granted = []
    for number, length in enumerate(lengths):
        allowed = rule.extension_after(number)
        if allowed is None:
            raise ValueError("this step cannot be extended" + (" again" if number else ""))
        allowed.ensure_allows(length)
        granted.append(Granted(length, allowed.unit))
    return granted


def _notes(current: policy.Policy, regime: str, day: date) -> list[str]:
    """What whoever relies on the date should know about the law."""
    law = current.regimes.get(regime)
    if law is None:
        return []
    notes = [law.gap] if law.gap else []
    if law.confidence != "full_text":
        notes.append(f"confidence: {law.confidence}")
    if not law.is_in_force(day):
        begin, end = law.effective_from or "unknown", law.effective_to or "further notice"
        notes.append(f"in force from {begin} until {end}, not on {day}")
    return notes


def _instant(typed: str, option: str) -> datetime:
    """An instant; a date means its midnight, and a time without a zone is local."""
    zone = _zone()
    try:
        moment = datetime.fromisoformat(typed)
        moment.astimezone(zone)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        raise click.ClickException(f"{option}: {typed} is not an ISO date") from None


def _zone() -> ZoneInfo:
    name = os.environ.get("TIPLINE_TIMEZONE", "Asia/Shanghai")
    if not settings.is_zone(name):
        raise click.ClickException(f"TIPLINE_TIMEZONE: {name} is not a zone")
    return ZoneInfo(name)


def _answer(due: Due) -> dict[str, Any]:
    return {
        "due_on": due.due_on and due.due_on.isoformat(),
        "due_at": due.due_at and due.due_at.isoformat(),
        "raw_on": due.raw_on.isoformat(),
        "provisional": due.provisional,
        "lines": [
            {"date": line.date.isoformat(), "counted": line.counted, "why": line.why}
            for line in due.lines
        ],
    }


def _say(answer: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    for line in answer["lines"]:
        click.echo(f"{line['date']} {'+' if line['counted'] else ' '} {line['why']}")
    for note in answer.get("notes", ()):
        click.echo(f"note: {note}")
    provisional = " (provisional)" if answer["provisional"] else ""
    click.echo(f"due {answer['due_on'] or answer['due_at']}{provisional}")
