"""The command that all others hang from."""

from collections.abc import Callable

import click
from flask import Flask

from tipline import policy
from tipline.settings import SettingsError

MakeApp = Callable[[], Flask]


@click.group()
def tipline() -> None:
    """A public tip line on which every report gets an answer within the prescribed time."""


def app_or_word(make_app: MakeApp) -> Flask:
    """The application, or a clear word about the setting that is in the way."""
    try:
        return make_app()
    except (SettingsError, policy.PolicyError) as wrong:
        raise click.ClickException(str(wrong)) from None
