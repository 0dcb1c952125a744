"""What a supervisor sees: the open cases of the district, one case, and the listed ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import OPEN_CASE, CaseStatus, TransferStatus
from tipline.domain.words import Text
from tipline.models import Case, Entry, Listing, Office, Staff, Transfer
from tipline.queries.casework import outline
from tipline.queries.course import TransferView, view_of
from tipline.queries.paging import Page, page_of
from tipline.queries.triage import in_reach
from tipline.queries.workforce import inspectors_for, office_above
from tipline.runtime import policy

PERMISSION = "case:assign"
MOST = 200


@dataclass(frozen=True, kw_only=True)
class OverseenRow:
    """One open case as its supervisor sees it."""

    id: int
    number: str
    division: str
    kind: Text
    priority: int
    status: Text
    holder: str
    listed: Text | None
    due_on: date | None
    days_left: int | None
    urgency: str
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Overseen:
    """One case with everything a supervisor can do about it."""

    row: OverseenRow
    address: str
    brief: str
    office: str
    opened_at: datetime
    can_move: bool
    can_take_over: bool
    listing: Listing | None
    people: Sequence[Staff]
    lines: Sequence[tuple[datetime, Text, str]]


def open_cases(
    actor: Actor, *, listed: bool = False, after: str | None = None, now: datetime
) -> Page[OverseenRow]:
    """One page of the open cases within reach, most urgent first."""
    query = _within(actor).where(Case.status.in_(OPEN_CASE))
    if listed:
        query = query.where(Listing.id.is_not(None))
    found = page_of(query, Case, after=after)
    rows = [_row(case, holder, listing, now) for case, holder, listing in found.rows]
    return Page(rows, found.after)


def overseen(actor: Actor, case_id: int, *, now: datetime) -> Overseen:
    """One case within reach; NotThere otherwise."""
    found = session().execute(_within(actor).where(Case.id == case_id)).first()
    if found is None:
        raise NotThere(f"case {case_id}")
    case, holder, listing = found
    return Overseen(
        row=_row(case, holder, listing, now),
        address=f"{case.clinic.address} {case.clinic.floor}".strip(),
        brief=case.brief,
        office=session().get_one(Office, case.office_id).name,
        opened_at=case.opened_at,
        can_move=case.status in (CaseStatus.QUEUED, CaseStatus.CLAIMED),
        can_take_over=office_above(actor, case) is not None,
        listing=listing,
        people=inspectors_for(case),
        lines=_lines(case),
    )


def transfers_to_decide(actor: Actor) -> list[tuple[str, TransferView]]:
    """Transfers that wait for the head, with the number of their case; the oldest first."""
    query = (
        select(Transfer, Case.number)
        .join(Case, Case.id == Transfer.case_id)
        .join(Case.office)
        .where(Transfer.status == TransferStatus.PROPOSED, in_reach(actor, "transfer:decide"))
        .order_by(Transfer.id)
    )
    return [(number, view_of(transfer)) for transfer, number in session().execute(query)]


def _within(actor: Actor) -> Select[Case, Staff, Listing]:
    return (
        select(Case, Staff, Listing)
        .join(Case.office)
        .outerjoin(Staff, Staff.id == Case.claimed_by_id)
        .outerjoin(Listing, Listing.stands_for(Case.id))
        .where(in_reach(actor, PERMISSION))
    )


def _row(case: Case, holder: Staff | None, listing: Listing | None, now: datetime) -> OverseenRow:
    return OverseenRow(
        holder=holder.name if holder else "",
        listed=policy().supervision_levels[listing.level].label if listing else None,
        **outline(case, now=now),
    )


def _lines(case: Case) -> list[tuple[datetime, Text, str]]:
    """What happened to the case, the latest first; with the name of who did it."""
    about = (Entry.about_kind == "case", Entry.about_id == case.id)
    lines = session().scalars(select(Entry).where(*about).order_by(Entry.id.desc()).limit(MOST))
    names = {f"staff:{person_id}": name for person_id, name in _names()}
    return [(line.at, policy().events[line.event], names.get(line.by, line.by)) for line in lines]


def _names() -> Sequence[tuple[int, str]]:
    return [(row.id, row.name) for row in session().execute(select(Staff.id, Staff.name))]
