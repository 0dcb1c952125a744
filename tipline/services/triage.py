"""Triage: what the office decides about a tip."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from tipline.db import session, use_case
from tipline.domain import lifecycle
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.models import Case, Message, Referral, Tip
from tipline.queries.history import last_join
from tipline.services import clinics, clockwork, journal
from tipline.services.intake import office_for
from tipline.services.reach import case_for, tip_for
from tipline.vault import sealing


class BriefMissing(Exception):
    """Without a brief an inspector would have nothing to read."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What triage makes of a case: what the inspector reads, how urgent it is, and where it is.

    `why` says why it is more or less urgent than the rules found.
    """

    brief: str
    priority: int
    category: str
    division: str
    address: str
    floor: str = ""
    why: str = ""


@use_case
def open_words(tip_id: int, *, by: Actor, now: datetime) -> None:
    """Record that somebody reads a reporter's own words; the page shows them after this."""
    tip = tip_for(by, tip_id, "tip:words")
    unread = update(Message).where(Message.tip_id == tip.id, Message.read_at.is_(None))
    session().execute(unread.values(read_at=now))
    journal.record("words.opened", tip.ref, by=by.by, now=now)


@use_case
def accept(tip_id: int, *, by: Actor, assessed: Assessment, now: datetime) -> None:
    """Accept a tip and every other tip on its case; the case goes to the pool with its brief."""
    case = tip_for(by, tip_id, "tip:triage").case
    if not assessed.brief.strip():
        raise BriefMissing
    case.status = lifecycle.ensure_case_move(case.status, CaseStatus.QUEUED)
    facts = _override(case, assessed)
    _assess(case, assessed)
    for tip in case.tips:
        if tip.status == TipStatus.RECEIVED:
            _decide(tip, TipStatus.ACCEPTED, "tip.accepted", by=by, now=now)
    journal.record("case.queued", case.ref, by=by.by, now=now, facts=facts)


@use_case
def decline(tip_id: int, *, by: Actor, reason: str, note: str, now: datetime) -> None:
    """Decline a tip with a reason from the policy, which names the other remedy."""
    tip = tip_for(by, tip_id, "tip:triage")
    facts = {"reason": reason, "note": note}
    _decide(tip, TipStatus.DECLINED, "tip.declined", by=by, now=now, facts=facts)
    _follow_last_tip(tip.case, CaseStatus.DECLINED)


@use_case
def refer(tip_id: int, *, by: Actor, department: str, note: str, now: datetime) -> None:
    """Hand a tip's matter to another department; neither words nor reporter go along."""
    tip = tip_for(by, tip_id, "tip:triage")
    session().add(
        Referral(case_id=tip.case_id, department=department, note=note, at=now, by_id=by.id)
    )
    facts = {"department": department}
    _decide(tip, TipStatus.REFERRED, "tip.referred", by=by, now=now, facts=facts)
    _follow_last_tip(tip.case, CaseStatus.REFERRED)


@use_case
def join(tip_id: int, case_id: int, *, by: Actor, now: datetime) -> None:
    """Make another open case the home of this tip; its number, code and promises stay its own."""
    tip, target = tip_for(by, tip_id, "tip:triage"), case_for(by, case_id, "tip:triage")
    former = tip.case
    if tip.status != TipStatus.RECEIVED or target is former or not _is_open(target):
        raise lifecycle.IllegalTransition(f"tip {tip_id} cannot join case {case_id}")
    facts = {"from_case": former.id, "to_case": target.id}
    journal.record("tip.joined", tip.ref, by=by.by, now=now, facts=facts)
    tip.case = target
    session().flush()
    session().expire(former, ["tips"])
    if not former.tips:
        former.status = lifecycle.ensure_case_move(former.status, CaseStatus.JOINED)
        former.joined_to_id = target.id
    clockwork.refresh_due([tip.ref, former.ref, target.ref])
    if target.status != CaseStatus.RECEIVED:
        _decide(tip, TipStatus.ACCEPTED, "tip.accepted", by=by, now=now)


@use_case
def unjoin(tip_id: int, *, by: Actor, now: datetime) -> None:
    """Give a tip the case back that it had before it was joined; what it was promised stays."""
    tip = tip_for(by, tip_id, "tip:triage")
    joined = last_join(tip)
    if tip.status not in lifecycle.OPEN_TIP or joined is None:
        raise lifecycle.IllegalTransition(f"tip {tip_id} cannot leave its case")
    left, former = tip.case, session().get_one(Case, joined.facts["from_case"])
    facts = {"from_case": left.id, "to_case": former.id}
    journal.record("tip.unjoined", tip.ref, by=by.by, now=now, facts=facts)
    tip.case = former
    if former.status == CaseStatus.JOINED:
        former.status = lifecycle.ensure_case_move(former.status, CaseStatus.RECEIVED)
        former.joined_to_id = None
    clockwork.refresh_due([tip.ref, former.ref, left.ref])
    session().flush()
    session().expire(left, ["tips"])
    _follow_last_tip(left, CaseStatus.CLOSED)


@use_case
def drop(tip_id: int, *, by: Actor, now: datetime) -> None:
    """Leave a matter alone whose reporter withdrew before triage."""
    case = tip_for(by, tip_id, "tip:triage").case
    if any(tip.status in lifecycle.OPEN_TIP for tip in case.tips):
        raise lifecycle.IllegalTransition(f"case {case.id} has open tips")
    case.status = lifecycle.ensure_case_move(case.status, CaseStatus.CLOSED)
    journal.record("case.closed", case.ref, by=by.by, now=now)


@use_case
def ask(tip_id: int, *, by: Actor, body: str, now: datetime) -> None:
    """Ask the reporter a question, to be read and answered with the receipt code."""
    tip = tip_for(by, tip_id, "tip:ask")
    session().add(
        Message(
            tip_id=tip.id,
            kind="question",
            from_office=True,
            at=now,
            read_at=now,
            sealed=sealing.seal(tip.public_key, body),
        )
    )
    journal.record("tip.asked", tip.ref, by=by.by, now=now)


def _override(case: Case, assessed: Assessment) -> dict[str, Any]:
    """What is kept when triage ranks a case otherwise than the rules did."""
    if assessed.priority == case.priority:
        return {}
    return {"priority": assessed.priority, "judged": case.priority, "why": assessed.why}


def _assess(case: Case, assessed: Assessment) -> None:
    """The tip keeps what the reporter said; the case and its clinic take what triage found.

    The file of a clinic that other cases are about as well is changed on its own page.
    """
    case.brief, case.priority = assessed.brief.strip(), assessed.priority
    case.category, case.division = assessed.category, assessed.division
    case.office_id, case.search_due = office_for(assessed.division), True
    if not clinics.is_shared(case):
        case.clinic.division, case.clinic.address = assessed.division, assessed.address
        case.clinic.floor, case.clinic.match_due = assessed.floor, True


def _decide(
    tip: Tip,
    status: TipStatus,
    event: str,
    *,
    by: Actor,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    tip.status = lifecycle.ensure_tip_move(tip.status, status)
    journal.record(event, tip.ref, by=by.by, now=now, facts=facts)


def _follow_last_tip(case: Case, status: CaseStatus) -> None:
    """A case still in triage ends with its last tip."""
    waiting = any(tip.status == TipStatus.RECEIVED for tip in case.tips)
    if case.status == CaseStatus.RECEIVED and not waiting:
        case.status = lifecycle.ensure_case_move(case.status, status)


def _is_open(case: Case) -> bool:
    return case.status in lifecycle.OPEN_CASE
