"""Many at once: each on a thread of its own, as another process would be."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from flask import Flask

PATIENCE = 60


def start(app: Flask, work: Callable[[], object]) -> "Future[object]":
    """Begin to work beside the test; ask the future for what came of it."""
    outcome: Future[object] = Future()

    def run() -> None:
        with app.app_context():
            try:
                outcome.set_result(work())
            except Exception as failure:
                outcome.set_exception(failure)

    threading.Thread(target=run, daemon=True).start()
    return outcome


def elsewhere(app: Flask, work: Callable[[], object]) -> object:
    """Work on another thread, to the end."""
    return start(app, work).result(PATIENCE)


def at_once(app: Flask, works: Sequence[Callable[[], object]]) -> list[object]:
    """All together from the same moment; what came of each, an exception where it failed."""
    barrier = threading.Barrier(len(works))

    def after_the_others(work: Callable[[], object]) -> object:
        barrier.wait(PATIENCE)
        return work()

    begun = [start(app, lambda work=work: after_the_others(work)) for work in works]
    return [outcome.exception(PATIENCE) or outcome.result() for outcome in begun]
