"""Requests to learn who a reporter is, as those see them who ask, consent or audit."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from tipline.db import session
from tipline.domain.actors import Actor
from tipline.models import Case, IdentityRequest, Tip
from tipline.queries.triage import in_reach

MOST = 200


def requests(actor: Actor) -> Sequence[IdentityRequest]:
    """Requests of one's own, and those that one may consent to or audit, the latest first."""
    query = (
        select(IdentityRequest)
        .join(IdentityRequest.tip)
        .join(Tip.case)
        .join(Case.office)
        .where(
            or_(
                IdentityRequest.requested_by_id == actor.id,
                in_reach(actor, "identity:approve"),
                in_reach(actor, "journal:read"),
            )
        )
        .order_by(IdentityRequest.id.desc())
        .limit(MOST)
    )
    return session().scalars(query).all()
