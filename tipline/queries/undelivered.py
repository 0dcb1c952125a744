"""Reporters who could not be reached: what they were to hear, why they did not, since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tipline.db import session
from tipline.domain.actors import Actor
from tipline.domain.sending import SILENCES
from tipline.models import Case, Delivery, Notice, Tip
from tipline.queries.triage import in_reach

MOST = 100


@dataclass(frozen=True)
class Undelivered:
    """One notice, without where it was to go; `channel` is the last that was tried."""

    notice_id: int
    tip_id: int
    number: str
    channel: str
    kind: str
    since: datetime | None
    why: str
    reason: str
    replayed: bool

    @property
    def can_replay(self) -> bool:
        """Once, and not to who is not to be written to."""
        return not self.replayed and self.why not in SILENCES


def undelivered_notices(actor: Actor) -> Sequence[Undelivered]:
    """The latest notices that no channel could bring."""
    last = (
        select(func.max(Delivery.id))
        .where(Delivery.notice_id == Notice.id)
        .correlate(Notice)
        .scalar_subquery()
    )
    query = (
        select(
            Notice.id,
            Tip.id,
            Tip.number,
            Delivery.channel,
            Notice.kind,
            Notice.dead_at,
            Delivery.why,
            Delivery.reason,
            Notice.replayed_at.is_not(None),
        )
        .join(Delivery.notice)
        .join(Notice.tip)
        .join(Tip.case)
        .join(Case.office)
        .where(Notice.dead_at.is_not(None), Delivery.id == last, in_reach(actor, "tip:ask"))
        .order_by(Notice.dead_at.desc(), Notice.id.desc())
        .limit(MOST)
    )
    return [Undelivered(*row) for row in session().execute(query)]
