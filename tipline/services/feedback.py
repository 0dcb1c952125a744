"""Feedback: what a reporter does with the receipt code after the tip was received."""

from datetime import datetime

from tipline.db import use_case
from tipline.domain import lifecycle
from tipline.domain.lifecycle import TipStatus
from tipline.services import intake, journal
from tipline.services.casework import close_when_answered
from tipline.services.reach import tip_by_code


@use_case
def add(code: str, *, words: str, now: datetime) -> None:
    """Add words to the tip that this code opens."""
    intake.add_words(tip_by_code(code), words, now=now)


@use_case
def withdraw(code: str, *, now: datetime) -> None:
    """Withdraw the tip that this code opens; the office may still look at the place."""
    tip = tip_by_code(code)
    tip.status = lifecycle.ensure_tip_move(tip.status, TipStatus.WITHDRAWN)
    journal.record("tip.withdrawn", tip.ref, by=journal.REPORTER, now=now)
    close_when_answered(tip.case, by=journal.REPORTER, now=now)
