"""Serving: the web server, and for the embedded default the worker beside it."""

import os
import subprocess
import sys
import threading

from granian import Granian
from granian.constants import Interfaces

from tipline import settings

BACKLOG = 1024
THREADS_ON_POSTGRESQL = 4
THREADS_ON_SQLITE = 64


def pages(*, host: str, port: int) -> None:
    """Serve pages until told to stop.

    On SQLite many threads read requests and one at a time runs (see wsgi.OneAtATime).
    """
    chosen = settings.read()
    Granian(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1 if chosen.demo else int(chosen.workers),
        blocking_threads=THREADS_ON_SQLITE if chosen.embedded else THREADS_ON_POSTGRESQL,
        backlog=BACKLOG,
        log_access=False,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()


def everything(*, host: str, port: int) -> None:
    """The embedded default: pages and one worker, ended together."""
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep_working, args=(stopping,), daemon=True)
    keeper.start()
    try:
        pages(host=host, port=port)
    finally:
        stopping.set()
        keeper.join(timeout=30)


def _keep_working(stopping: threading.Event) -> None:
    """A worker that ends by itself is started again."""
    while not stopping.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "wsgi", "worker"], env=os.environ)
        while worker.poll() is None and not stopping.wait(0.5):
            pass
        if worker.poll() is None:
            worker.terminate()
            worker.wait()
