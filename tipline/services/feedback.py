"""Feedback: what a reporter does with the receipt code after the tip was received."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain import lifecycle
from tipline.domain.actors import NotThere
from tipline.domain.lifecycle import TipStatus
from tipline.models import Tip
from tipline.runtime import settings
from tipline.services import intake, journal
from tipline.services.casework import close_when_answered
from tipline.vault import sealing


@use_case
def add(code: str, *, words: str, now: datetime) -> None:
    """Add words to the tip that this code opens."""
    intake.add_words(_tip_of(code), words, now=now)


@use_case
def withdraw(code: str, *, now: datetime) -> None:
    """Withdraw the tip that this code opens; the office may still look at the place."""
    tip = _tip_of(code)
    tip.status = lifecycle.ensure_tip_move(tip.status, TipStatus.WITHDRAWN)
    journal.record("tip.withdrawn", tip.ref, by=journal.REPORTER, now=now)
    close_when_answered(tip.case, by=journal.REPORTER, now=now)


def _tip_of(code: str) -> Tip:
    mark = sealing.code_mark(code, settings().pepper)
    tip = session().scalar(select(Tip).where(Tip.code_mark == mark).with_for_update())
    if tip is None:
        raise NotThere("tip")
    return tip
