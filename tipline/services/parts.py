"""Parts of a long text message: those that say "(1/3) …", in any order, and those that just end.

A gateway that cuts messages without a mark cuts them where a segment ends; what comes from the same
sender within seconds is the rest.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from tipline.channels import Heard
from tipline.db import session
from tipline.domain import segments
from tipline.models import Conversation, Inbound
from tipline.models.inbox import PARTS
from tipline.services.hearing import heard_in

PATIENCE, PATIENCE_UNMARKED = timedelta(seconds=60), timedelta(seconds=10)
CUT_ON = "sms"
MARKED = re.compile(r"\s*[(（\[【](\d{1,2})\s*[/／]\s*(\d{1,2})[)）\]】]\s?(.*)", re.DOTALL)


def whole(inbound: Inbound, heard: Heard, talk: Conversation, *, now: datetime) -> Heard | None:
    """The message as it was written, its parts joined; None while some may still come."""
    if inbound.channel != CUT_ON and not is_part(heard.text):
        return heard
    inbound.sender_mark = talk.sender_mark
    rows = (_marked if is_part(heard.text) else _unmarked)(inbound, heard, now=now)
    return _joined(rows, heard) if rows else None


def is_part(text: str) -> bool:
    """Whether a text says of itself that it is one of several."""
    found = MARKED.fullmatch(text)
    return found is not None and 1 <= int(found[1]) <= int(found[2]) > 1


def _marked(inbound: Inbound, heard: Heard, *, now: datetime) -> list[Inbound]:
    """All the parts once they are there, or what came within a minute."""
    most = _numbers(heard.text)[1]
    inbound.is_part = True
    rows = [(row, _numbers(text)) for row, text in _waiting(inbound) if is_part(text)]
    rows = [(row, numbers) for row, numbers in rows if numbers[1] == most]
    until = min(row.received_at for row, _ in rows) + PATIENCE
    if len({numbers for _, numbers in rows}) < most and now < until:
        inbound.due_at = until
        return []
    return [row for row, _ in sorted(rows, key=lambda each: each[1])]


def _unmarked(inbound: Inbound, heard: Heard, *, now: datetime) -> list[Inbound]:
    """A message, after the full segments that came from this sender within seconds before it."""
    until = inbound.received_at + PATIENCE_UNMARKED
    inbound.is_part = inbound.is_part or segments.fills_whole_segments(heard.text)
    before = [row for row, text in _waiting(inbound) if not is_part(text)]
    if inbound.is_part and now < until:
        for row in before:
            row.due_at = until
        return []
    return before if inbound.is_part else [*before, inbound]


def _waiting(inbound: Inbound) -> list[tuple[Inbound, str]]:
    """The parts of this sender that were not understood yet, in the order in which they came."""
    session().flush()
    same = (Inbound.channel == inbound.channel) & (Inbound.sender_mark == inbound.sender_mark)
    kept = select(Inbound).where(same, PARTS)
    rows = session().scalars(kept.order_by(Inbound.id).with_for_update(skip_locked=True))
    return [(row, heard_in(row).text) for row in rows]


def _joined(rows: list[Inbound], heard: Heard) -> Heard:
    """The one message; its parts are understood with it."""
    said = [heard_in(row) for row in rows]
    for row in rows:
        row.state = "understood"
    text = "".join(_without_mark(each.text) for each in said)
    return replace(heard, text=text, files=tuple(file for each in said for file in each.files))


def _without_mark(text: str) -> str:
    found = MARKED.fullmatch(text)
    return found[3] if found and is_part(text) else text


def _numbers(text: str) -> tuple[int, int]:
    found = MARKED.fullmatch(text)
    assert found is not None
    return int(found[1]), int(found[2])
