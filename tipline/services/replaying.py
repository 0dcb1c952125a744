"""Replaying: what no channel could bring is tried once more, or was told by other means."""

from datetime import datetime

from tipline.db import session, use_case
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Notice, Tip
from tipline.services import journal, notices, reach

ONCE_MORE = 1
HOW = ("called", "came", "letter", "other")


@use_case
def replay(notice_id: int, *, by: Actor, now: datetime) -> None:
    """Owe a dead notice once more, from its first channel on; IllegalTransition a second time."""
    notice, tip = _dead(notice_id, by)
    if notice.replayed_at is not None:
        raise IllegalTransition(f"notice {notice_id}")
    contact = notice.deliveries[0].contact
    notice.dead_at, notice.replayed_at = None, now
    notices.put_in_outbox(notice, contact, now=now, round=ONCE_MORE)
    facts = {"notice": notice.kind, "channel": contact.channel}
    journal.record("notice.replayed", tip.ref, by=journal.staff(by.id), now=now, facts=facts)


@use_case
def reached(notice_id: int, *, by: Actor, how: str, now: datetime) -> None:
    """The reporter was told by other means, and the notice is done with; `how` is one of HOW.

    It is no free text: the journal is for good, and who was reached would soon stand in it.
    """
    if how not in HOW:
        raise ValueError(how)
    notice, tip = _dead(notice_id, by)
    notice.dead_at = None
    facts = {"notice": notice.kind, "how": how}
    journal.record("notice.reached", tip.ref, by=journal.staff(by.id), now=now, facts=facts)


def _dead(notice_id: int, by: Actor) -> tuple[Notice, Tip]:
    """A notice that no channel could bring, and its tip; IllegalTransition for any other."""
    notice = session().get(Notice, notice_id, with_for_update=True)
    if notice is None or notice.tip_id is None:
        raise NotThere(f"notice {notice_id}")
    tip = reach.tip_for(by, notice.tip_id, "tip:ask")
    if notice.dead_at is None:
        raise IllegalTransition(f"notice {notice_id}")
    return notice, tip
