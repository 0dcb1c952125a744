"""Alarms: a reporter is threatened, or somebody here did wrong. They pass the unit by."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.actors import Actor, NotThere
from tipline.models import Alarm, Case, Office, Tip
from tipline.services import journal
from tipline.services.reach import tip_by_code
from tipline.vault import sealing

KINDS = ("threatened", "leaked", "not_handled", "fabricated")


class NothingSaid(Exception):
    """Without a word nobody could help."""


@use_case
def raise_alarm(code: str, *, kind: str, words: str, now: datetime) -> int:
    """Raise an alarm about the tip that this code opens; returns its id.

    Its line is about the alarm and not about the tip, so that the unit does not read it there.
    """
    tip = tip_by_code(code)
    if not words.strip():
        raise NothingSaid
    sealed = sealing.seal(tip.public_key, words)
    alarm = Alarm(tip_id=tip.id, kind=kind if kind in KINDS else KINDS[0], sealed=sealed, at=now)
    session().add(alarm)
    session().flush()
    journal.record("alarm.raised", alarm.ref, by=journal.REPORTER, now=now)
    return alarm.id


@use_case
def open_alarm(alarm_id: int, *, by: Actor, now: datetime) -> None:
    """Record that somebody reads an alarm; the page shows its words after this."""
    alarm = _alarm_for(by, alarm_id)
    journal.record("alarm.opened", alarm.ref, by=by.by, now=now)


@use_case
def handle(alarm_id: int, *, by: Actor, note: str, now: datetime) -> None:
    """Write down what was done about an alarm."""
    alarm = _alarm_for(by, alarm_id)
    if not note.strip():
        raise NothingSaid
    alarm.handled_at, alarm.handled_by_id, alarm.note = now, by.id, note.strip()
    journal.record("alarm.handled", alarm.ref, by=by.by, now=now)


def _alarm_for(by: Actor, alarm_id: int) -> Alarm:
    query = select(Alarm).join(Alarm.tip).join(Tip.case).join(Case.office)
    alarm = session().scalar(
        query.where(Alarm.id == alarm_id, Office.is_below(by.reach.get("alarm:handle", ())))
    )
    if alarm is None:
        raise NotThere(f"alarm {alarm_id}")
    return alarm
