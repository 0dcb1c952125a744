"""Is the service well? Asked by whoever sends traffic, and by whoever watches."""

import shutil
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from tipline import schema
from tipline.db import session, use_case
from tipline.domain.sending import OPEN
from tipline.models import Clock, Delivery, Inbound, Tip
from tipline.runtime import settings

LEAST_FREE_BYTES = 200_000_000
STALLED = timedelta(minutes=10)
CAP = 1_001


def complaints(*, now: datetime) -> list[str]:
    """What keeps this process from taking traffic: database, disk or worker; empty when well."""
    try:
        found = [] if _probe() else ["database"]
        found += ["worker"] if oldest_wait(now=now) > STALLED else []
    except SQLAlchemyError:
        return ["database"]
    return found + (["disk"] if _free_bytes() < LEAST_FREE_BYTES else [])


def oldest_wait(*, now: datetime) -> timedelta:
    """How long the oldest message has waited to be understood, or to be sent, that should be."""
    waiting = select(func.min(Inbound.due_at)).where(Inbound.state == "kept")
    due = select(func.min(Delivery.due_at)).where(Delivery.state.in_(OPEN))
    times = [session().scalar(query) for query in (waiting, due)]
    return max((now - time for time in times if time is not None), default=timedelta(0))


def figures(*, now: datetime) -> dict[str, float]:
    """What is measured, by name; counts stop at a thousand, so that asking stays cheap."""
    return {
        "inbox_waiting": _count(select(Inbound.id).where(Inbound.state == "kept")),
        "outbox_due": _count(
            select(Delivery.id).where(Delivery.state.in_(OPEN), Delivery.due_at <= now)
        ),
        "oldest_wait_seconds": max(0.0, oldest_wait(now=now).total_seconds()),
        "clocks_overdue": _count(
            select(Clock.id).where(Clock.state == "running", Clock.due_at <= now)
        ),
        "tips_received": session().scalar(select(func.max(Tip.id))) or 0,
        "disk_free_bytes": _free_bytes(),
    }


def _count(rows: Select[Any]) -> int:
    capped = rows.limit(CAP).subquery()
    return session().scalar(select(func.count()).select_from(capped)) or 0


def _free_bytes() -> int:
    folder = settings().folder
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


@use_case
def _probe() -> bool:
    session().execute(text("UPDATE office SET name = name WHERE id = 1"))
    return schema.at_head(session().connection())
