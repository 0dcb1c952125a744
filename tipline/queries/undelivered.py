"""Notices that could not be delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tipline.db import session
from tipline.domain.actors import Actor
from tipline.models import Case, Delivery, Notice, Tip
from tipline.queries.triage import in_reach

MOST = 100


@dataclass(frozen=True)
class Undelivered:
    """One notice, without where it was to go."""

    tip_id: int
    number: str
    channel: str
    kind: str
    since: datetime
    reason: str


def undelivered_notices(actor: Actor) -> Sequence[Undelivered]:
    """The latest notices that failed for good."""
    query = (
        select(
            Tip.id, Tip.number, Delivery.channel, Notice.kind, Notice.created_at, Delivery.reason
        )
        .join(Delivery.notice)
        .join(Notice.tip)
        .join(Tip.case)
        .join(Case.office)
        .where(Delivery.state.in_(("failed", "dead")), in_reach(actor, "tip:ask"))
        .order_by(Delivery.id.desc())
        .limit(MOST)
    )
    return [Undelivered(*row) for row in session().execute(query)]
