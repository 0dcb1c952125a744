"""Replaying: what no channel could bring is tried once more, when the office says so."""

from datetime import datetime

from tipline.db import session, use_case
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Notice
from tipline.services import journal, notices, reach

ONCE_MORE = 1


@use_case
def replay(notice_id: int, *, by: Actor, now: datetime) -> None:
    """Owe a dead notice once more, from its first channel on; IllegalTransition a second time."""
    notice = session().get(Notice, notice_id, with_for_update=True)
    if notice is None or notice.tip_id is None:
        raise NotThere(f"notice {notice_id}")
    tip = reach.tip_for(by, notice.tip_id, "tip:ask")
    if notice.dead_at is None or notice.replayed_at is not None:
        raise IllegalTransition(f"notice {notice_id}")
    contact = notice.deliveries[0].contact
    notice.dead_at, notice.replayed_at = None, now
    notices.put_in_outbox(notice, contact, now=now, round=ONCE_MORE)
    facts = {"notice": notice.kind, "channel": contact.channel}
    journal.record("notice.replayed", tip.ref, by=journal.staff(by.id), now=now, facts=facts)
