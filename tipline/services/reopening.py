"""Reopening: a reporter who was answered is owed an answer again."""

from sqlalchemy import select

from tipline.db import session
from tipline.domain import lifecycle
from tipline.domain.lifecycle import TipStatus
from tipline.models import Message, Tip


def owe_an_answer_again(tip: Tip) -> None:
    """The step that opens an answered tip again; the answer is kept aside."""
    if tip.status != TipStatus.ANSWERED:
        return
    tip.status = lifecycle.ensure_tip_move(tip.status, TipStatus.ACCEPTED)
    given = select(Message).where(Message.tip_id == tip.id, Message.kind == "answer")
    for answer in session().scalars(given):
        answer.kind = "former_answer"
