"""The shape of the database."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from tipline import copies, schema
from tipline.cli.root import MakeApp, app_or_word, tipline
from tipline.db import db, prepare_sqlite


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


@database.command("copy")
@click.argument("url")
@click.pass_obj
def copy_database(make_app: MakeApp, url: str) -> None:
    """Copy everything into the empty database at URL, such as postgresql+psycopg://…"""
    try:
        target = create_engine(url)
    except ArgumentError:
        raise click.ClickException("URL: is not the address of a database") from None
    if target.dialect.name == "sqlite":
        prepare_sqlite(target)
    with app_or_word(make_app).app_context():
        _copied(lambda: copies.copy(db.engine, target), "copied")


@tipline.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(make_app: MakeApp, file: Path) -> None:
    """Write a consistent copy of the database to FILE, while the service runs; no keys go in."""
    with app_or_word(make_app).app_context():
        _copied(lambda: copies.backup(db.engine, file), "kept")


@tipline.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def restore(make_app: MakeApp, file: Path) -> None:
    """Fill the empty database from FILE; what waited to be sent is listed, not sent."""
    with app_or_word(make_app).app_context():
        _copied(lambda: copies.restore(file, db.engine), "restored")


def _copied(work: Callable[[], int], said: str) -> None:
    try:
        click.echo(f"{work()} rows {said}")
    except copies.NotEmpty:
        raise click.ClickException("the database to fill holds tips or accounts already") from None
    except (copies.Damaged, OSError) as wrong:
        raise click.ClickException(str(wrong)) from None
    except SQLAlchemyError as failure:
        raise click.ClickException(f"the database fails: {type(failure).__name__}") from None
