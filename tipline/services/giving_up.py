"""Giving up: the next channel that the reporter gave, the status page, the office's list."""

from datetime import datetime

from tipline.db import session
from tipline.domain.sending import SILENCES, Sending, Why
from tipline.models import Contact, Delivery, Notice
from tipline.services import addressees, journal, notices


def give_up(row: Delivery, state: Sending, why: Why, reason: str, *, now: datetime) -> None:
    """End this delivery; the notice goes on to the next channel, or the office learns of it."""
    row.state, row.why, row.reason = state, why, reason[:200]
    if why in SILENCES and row.addressee is not None and not row.addressee.silent:
        addressees.silence(row.addressee, why, now=now)
    contact = _next_contact(row)
    if contact is not None:
        notices.put_in_outbox(row.notice, contact, now=now, round=row.round)
    else:
        _leave_to_the_office(row, now=now)


def _next_contact(row: Delivery) -> Contact | None:
    """Another channel that was given; an answer goes only to where it was asked for."""
    notice = row.notice
    if notice.tip is None or notice.kind in notices.REPLIES:
        return None
    tried = {each.channel for each in notice.deliveries if each.round == row.round}
    left = [contact for contact in notice.tip.contacts if contact.channel not in tried]
    return left[0] if left else None


def _leave_to_the_office(row: Delivery, *, now: datetime) -> None:
    """The news waits behind the code; the office sees that it waits."""
    notice: Notice = row.notice
    if notice.tip is None or notice.kind in notices.TALK:
        return
    notice.dead_at = now
    facts = {"notice": notice.kind, "channel": row.channel}
    journal.record("notice.dead", notice.tip.ref, by=journal.SYSTEM, now=now, facts=facts)
    session().flush()
