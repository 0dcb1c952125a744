"""Notices: what a reporter is owed because of a journal line, and on which channel it goes."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session
from tipline.domain import lifecycle
from tipline.models import Contact, Delivery, Entry, Notice, Tip
from tipline.runtime import policy

REPLIES = ("received", "added", "code", "help", "ask")


def follow(line: Entry) -> None:
    """Promise the notices that the policy ties to this event."""
    for rule in policy().notices:
        if rule.event == line.event:
            for tip in _tips_of(line):
                promise(tip, rule.notice, because=f"journal:{line.id}", now=line.recorded_at)


def promise(tip: Tip, kind: str, *, because: str, now: datetime, field: str = "") -> Notice:
    """Owe this reporter a notice, once per cause; without a way to reach them it waits by code."""
    notice = Notice(tip=tip, kind=kind, field=field, because=because, created_at=now)
    session().add(notice)
    if tip.contact is not None and _wanted(tip, kind):
        _put_in_outbox(notice, tip.contact)
    session().flush()
    return notice


def greet(contact: Contact, *, because: str, now: datetime) -> None:
    """Owe an explanation to somebody who wrote to us without having said anything yet."""
    notice = Notice(kind="help", because=because, created_at=now)
    session().add_all([contact, notice])
    _put_in_outbox(notice, contact)
    session().flush()


def _put_in_outbox(notice: Notice, contact: Contact) -> None:
    session().add(
        Delivery(notice=notice, contact=contact, channel=contact.channel, due_at=notice.created_at)
    )


def _wanted(tip: Tip, kind: str) -> bool:
    """Replies go to who wrote to us on that channel; news and questions to who wants a reply."""
    if kind in REPLIES:
        return tip.contact is not None and tip.contact.channel == tip.channel
    return tip.wants_reply


def _tips_of(line: Entry) -> list[Tip]:
    if line.about_kind == "tip":
        return [session().get_one(Tip, line.about_id)]
    if line.about_kind == "case":
        is_open = Tip.status.in_(lifecycle.OPEN_TIP)
        return list(session().scalars(select(Tip).where(Tip.case_id == line.about_id, is_open)))
    return []
