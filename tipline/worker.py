"""The loop: understand the inbox, ring the clocks, deliver the outbox, return idle claims."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from random import SystemRandom

import structlog
from flask import Flask, current_app

from tipline import clock
from tipline.db import db
from tipline.runtime import settings
from tipline.services import (
    casework,
    claiming,
    clocks,
    collecting,
    delivery,
    evidence,
    fading,
    inbox,
    matching,
    searching,
    supervising,
)
from tipline.services.rewards import paying

log = structlog.get_logger()
DICE = SystemRandom()
PAUSE_SECONDS = 0.5
FETCH_SECONDS = 2.0
PERIOD_SECONDS = 3600.0
Errand = Callable[..., int]


def run(app: Flask, stop: threading.Event) -> None:
    """Work until told to stop; what is under way is finished first."""
    errands = [
        threading.Thread(target=_again_and_again, args=(app, stop, errand, pause))
        for errand, pause in _errands(app)
    ]
    for thread in errands:
        thread.start()
    with app.app_context():
        while not stop.is_set():
            did = tick(clock.now())
            db.session.rollback()
            if not did:
                stop.wait(PAUSE_SECONDS)
    for thread in errands:
        thread.join()


def _errands(app: Flask) -> list[tuple[Errand, float]]:
    """What waits for providers goes beside the loop, so that no reply waits for it."""
    with app.app_context():
        asked, me = collecting.collectors(), secrets.token_hex(8)
    return [
        *((partial(collecting.collect, name, me), pause) for name, pause in asked.items()),
        (fetch, FETCH_SECONDS),
        (collecting.forget, FETCH_SECONDS),
        (clocks.begin_periods, PERIOD_SECONDS),
    ]


def _again_and_again(app: Flask, stop: threading.Event, errand: Errand, pause: float) -> None:
    with app.app_context():
        while not stop.is_set():
            _isolated_all(errand, clock.now())
            db.session.rollback()
            stop.wait(pause)


def fetch(*, now: datetime) -> int:
    """Fetch what came along with messages; returns how much there was to fetch."""
    return sum(_isolated(evidence.fetch, each, now) for each in evidence.lease(now=now))


def tick(now: datetime) -> int:
    """One round; returns how much there was to do."""
    done = 0
    for inbound_id in inbox.waiting(now=now):
        done += _isolated(inbox.understand, inbound_id, now, otherwise=inbox.put_off)
    for talk_id in inbox.silent(now=now):
        done += _isolated(inbox.close, talk_id, now, otherwise=inbox.close_later)
    done += _isolated_all(clocks.ring, now)
    done += deliver(now)
    for fading_id in fading.lease(now=now):
        done += _isolated(fading.take_back, fading_id, now)
    done += _isolated_all(matching.understand, now)
    done += _isolated_all(searching.index, now)
    done += _isolated_all(casework.return_idle, now)
    done += _isolated_all(claiming.warn_idle, now)
    done += _isolated_all(partial(supervising.deal_out, dice=DICE), now)
    done += _isolated_all(paying.lapse, now)
    return done


def deliver(now: datetime) -> int:
    """Send what is due, to several people at once; to one person in its order."""
    due = delivery.lease_by_person(now=now)
    app, senders = current_app._get_current_object(), int(settings().senders)  # type: ignore[attr-defined]
    if senders == 1 or len(due) < 2:
        return sum(_send_in_order(app, each, now) for each in due)
    with ThreadPoolExecutor(senders) as pool:
        return sum(pool.map(lambda each: _send_in_order(app, each, now), due))


def _send_in_order(app: Flask, delivery_ids: list[int], now: datetime) -> int:
    with app.app_context():
        return sum(_isolated(delivery.send, each, now) for each in delivery_ids)


def _isolated(
    work: Callable[..., None],
    row_id: int,
    now: datetime,
    otherwise: Callable[..., None] | None = None,
) -> int:
    """One row; when it fails the others still get their turn."""
    try:
        work(row_id, now=now)
    except Exception as failure:
        log.error("row_failed", work=work.__name__, row=row_id, kind=type(failure).__name__)
        if otherwise is not None:
            otherwise(row_id, now=now)
    return 1


def _isolated_all(work: Callable[..., int], now: datetime) -> int:
    try:
        return work(now=now)
    except Exception as failure:
        log.error("sweep_failed", work=_name(work), kind=type(failure).__name__)
        return 0


def _name(work: Errand) -> str:
    return work.func.__name__ if isinstance(work, partial) else work.__name__
