"""Answers: the text a reporter reads with the receipt code once a case is concluded."""

from datetime import datetime

from tipline.db import session, use_case
from tipline.domain import lifecycle
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.models import Message
from tipline.services import journal
from tipline.services.casework import close_when_answered
from tipline.services.reach import tip_for
from tipline.vault import sealing


class NotConcluded(lifecycle.IllegalTransition):
    """The inspector has not concluded the case yet."""


class AnswerEmpty(Exception):
    """An answer says something."""


@use_case
def tell_progress(tip_id: int, *, by: Actor, body: str, now: datetime) -> None:
    """Tell a reporter how far it is and when by law it has to end, before there is an answer."""
    tip = tip_for(by, tip_id, "answer:release")
    if tip.status not in lifecycle.OPEN_TIP:
        raise lifecycle.IllegalTransition(f"tip {tip_id} is {tip.status}")
    if not body.strip():
        raise AnswerEmpty
    sealed = sealing.seal(tip.public_key, body.strip())
    said = Message(tip_id=tip.id, kind="progress", from_office=True, at=now, read_at=now)
    said.sealed = sealed
    session().add(said)
    journal.record("tip.progress_told", tip.ref, by=by.by, now=now)


@use_case
def release(tip_id: int, *, by: Actor, body: str, now: datetime) -> None:
    """Release the answer to one tip; the case closes with its last answer."""
    tip = tip_for(by, tip_id, "answer:release")
    if tip.case.status != CaseStatus.CONCLUDED:
        raise NotConcluded(tip_id)
    if not body.strip():
        raise AnswerEmpty
    tip.status = lifecycle.ensure_tip_move(tip.status, TipStatus.ANSWERED)
    sealed = sealing.seal(tip.public_key, body.strip())
    session().add(
        Message(tip_id=tip.id, kind="answer", from_office=True, at=now, read_at=now, sealed=sealed)
    )
    journal.record("tip.outcome_told", tip.ref, by=by.by, now=now)
    close_when_answered(tip.case, by=by.by, now=now)
