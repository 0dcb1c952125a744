"""Puts settings and channels together: the application for a server, and the tipline command."""

import tempfile
import threading
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask import Flask

from bots import dialogue, gateway, mail, sms, telegram
from tipline import cli, logs, settings
from tipline.channels import Channel
from tipline.settings import Settings
from tipline.web import create_app, uploads

IN_MEMORY = 200_000
# One line a channel; providers of the same channel are tried in this order.
CHANNELS = (
    sms.configured,
    gateway.configured,
    telegram.configured,
    mail.configured,
)


def channels_for(chosen: Settings) -> list[Channel]:
    """The channels that these settings switch on."""
    return [channel for configured in CHANNELS for channel in configured(chosen)]


class OneAtATime:
    """Reads each body first, then runs the application under one lock.

    Slow clients wait on their own thread, and SQLite never sees two writers of one process.
    """

    def __init__(self, application: Any) -> None:
        self._application = application
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            self._read(environ, body)
            environ["wsgi.input"] = body
            with self._turn:
                answer: Iterable[bytes] = self._application(environ, start_response)
                return list(answer)

    @staticmethod
    def _read(environ: dict[str, Any], body: Any) -> None:
        most = uploads.largest(environ.get("PATH_INFO", ""))
        left = min(int(environ.get("CONTENT_LENGTH") or 0), most + 1)
        while left > 0 and (chunk := environ["wsgi.input"].read(min(left, 65_536))):
            body.write(chunk)
            left -= len(chunk)
        body.seek(0)


def make_app(chosen: Settings | None = None) -> Flask:
    """The application with the settings of this environment, or with those given."""
    chosen = chosen or settings.read()
    logs.configure(chosen.log_level)
    return create_app(chosen, channels=channels_for(chosen), dialogue=dialogue.converse)


@cache
def _served() -> Callable[..., Any]:
    app = make_app()
    return OneAtATime(app.wsgi_app) if settings.read().embedded else app


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """What the web server calls."""
    answer: Iterable[bytes] = _served()(environ, start_response)
    return answer


def command() -> None:
    """The tipline command."""
    cli.tipline(obj=make_app)


if __name__ == "__main__":
    command()
