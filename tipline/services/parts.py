"""Parts: a long text message that came as "(1/3) …", in any order, is one message."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from tipline.channels import Heard
from tipline.db import session
from tipline.models import Conversation, Inbound
from tipline.services.hearing import heard_in

PATIENCE = timedelta(seconds=60)
MARKED = re.compile(r"\s*[(（\[【](\d{1,2})\s*[/／]\s*(\d{1,2})[)）\]】]\s?(.*)", re.DOTALL)


def is_part(text: str) -> bool:
    """Whether a text says of itself that it is one of several."""
    found = MARKED.fullmatch(text)
    return found is not None and 1 <= int(found[1]) <= int(found[2]) > 1


def together(inbound: Inbound, talk: Conversation, *, now: datetime) -> list[Inbound] | None:
    """All the parts once they are there, or what came within a minute; None while some may come."""
    same = (Inbound.channel == talk.channel) & (Inbound.sender_mark == talk.sender_mark)
    inbound.sender_mark, inbound.is_part = talk.sender_mark, True
    session().flush()
    waiting = select(Inbound).where(same, Inbound.is_part, Inbound.state == "kept")
    kept = session().scalars(waiting.order_by(Inbound.id).with_for_update(skip_locked=True))
    rows = [row for row in kept if _numbers(row)[1] == _numbers(inbound)[1]]
    numbers = {_numbers(row)[0] for row in rows}
    until = min(row.received_at for row in rows) + PATIENCE
    if len(numbers) < _numbers(inbound)[1] and now < until:
        inbound.due_at = until
        return None
    return sorted(rows, key=lambda row: _numbers(row)[0])


def joined(rows: list[Inbound], heard: Heard) -> Heard:
    """The one message; the other parts are understood with it."""
    for row in rows:
        row.state = "understood"
    files = tuple(file for row in rows for file in heard_in(row).files)
    return replace(heard, text="".join(_found(row)[3] for row in rows), files=files)


def _numbers(row: Inbound) -> tuple[int, int]:
    found = _found(row)
    return int(found[1]), int(found[2])


def _found(row: Inbound) -> re.Match[str]:
    found = MARKED.fullmatch(heard_in(row).text)
    assert found is not None
    return found
