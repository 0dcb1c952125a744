"""Notices: what a reporter is owed because of a journal line, and on which channel it goes."""

from datetime import datetime

from sqlalchemy import delete, select

from tipline.db import session, write_down
from tipline.domain import lifecycle
from tipline.models import Contact, Delivery, Entry, Notice, Tip
from tipline.runtime import policy

REPLIES = (
    *("received", "added", "code", "help", "ask", "complete", "which", "status"),
    *("no_match", "wait", "too_large", "private"),
)

# Mere talk: when it does not arrive, nobody at the office has to do anything about it.
TALK = frozenset({"help", "ask", "complete", "which", "status", "no_match", "wait", "private"})


def follow(line: Entry) -> None:
    """Promise the notices that the policy ties to this event."""
    for rule in policy().notices:
        if rule.follows(line.event, line.facts):
            for tip in _tips_of(line):
                promise(tip, rule.notice, because=f"journal:{line.id}", now=line.recorded_at)


def promise(tip: Tip, kind: str, *, because: str, now: datetime, field: str = "") -> Notice:
    """Owe this reporter a notice, once per cause; without a way to reach them it waits by code."""
    notice = Notice(tip_id=tip.id, kind=kind, field=field, because=because, created_at=now)
    write_down(notice)
    if tip.contact is not None and _wanted(tip, kind):
        put_in_outbox(notice, tip.contact, now=now)
    return notice


def reply(
    contact: Contact,
    kind: str,
    *,
    tip: Tip | None,
    field: str,
    because: str,
    now: datetime,
    after: int,
) -> Notice:
    """Owe a sender one reply: what the policy promised since notice `after` becomes part of it."""
    notice = _promised_since(after, contact, tip)
    if notice is not None:
        notice.kind, notice.field = kind, field
        session().flush()
        return notice
    about = tip.id if tip is not None else None
    notice = Notice(tip_id=about, kind=kind, field=field, because=because, created_at=now)
    notice.files = notice.too_large = 0
    put_in_outbox(write_down(notice), contact, now=now)
    return notice


def withhold(channel: str, sender_mark: bytes, *, after: int) -> None:
    """What was promised to this sender since notice `after` waits behind the code, unsent."""
    promised = select(Notice.id).where(Notice.id > after, Notice.kind.in_(REPLIES))
    theirs = select(Contact.id).where(
        Contact.channel == channel, Contact.sender_mark == sender_mark
    )
    session().execute(
        delete(Delivery).where(Delivery.notice_id.in_(promised), Delivery.contact_id.in_(theirs))
    )


def waiting_reply(channel: str, sender_mark: bytes) -> Notice | None:
    """The latest reply to this sender that is not on its way yet, locked."""
    waiting = (Delivery.state == "pending") & Notice.kind.in_(REPLIES)
    theirs = (Contact.channel == channel) & (Contact.sender_mark == sender_mark)
    found = select(Notice).join(Notice.deliveries).join(Delivery.contact).where(waiting, theirs)
    latest = found.order_by(Notice.id.desc()).limit(1)
    return session().scalars(latest.with_for_update(of=Delivery)).first()


def put_off(notice: Notice, *, until: datetime) -> None:
    """Let a notice that is not on its way yet wait a little."""
    for row in notice.deliveries:
        row.due_at = until


def _promised_since(after: int, contact: Contact, tip: Tip | None) -> Notice | None:
    """The notice to this very sender that follows from the same message."""
    if tip is None:
        return None
    ours = select(Notice).join(Notice.deliveries).where(Delivery.contact_id == contact.id)
    return session().scalar(ours.where(Notice.tip_id == tip.id, Notice.id > after).limit(1))


def put_in_outbox(notice: Notice, contact: Contact, *, now: datetime, round: int = 0) -> None:
    """Let the worker bring it; to who wants nothing sent it waits behind the code."""
    if contact.stopped_at is not None:
        return
    row = Delivery(
        notice_id=notice.id,
        contact_id=contact.id,
        channel=contact.channel,
        round=round,
        owed_at=now,
        due_at=now,
    )
    write_down(row)


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
