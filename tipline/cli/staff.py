"""Accounts."""

import click

from tipline import clock
from tipline.cli.root import MakeApp, app_or_word, tipline
from tipline.services import staff as accounts


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
    with app_or_word(make_app).app_context():
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
    with app_or_word(make_app).app_context():
        try:
            accounts.reset(username, password=password, by="command", now=clock.now())
        except accounts.Refused as refused:
            raise click.ClickException(str(refused)) from None
