"""Law and local rule as data."""

import sys
from pathlib import Path

import click

from tipline import policy
from tipline.cli.root import tipline


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
