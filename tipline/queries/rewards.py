"""Who may be owed a reward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tipline.db import session
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import CaseStatus
from tipline.domain.words import Text
from tipline.models import Case, Tip
from tipline.queries.triage import in_reach
from tipline.runtime import policy

ROWS = 50
FOUND_SOMETHING = ("substantiated", "partly")
DONE = (CaseStatus.CONCLUDED, CaseStatus.CLOSED)


@dataclass(frozen=True)
class Candidate:
    """A tip without its reporter."""

    id: int
    number: str
    case_number: str
    received_at: datetime
    category: Text
    finding: Text
    imposed_fen: int


def candidates(actor: Actor, *, before: int | None) -> tuple[Sequence[Candidate], int | None]:
    """Tips with a wish for a reward on cases that found something, the latest first."""
    query = (
        select(Tip)
        .join(Tip.case)
        .join(Case.office)
        .where(Tip.wants_reward, Case.status.in_(DONE), Case.finding.in_(FOUND_SOMETHING))
        .where(in_reach(actor, "reward:read"))
        .order_by(Tip.id.desc())
        .limit(ROWS + 1)
    )
    if before is not None:
        query = query.where(Tip.id < before)
    tips = session().scalars(query).all()
    more = tips[ROWS - 1].id if len(tips) > ROWS else None
    return [_candidate(tip) for tip in tips[:ROWS]], more


def _candidate(tip: Tip) -> Candidate:
    case = tip.case
    assert case.finding is not None
    return Candidate(
        id=tip.id,
        number=tip.number,
        case_number=case.number,
        received_at=tip.received_at,
        category=policy().categories[tip.category].label,
        finding=policy().findings[case.finding].label,
        imposed_fen=sum(measure.amount_fen or 0 for measure in case.measures),
    )
