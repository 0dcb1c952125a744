"""Law and local rule as data."""

import sys
from pathlib import Path

import click

from tipline import clock, policy, settings
from tipline.cli.root import MakeApp, app_or_word, tipline
from tipline.policy import importing
from tipline.services import clocks


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


@policies.command("import-calendar")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--area", default="", help="The division whose own holidays these are.")
@click.option("--source", default="", help="Where the notice was published.")
@click.option("--policy", "folder", type=click.Path(path_type=Path), help="Another policy folder.")
@click.pass_obj
def import_calendar(
    make_app: MakeApp, file: Path, area: str, source: str, folder: Path | None
) -> None:
    """Take a new year's work calendar up, and count the deadlines anew that waited for it."""
    try:
        into = folder or settings.read().policy_folder
        years = importing.import_calendar(file, into=into, area=area, source=source)
    except (policy.PolicyError, settings.SettingsError) as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"imported {', '.join(map(str, years))} into {into / 'calendars'}")
    if folder is None:
        with app_or_word(make_app).app_context():
            click.echo(f"{_recompute()} deadlines counted anew")


def _recompute() -> int:
    counted, last = 0, 0
    while found := clocks.recompute(after=last, now=clock.now()):
        counted, last = counted + len(found), found[-1]
    return counted
