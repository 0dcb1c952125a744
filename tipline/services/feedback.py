"""Feedback: what a reporter does with the receipt code after the tip was received."""

from datetime import datetime

from tipline.db import use_case
from tipline.domain import lifecycle
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import TipStatus
from tipline.models import Contact
from tipline.queries.nudging import nudging
from tipline.runtime import settings
from tipline.services import intake, journal
from tipline.services.casework import close_when_answered
from tipline.services.reach import tip_by_code
from tipline.vault import sealing


@use_case
def add(
    code: str, *, words: str, now: datetime, once: str = "", by: str = journal.REPORTER
) -> None:
    """Add words to the tip that this code opens; with a key `once`, however often they are sent."""
    tip = tip_by_code(code)
    if once:
        mark = sealing.content_mark([code, once], settings().pepper)
        intake.add_once(tip, words, mark=mark, now=now)
    else:
        intake.add_words(tip, words, now=now, by=by)


@use_case
def verify(code: str, *, by: Actor, now: datetime) -> None:
    """Record that somebody at the office looked up a tip with the code that a caller read out."""
    journal.record("tip.verified", tip_by_code(code).ref, by=by.by, now=now)


@use_case
def leave_contact(code: str, *, contact: tuple[str, str], now: datetime) -> None:
    """Leave one more way to be reached, or another address on a channel that was left before.

    Where somebody wrote to us from stays as it is: it says whose the tip is.
    """
    tip = tip_by_code(code)
    channel = contact[0]
    sealed = intake.seal_contact(contact, tip.number)
    known = next((each for each in tip.contacts if each.channel == channel), None)
    if known is None:
        tip.contacts.append(Contact(channel=channel, locale=tip.locale, sealed=sealed))
    elif known.sender_mark is None:
        known.sealed = sealed
    tip.wants_reply = True
    facts = {"channel": channel}
    journal.record("tip.contact_left", tip.ref, by=journal.REPORTER, now=now, facts=facts)


class TooEarly(Exception):
    """No promise is overdue, or this working day's nudge was counted already."""


@use_case
def nudge(code: str, *, now: datetime) -> int:
    """Press for an answer that is overdue, once a working day; returns how often so far.

    Each nudge goes to the next person up. TooEarly when nothing is overdue or the day's was used.
    """
    tip = tip_by_code(code)
    found = nudging(tip, now=now)
    if not found.now_allowed:
        raise TooEarly(tip.number)
    facts = {"nudges": found.count + 1}
    journal.record("tip.nudged", tip.ref, by=journal.REPORTER, now=now, facts=facts)
    return found.count + 1


@use_case
def withdraw(code: str, *, now: datetime) -> None:
    """Withdraw the tip that this code opens; the office may still look at the place."""
    tip = tip_by_code(code)
    tip.status = lifecycle.ensure_tip_move(tip.status, TipStatus.WITHDRAWN)
    journal.record("tip.withdrawn", tip.ref, by=journal.REPORTER, now=now)
    close_when_answered(tip.case, by=journal.REPORTER, now=now)
