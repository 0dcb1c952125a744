"""Commands: the same use cases from a shell."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from tipline import clock, policy, schema, serving, settings, worker
from tipline.db import db
from tipline.domain import deadlines
from tipline.domain.rewards import Scheme, quote
from tipline.policy import quotable
from tipline.services import staff as accounts
from tipline.settings import SettingsError

MakeApp = Callable[[], Flask]


@click.group()
def tipline() -> None:
    """A public tip line on which every report gets an answer within the prescribed time."""


def _app(make_app: MakeApp) -> Flask:
    """The application, or a clear word about the setting that is in the way."""
    try:
        return make_app()
    except (SettingsError, policy.PolicyError) as wrong:
        raise click.ClickException(str(wrong)) from None


@tipline.command()
@click.option("--demo", is_flag=True, help="A believable bureau, demo log-ins and the simulator.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.pass_obj
def run(make_app: MakeApp, demo: bool, host: str, port: int) -> None:
    """Serve pages and run the worker until Ctrl-C; makes keys and database if missing."""
    os.environ.setdefault("TIPLINE_PUBLIC_URL", f"http://{host}:{port}")
    if demo:
        os.environ["TIPLINE_DEMO"] = "1"
    app = _app(make_app)
    with app.app_context():
        schema.upgrade(db.engine)
        if demo:
            _prepare_demo()
    serving.everything(host=host, port=port)


def _prepare_demo() -> None:
    from tipline.demo import bureau

    click.echo("preparing the demo bureau; the first time takes about half a minute", err=True)
    for line in bureau.prepare(now=clock.now()):
        click.echo(line)


@tipline.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.pass_obj
def web(make_app: MakeApp, host: str, port: int) -> None:
    """Serve pages; start as many of these as are needed."""
    _app(make_app)
    serving.pages(host=host, port=port)


@tipline.command("worker")
@click.pass_obj
def work(make_app: MakeApp) -> None:
    """Understand the inbox, ring the clocks, deliver the outbox; start as many as are needed."""
    app = _app(make_app)
    if not app.extensions["tipline"].settings.vault_private_key_file:
        raise click.ClickException(
            "TIPLINE_VAULT_PRIVATE_KEY_FILE: is not set; nothing can be sent"
        )
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    worker.run(app, stop)


@tipline.group("db")
def database() -> None:
    """The shape of the database."""


@database.command()
@click.pass_obj
def upgrade(make_app: MakeApp) -> None:
    """Migrate to the newest shape."""
    with _app(make_app).app_context():
        schema.upgrade(db.engine)


@database.command("check")
@click.pass_obj
def check_schema(make_app: MakeApp) -> None:
    """Fail when the database differs from the models."""
    with _app(make_app).app_context():
        found = schema.differences(db.engine)
    for difference in found:
        click.echo(difference)
    sys.exit(bool(found))


@tipline.command()
@click.pass_obj
def doctor(make_app: MakeApp) -> None:
    """Say what is missing or unsafe; exit 1 in production when anything would fail open."""
    try:
        chosen = settings.read()
    except SettingsError as wrong:
        for line in str(wrong).splitlines():
            click.echo(f"!! {line}")
        sys.exit(1)
    found = settings.problems(chosen)
    for line in found:
        click.echo(f"{'!!' if chosen.production else '..'} {line}")
    found += _database_problems(make_app)
    click.echo("nothing to mend" if not found else f"{len(found)} to mend before production")
    sys.exit(1 if chosen.production and found else 0)


def _database_problems(make_app: MakeApp) -> list[str]:
    try:
        with _app(make_app).app_context(), db.engine.connect() as connection:
            found = [] if schema.at_head(connection) else ["database: run `tipline db upgrade`"]
    except SQLAlchemyError as failure:
        found = [f"TIPLINE_DATABASE_URL: no database answers ({type(failure).__name__})"]
    for line in found:
        click.echo(f"!! {line}")
    return found


@tipline.group()
def staff() -> None:
    """Accounts."""


@staff.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name, as shown to colleagues.")
@click.option("--role", "roles", multiple=True, required=True, help="A role of the policy.")
@click.option("--office", default=1, show_default=True, help="The office's number.")
@click.password_option()
@click.pass_obj
def add(
    make_app: MakeApp, username: str, name: str, roles: tuple[str, ...], office: int, password: str
) -> None:
    """Add an account with roles at an office and everything below it."""
    with _app(make_app).app_context():
        try:
            accounts.add(
                username,
                name=name,
                password=password,
                roles=roles,
                office_id=office,
                by="command",
                now=clock.now(),
            )
        except accounts.Refused as refused:
            raise click.ClickException(str(refused)) from None


@staff.command()
@click.argument("username")
@click.password_option()
@click.pass_obj
def reset(make_app: MakeApp, username: str, password: str) -> None:
    """Set a new password, take the one-time codes away and end all sessions."""
    with _app(make_app).app_context():
        try:
            accounts.reset(username, password=password, by="command", now=clock.now())
        except accounts.Refused as refused:
            raise click.ClickException(str(refused)) from None


@tipline.group("policy")
def policies() -> None:
    """Law and local rule as data."""


@policies.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check_policy(folder: Path | None) -> None:
    """Validate a policy folder: every mistake as file: key: reason."""
    try:
        found = policy.load(folder)
    except policy.PolicyError as wrong:
        click.echo(str(wrong))
        sys.exit(1)
    click.echo(f"policy {found.version} in force from {found.effective_from}")


@tipline.group("reward")
def rewards() -> None:
    """Rewards."""


@rewards.command("quote")
@click.option("--scheme", "named", required=True, help="A scheme of the policy, or a file.")
@click.option(
    "--facts", "facts", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True)
def quote_reward(named: str, facts: Path, as_json: bool) -> None:
    """What a reporter would get, and which rule says so."""
    try:
        found = quote(_scheme(named), quotable.facts_in(facts))
    except policy.PolicyError as wrong:
        raise click.ClickException(str(wrong)) from None
    claim = {name: value for name, value in asdict(found.claim).items() if value is not None}
    answer = {
        "eligible": found.eligible,
        "amount_fen": found.amount_fen,
        "range_fen": found.range_fen,
        "approvals": [approval.by for approval in found.approvals],
        "claim": claim,
        "lines": [{"rule": line.rule, "effect": line.effect.en} for line in found.lines],
    }
    spoken = "\n".join(f"{line.rule}: {line.effect.en}" for line in found.lines)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1) if as_json else spoken)


def _scheme(named: str) -> Scheme:
    schemes = policy.load(_own_policy()).schemes
    if named in schemes:
        return schemes[named]
    if Path(named).is_file():
        return quotable.scheme_in(Path(named))
    raise click.ClickException(f"--scheme: {named} is no file and none of {', '.join(schemes)}")


def _own_policy() -> Path | None:
    own = os.environ.get("TIPLINE_POLICY", "")
    return Path(own) if own else None


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
