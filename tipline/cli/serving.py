"""Serving: the embedded default, and the processes of production."""

import os
import signal
import threading

import click

from tipline import clock, metrics, schema, serving, worker
from tipline.cli.root import MakeApp, app_or_word, tipline
from tipline.db import db


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
    app = app_or_word(make_app)
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
    app_or_word(make_app)
    serving.pages(host=host, port=port)


@tipline.command("worker")
@click.pass_obj
def work(make_app: MakeApp) -> None:
    """Understand the inbox, ring the clocks, deliver the outbox; start as many as are needed."""
    app = app_or_word(make_app)
    chosen = app.extensions["tipline"].settings
    if not chosen.vault_private_key_file:
        raise click.ClickException(
            "TIPLINE_VAULT_PRIVATE_KEY_FILE: is not set; nothing can be sent"
        )
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if port := chosen.metrics_port:
        metrics.serve(app, int(port))
    worker.run(app, stop)
