"""The official list of licensed institutions."""

from pathlib import Path

import click

from tipline import clock
from tipline.cli.root import MakeApp, app_or_word, tipline
from tipline.domain.licences import Unreadable, read_list
from tipline.services import licences


@tipline.group("licences")
def official_list() -> None:
    """The official list of licensed institutions."""


@official_list.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--division", default="", help="The division of lines that name none.")
@click.pass_obj
def import_list(make_app: MakeApp, file: Path, division: str) -> None:
    """Put the institutions of a CSV file in the place of the former list."""
    try:
        found = read_list(file.read_bytes(), division=division)
    except Unreadable as wrong:
        raise click.ClickException(f"{file.name} was not taken over\n{wrong}") from None
    with app_or_word(make_app).app_context():
        count = licences.replace_list(found, by="command", now=clock.now())
    click.echo(f"{count} institutions on the list")
