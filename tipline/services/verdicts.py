"""Verdicts: the reporter's last word on whether the matter was answered, and what it starts."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain import lifecycle
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.models import Case, Entry, Rating, Tip
from tipline.runtime import policy
from tipline.services import journal, reopening
from tipline.services.casework import inspectors_of
from tipline.services.claiming import bar
from tipline.services.reach import tip_by_code


@use_case
def rate(code: str, *, answered: bool, content: bool, now: datetime) -> bool:
    """Say whether the matter was answered and one is content; says whether it is done again.

    The last word counts. Who is not content within the policy's days has it done once more, by
    another inspector.
    """
    tip = tip_by_code(code)
    if tip.status != TipStatus.ANSWERED:
        raise lifecycle.IllegalTransition(f"tip {tip.id} is {tip.status}")
    rating = session().scalar(select(Rating).where(Rating.tip_id == tip.id)) or Rating(tip=tip)
    rating.answered, rating.content, rating.at = answered, content, now
    session().add(rating)
    facts = {"answered": answered, "content": content}
    journal.record("tip.rated", tip.ref, by=journal.REPORTER, now=now, facts=facts)
    again = not (answered and content) and may_be_redone(tip, now=now)
    if again:
        _redo(tip, now=now)
    return again


def may_be_redone(tip: Tip, *, now: datetime) -> bool:
    """Once, and within the policy's days after the answer."""
    told = _last(tip, "tip.outcome_told")
    days = timedelta(days=policy().casework.redo_within_days)
    return told is not None and now - told <= days and _last(tip, "tip.disputed") is None


def _last(tip: Tip, event: str) -> datetime | None:
    about = (Entry.about_kind == "tip") & (Entry.about_id == tip.id)
    latest = select(Entry.at).where(about, Entry.event == event).order_by(Entry.id.desc())
    return session().scalar(latest.limit(1))


def _redo(tip: Tip, *, now: datetime) -> None:
    """The case goes back to the pool, closed to whoever worked on it; the answer is kept aside."""
    case = tip.case
    reopening.owe_an_answer_again(tip)
    journal.record("tip.disputed", tip.ref, by=journal.REPORTER, now=now)
    if case.status in (CaseStatus.CLOSED, CaseStatus.CONCLUDED):
        _reopen(case, now=now)


def _reopen(case: Case, *, now: datetime) -> None:
    case.status = lifecycle.ensure_case_move(case.status, CaseStatus.QUEUED)
    for person_id in inspectors_of(case):
        bar(case.id, person_id, until=None, now=now)
    case.finding, case.claimed_by_id = None, None
    case.claimed_at = case.lease_until = None
    facts = {"because": "disputed"}
    journal.record("case.reopened", case.ref, by=journal.REPORTER, now=now, facts=facts)
