"""The outbox: sent once, or somebody at the office learns that it was not."""

from datetime import datetime, timedelta
from itertools import count

import given
import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import given as given_any
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy import select

from tipline.channels import CannotReach, Status, TryLater, Unclear
from tipline.db import db
from tipline.domain import sending
from tipline.domain.sending import Sending
from tipline.models import Contact, Delivery, Entry
from tipline.queries.undelivered import undelivered_notices
from tipline.services import delivery

PHONE = "+8613800138000"
NUMBERS = count()


def deliver(now: datetime = given.NOW) -> list[int]:
    """One round of the worker's outbox."""
    ids = delivery.lease(now=now)
    for each in ids:
        delivery.send(each, now=now)
    return ids


def the_delivery() -> Delivery:
    """The only row of the outbox as it stands now."""
    db.session.rollback()
    return db.session.scalars(select(Delivery)).one()


@pytest.fixture
def waiting(app: Flask) -> Delivery:
    """A notice to somebody who wrote by text message."""
    given.message("sms", PHONE, "有人在家里打针", id="SM1")
    return the_delivery()


def test_notice_is_sent_once_when_the_worker_runs_again(
    waiting: Delivery, sms: given.Collecting
) -> None:
    deliver()
    deliver(given.NOW + timedelta(days=1))
    assert [address for address, _ in sms.sent] == [PHONE]
    assert the_delivery().state == Sending.ACCEPTED


def test_notice_is_tried_again_after_the_wait_that_the_provider_asked_for(
    waiting: Delivery, sms: given.Collecting
) -> None:
    sms.fails = TryLater("busy", after=90)
    deliver()
    assert the_delivery().due_at == given.NOW + timedelta(seconds=90)
    sms.fails = None
    assert not deliver(given.NOW + timedelta(seconds=89))
    deliver(given.NOW + timedelta(seconds=90))
    assert len(sms.sent) == 1


def test_notice_is_never_tried_again_when_it_cannot_be_delivered(
    waiting: Delivery, sms: given.Collecting
) -> None:
    sms.fails = CannotReach("opted out")
    deliver()
    sms.fails = None
    assert not deliver(given.NOW + timedelta(days=3))
    assert the_delivery().state == Sending.FAILED
    office = given.staff("triage_officer")
    assert [each.reason for each in undelivered_notices(office)] == ["opted out"]
    assert db.session.scalars(select(Entry.event)).all().count("notice.dead") == 1


def test_unclear_notice_goes_once_more_after_ten_minutes_and_then_is_given_up(
    waiting: Delivery, sms: given.Collecting
) -> None:
    sms.fails = Unclear("no answer")
    deliver()
    assert not deliver(given.NOW + timedelta(minutes=9))
    deliver(given.NOW + timedelta(minutes=10))
    assert the_delivery().attempts == 2
    deliver(given.NOW + timedelta(minutes=20))
    assert (the_delivery().state, the_delivery().attempts) == (Sending.DEAD, 2)


def test_leased_notice_is_taken_over_when_its_worker_died(
    waiting: Delivery, sms: given.Collecting
) -> None:
    delivery.lease(now=given.NOW)
    assert not deliver()
    deliver(given.NOW + sending.LEASE)
    assert len(sms.sent) == 1


def test_notice_is_not_sent_at_once_when_its_worker_died_while_sending(
    waiting: Delivery, sms: given.Collecting
) -> None:
    delivery.lease(now=given.NOW)
    delivery.begin(waiting.id, now=given.NOW)
    deliver(given.NOW + sending.LEASE)
    assert (the_delivery().state, sms.sent) == (Sending.AMBIGUOUS, [])
    deliver(given.NOW + sending.LEASE + sending.AMBIGUITY_WAIT)
    assert len(sms.sent) == 1


def test_notice_fails_when_its_contact_was_sealed_for_another_tip(
    waiting: Delivery, sms: given.Collecting
) -> None:
    given.message("sms", "+8613900139000", "另一件事", id="SM2")
    mine, other = db.session.scalars(select(Contact).order_by(Contact.id)).all()
    mine.sealed, other.sealed = other.sealed, mine.sealed
    db.session.commit()
    deliver()
    assert sms.sent == []
    states = db.session.scalars(select(Delivery.state)).all()
    assert set(states) == {Sending.FAILED}


def test_notice_gives_up_when_it_was_refused_often_enough(
    waiting: Delivery, sms: given.Collecting
) -> None:
    sms.fails = TryLater("busy")
    now = given.NOW
    for _ in range(sending.MOST_ATTEMPTS + 1):
        deliver(now)
        now += sending.RETRY_CAP
    assert (the_delivery().state, the_delivery().attempts) == (Sending.DEAD, sending.MOST_ATTEMPTS)


@how(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given_any(reports=st.lists(st.booleans(), max_size=6))
def test_reports_of_the_provider_never_move_backwards(app: Flask, reports: list[bool]) -> None:
    given.message("sms", PHONE, "有人在家里打针", id=f"SM{next(NUMBERS)}")
    (sent,) = deliver() or [0]
    row = db.session.get_one(Delivery, sent)
    for delivered in reports:
        state = Sending.DELIVERED if delivered else Sending.FAILED
        status = Status(str(row.provider_id), state)
        delivery.report("sms", status, now=given.NOW)
    db.session.rollback()
    expected = Sending.ACCEPTED
    if reports:
        expected = Sending.DELIVERED if reports[0] else Sending.FAILED
    assert db.session.get_one(Delivery, sent).state == expected


def test_report_about_an_unknown_message_changes_nothing(waiting: Delivery) -> None:
    deliver()
    delivery.report("sms", Status("SM-unknown", Sending.FAILED), now=given.NOW)
    assert the_delivery().state == Sending.ACCEPTED
