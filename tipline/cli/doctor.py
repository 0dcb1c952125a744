"""What is missing or unsafe."""

import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from tipline import schema, settings
from tipline.cli.root import MakeApp, app_or_word, tipline
from tipline.db import db
from tipline.settings import SettingsError


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
        with app_or_word(make_app).app_context(), db.engine.connect() as connection:
            found = [] if schema.at_head(connection) else ["database: run `tipline db upgrade`"]
    except SQLAlchemyError as failure:
        found = [f"TIPLINE_DATABASE_URL: no database answers ({type(failure).__name__})"]
    for line in found:
        click.echo(f"!! {line}")
    return found
