"""Deadlines."""

import json
import os
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from tipline import policy, settings
from tipline.cli.root import tipline
from tipline.domain import deadlines


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
    "--calendar", type=click.Choice(["cn_mainland"]), default="cn_mainland", show_default=True
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
    calendar: str,  # one is published so far
    roll: deadlines.Roll,
    as_json: bool,
) -> None:
    """The bare counting rule, line by line."""
    in_force = policy.load(None).calendar
    try:
        due = deadlines.count(unit, number, _start(start, unit), calendar=in_force, roll=roll)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None
    answer = {
        "due_on": due.due_on and due.due_on.isoformat(),
        "due_at": due.due_at and due.due_at.isoformat(),
        "raw_on": due.raw_on.isoformat(),
        "provisional": due.provisional,
        "lines": [
            {"date": line.date.isoformat(), "counted": line.counted, "why": line.why}
            for line in due.lines
        ],
    }
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1) if as_json else _spoken(answer))


def _start(typed: str, unit: str) -> date | datetime:
    """The local date, for hours the instant; a time without a zone is local time."""
    zone = _zone()
    try:
        moment = datetime.fromisoformat(typed)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment if unit == "hour" else moment.astimezone(zone).date()
    except (ValueError, OverflowError):
        raise click.ClickException(f"--start: {typed} is not an ISO date") from None


def _zone() -> ZoneInfo:
    name = os.environ.get("TIPLINE_TIMEZONE", "Asia/Shanghai")
    if not settings.is_zone(name):
        raise click.ClickException(f"TIPLINE_TIMEZONE: {name} is not a zone")
    return ZoneInfo(name)


def _spoken(answer: Mapping[str, object]) -> str:
    lines = answer["lines"]
    assert isinstance(lines, list)
    counted = [f"{line['date']} {'+' if line['counted'] else ' '} {line['why']}" for line in lines]
    due = answer["due_on"] or answer["due_at"]
    return "\n".join([*counted, f"due {due}{' (provisional)' if answer['provisional'] else ''}"])
