"""What the desk sees: the triage queue and one tip."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import OPEN_CASE, CaseStatus, TipStatus
from tipline.domain.words import Text
from tipline.models import Case, Message, Office, Tip
from tipline.queries.countdowns import left
from tipline.queries.paging import Page, page_of
from tipline.runtime import policy
from tipline.vault import words

MOST = 100


@dataclass(frozen=True)
class QueueRow:
    """One tip in the queue."""

    id: int
    number: str
    received_at: datetime
    channel: str
    category: Text
    division: str
    address: str
    priority: int
    lane: str
    cluster_id: int | None
    due_on: date | None
    days_left: int | None
    urgency: str
    provisional: bool

    @property
    def overdue(self) -> bool:
        """Whether a deadline of the office has passed."""
        return self.urgency == "late"


@dataclass(frozen=True)
class Unread:
    """A tip with words that nobody at the desk has read."""

    id: int
    number: str
    since: datetime
    messages: int


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the queue is narrowed to; empty means everything."""

    district: str = ""
    category: str = ""
    channel: str = ""
    overdue: bool = False
    lane: str = ""
    cluster: str = ""


def triage_queue(
    actor: Actor, filters: Filters, *, after: str | None, now: datetime
) -> Page[QueueRow]:
    """Tips that wait for triage, most urgent first."""
    query = _visible(actor, "tip:read").where(Tip.status == TipStatus.RECEIVED)
    found = page_of(_narrowed(query, filters, now), Tip, after=after)
    return Page([_queue_row(tip, now) for (tip,) in found.rows], found.after)


def answers_due(actor: Actor, *, after: str | None, now: datetime) -> Page[QueueRow]:
    """Tips whose case is concluded and whose reporter still waits for the answer."""
    query = _visible(actor, "answer:release").where(
        Tip.status == TipStatus.ACCEPTED, Case.status == CaseStatus.CONCLUDED
    )
    found = page_of(query, Tip, after=after)
    return Page([_queue_row(tip, now) for (tip,) in found.rows], found.after)


def unread(actor: Actor) -> Sequence[Unread]:
    """Tips whose reporter said more that nobody at the desk has read, the longest waiting first."""
    query = (
        select(Tip.id, Tip.number, func.min(Message.at), func.count(Message.id))
        .join(Message, Message.tip_id == Tip.id)
        .join(Tip.case)
        .join(Case.office)
        .where(Message.read_at.is_(None), in_reach(actor, "tip:words"))
        .group_by(Tip.id, Tip.number)
        .order_by(func.min(Message.at))
        .limit(MOST)
    )
    return [Unread(*row) for row in session().execute(query)]


def taken_apart(actor: Actor) -> Sequence[QueueRow]:
    """Tips that were taken out of a case already taken on: their own case needs a brief."""
    return _still_in_triage(actor, TipStatus.ACCEPTED)


def withdrawn(actor: Actor) -> Sequence[QueueRow]:
    """Tips withdrawn before triage: the office may look at the place all the same."""
    return _still_in_triage(actor, TipStatus.WITHDRAWN)


def _still_in_triage(actor: Actor, status: TipStatus) -> list[QueueRow]:
    """Tips of this status whose case nobody has taken on."""
    query = (
        _visible(actor, "tip:triage")
        .where(Tip.status == status, Case.status == CaseStatus.RECEIVED)
        .order_by(Tip.id)
        .limit(MOST)
    )
    return [_queue_row(tip, tip.received_at) for tip in session().scalars(query)]


def tip_for(actor: Actor, tip_id: int) -> Tip:
    """One tip, if this person may see it; NotThere otherwise."""
    found: Tip | None = session().scalar(_visible(actor, "tip:read").where(Tip.id == tip_id))
    if found is None:
        raise NotThere(f"tip {tip_id}")
    return found


def words_of(tip: Tip, tip_key: bytes) -> dict[str, str]:
    """The reporter's own words, by field; only after their opening was recorded."""
    opened: dict[str, str] = words.read(tip_key, tip.words_sealed)
    return opened


def joinable(actor: Actor, tip: Tip) -> Sequence[Case]:
    """Open cases that this tip could join: of its area if that is known, the latest first."""
    query = (
        select(Case)
        .join(Case.office)
        .where(in_reach(actor, "tip:triage"), Case.status.in_(OPEN_CASE))
        .where(Case.id != tip.case_id)
        .order_by(Case.id.desc())
        .limit(30)
    )
    if tip.division:
        query = query.where(Case.division == tip.division)
    return session().scalars(query).unique().all()


def in_reach(actor: Actor, permission: str) -> ColumnElement[bool]:
    """The offices at which this person holds the permission."""
    paths = actor.reach.get(permission, ())
    return or_(false(), *(Office.path.startswith(path, autoescape=True) for path in paths))


def _visible(actor: Actor, permission: str) -> Select[Tip]:
    return select(Tip).join(Tip.case).join(Case.office).where(in_reach(actor, permission))


def _narrowed(query: Select[Tip], filters: Filters, now: datetime) -> Select[Tip]:
    if filters.district:
        query = query.where(Tip.division.startswith(filters.district, autoescape=True))
    if filters.category:
        query = query.where(Tip.category == filters.category)
    if filters.channel:
        query = query.where(Tip.channel == filters.channel)
    if filters.lane:
        query = query.where(Tip.lane == filters.lane)
    if filters.cluster:
        query = query.where(Tip.cluster_id == int(filters.cluster[:9]))
    return query.where(Tip.due_at <= now) if filters.overdue else query


def _queue_row(tip: Tip, now: datetime) -> QueueRow:
    return QueueRow(
        id=tip.id,
        number=tip.number,
        received_at=tip.received_at,
        channel=tip.channel,
        category=policy().categories[tip.category].label,
        division=policy().divisions.name_of(tip.division),
        address=tip.address,
        priority=tip.priority,
        lane=tip.lane,
        cluster_id=tip.cluster_id,
        **vars(left(tip.due_at, now=now)),
    )
