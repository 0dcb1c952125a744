"""The shape of the database."""

import sys

import click

from tipline import schema
from tipline.cli.root import MakeApp, app_or_word, tipline
from tipline.db import db


@tipline.group("db")
def database() -> None:
    """The shape of the database."""


@database.command()
@click.pass_obj
def upgrade(make_app: MakeApp) -> None:
    """Migrate to the newest shape."""
    with app_or_word(make_app).app_context():
        schema.upgrade(db.engine)


@database.command("check")
@click.pass_obj
def check_schema(make_app: MakeApp) -> None:
    """Fail when the database differs from the models."""
    with app_or_word(make_app).app_context():
        found = schema.differences(db.engine)
    for difference in found:
        click.echo(difference)
    sys.exit(bool(found))
