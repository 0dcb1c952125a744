"""Reaching people: who is left in peace, what an unclear message turns out to be, what is next."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import given
import pytest
from flask import Flask

from tipline.channels import CannotReach, Status, TryLater, Unclear
from tipline.db import db, session, use_case
from tipline.domain.sending import Sending, Why
from tipline.models import Addressee, Contact, Delivery, Entry, Fading, Notice, Provider, Tip
from tipline.services import delivery, fading, intake, notices, references
from tipline.settings import Settings

PHONE = ("sms", "+8613800138000")
NIGHT = datetime.fromisoformat("2026-07-01T22:00+08:00")


@dataclass
class Asked(given.Collecting):
    """A provider that can be asked what it has; `has` is what it answers."""

    has: list[str] = field(default_factory=list)
    cannot_say: bool = False
    taken_back: list[tuple[str, str]] = field(default_factory=list)

    def find(self, address: str, text: str, since: datetime) -> list[str]:
        if self.cannot_say:
            raise TryLater("provider cannot say")
        return self.has

    def take_back(self, address: str, message_id: str) -> None:
        self.taken_back.append((address, message_id))
        if self.fails is not None:
            raise self.fails


@pytest.fixture
def sms() -> Asked:
    return Asked("sms")


@pytest.fixture
def second() -> given.Collecting:
    return given.Collecting("sms", provider="second")


@pytest.fixture
def app(chosen: Settings, sms: Asked, second: given.Collecting) -> Iterator[Flask]:
    """Two providers of text messages, and a mailbox."""
    with given.running(chosen, channels=[sms, second, given.Collecting("email")]) as app:
        yield app


def deliver(now: datetime = given.NOW) -> None:
    for each in delivery.lease(now=now):
        delivery.send(each, now=now)


def row(which: int = -1) -> Delivery:
    return given.every(Delivery)[which]


@use_case
def owe(tip_id: int, kind: str, *, now: datetime = given.NOW) -> None:
    because = f"test:{now.isoformat()}:{kind}"
    notices.promise(session().get_one(Tip, tip_id), kind, because=because, now=now)


@use_case
def give(tip_id: int, channel: str, address: str) -> None:
    """The reporter gives another way to be reached."""
    tip = session().get_one(Tip, tip_id)
    sealed = intake.seal_contact((channel, address), tip.number)
    session().add(Contact(tip=tip, channel=channel, locale="zh", sealed=sealed))


def dead_lines() -> int:
    return [line.event for line in given.every(Entry)].count("notice.dead")


# Who is left in peace


@pytest.mark.parametrize("why", [Why.OPTED_OUT, Why.BLOCKED, Why.NO_SUCH_ADDRESS])
def test_who_cannot_be_written_to_is_never_written_to_again(
    app: Flask, sms: Asked, why: Why
) -> None:
    tip = given.tip(channel="sms", contact=PHONE)
    sms.fails = CannotReach("provider error", why)
    deliver()
    sms.fails = None
    other = given.tip(contact=PHONE)
    for each in (tip, other):
        owe(each.id, "news")
    deliver()
    assert sms.sent == []
    assert {(each.state, each.why) for each in given.every(Delivery)} == {("failed", why)}
    assert [each.silent for each in given.every(Addressee)] == [why]


def test_a_refusal_of_one_message_does_not_silence_the_person(app: Flask, sms: Asked) -> None:
    tip = given.tip(channel="sms", contact=PHONE)
    sms.fails = CannotReach("provider error 30007")
    deliver()
    sms.fails = None
    owe(tip.id, "news")
    deliver()
    assert len(sms.sent) == 1


def test_a_report_that_somebody_opted_out_silences_them(app: Flask, sms: Asked) -> None:
    tip = given.tip(channel="sms", contact=PHONE)
    deliver()
    status = Status("sms-1", Sending.FAILED, "provider error 21610", Why.OPTED_OUT)
    delivery.report("sms", status, now=given.NOW)
    owe(tip.id, "news")
    deliver()
    assert len(sms.sent) == 1


def test_a_notice_waits_for_the_morning_when_it_can_wait(app: Flask, sms: Asked) -> None:
    tip = given.tip(channel="sms", contact=PHONE, now=NIGHT)
    owe(tip.id, "news", now=NIGHT)
    deliver(NIGHT)
    assert len(sms.sent) == 1  # the answer to who just wrote
    assert row().due_at == datetime.fromisoformat("2026-07-02T08:00+08:00")
    deliver(NIGHT + timedelta(hours=9, minutes=59))
    assert len(sms.sent) == 1
    deliver(NIGHT + timedelta(hours=10))
    assert len(sms.sent) == 2


# What an unclear message turns out to be


def unclear(sms: Asked) -> None:
    """One message that left, and no answer came."""
    given.tip(channel="sms", contact=PHONE)
    sms.fails = Unclear("no answer from the provider")
    deliver()
    sms.fails = None


def test_an_unclear_message_is_not_sent_again_when_the_provider_says_it_has_it(
    app: Flask, sms: Asked, second: given.Collecting
) -> None:
    unclear(sms)
    sms.has = ["SM77"]
    deliver(given.NOW + timedelta(minutes=10))
    assert (row().state, row().provider_id) == ("accepted", "SM77")
    assert sms.sent == second.sent == []


def test_an_unclear_message_is_sent_again_when_the_provider_says_it_has_it_not(
    app: Flask, sms: Asked
) -> None:
    unclear(sms)
    deliver(given.NOW + timedelta(minutes=10))
    assert (row().state, row().unclear, len(sms.sent)) == ("accepted", 0, 1)


def test_an_unclear_message_waits_while_the_provider_cannot_say(app: Flask, sms: Asked) -> None:
    unclear(sms)
    sms.cannot_say = True
    now = given.NOW
    for _ in range(5):
        now += timedelta(minutes=10)
        deliver(now)
        assert (row().state, sms.sent) == ("ambiguous", [])
    deliver(now + timedelta(days=1))
    assert (row().state, row().why) == ("dead", Why.NO_ANSWER)


def test_an_unclear_message_is_never_given_to_another_provider(
    app: Flask, sms: Asked, second: given.Collecting
) -> None:
    unclear(sms)
    sms.cannot_say = True
    for minutes in (10, 20, 30):
        deliver(given.NOW + timedelta(minutes=minutes))
    assert second.sent == []


@pytest.mark.parametrize("state", [Sending.ACCEPTED, Sending.DELIVERED, Sending.FAILED])
def test_an_unclear_message_is_known_again_by_our_reference(
    app: Flask, sms: Asked, state: Sending
) -> None:
    unclear(sms)
    status = Status("SM9", state, reference=references.of(row().id))
    delivery.report("sms", status, now=given.NOW)
    assert (row().state, row().provider_id) == (state, None if state == "failed" else "SM9")
    deliver(given.NOW + timedelta(minutes=10))
    assert sms.sent == []


def test_a_report_is_heeded_before_our_own_answer_arrived(app: Flask, sms: Asked) -> None:
    given.tip(channel="sms", contact=PHONE)
    (taken,) = delivery.lease(now=given.NOW)
    outgoing = delivery.begin(taken, now=given.NOW)
    assert outgoing is not None
    status = Status("SM9", Sending.DELIVERED, reference=references.of(taken))
    delivery.report("sms", status, now=given.NOW)
    late = delivery.Result(state=Sending.ACCEPTED, provider_id="SM9")
    delivery.settle(outgoing, late, now=given.NOW)
    assert row().state == "delivered"


@pytest.mark.parametrize("reference", ["", "x", "1", "1-", "1-" + "0" * 20, "²-1", "9" * 30 + "-1"])
def test_a_reference_that_is_not_ours_is_no_reference(app: Flask, reference: str) -> None:
    assert references.delivery_in(reference) is None
    assert references.delivery_in(references.of(1)) == 1
    assert references.delivery_in(references.of(1).replace("1-", "2-", 1)) is None


def test_a_failure_of_an_earlier_attempt_says_nothing_of_the_later_one(
    app: Flask, sms: Asked
) -> None:
    unclear(sms)
    deliver(given.NOW + timedelta(minutes=10))
    status = Status("SM-first", Sending.FAILED, reference=references.of(row().id))
    delivery.report("sms", status, now=given.NOW)
    assert row().state == "accepted"


# Providers


def test_the_second_provider_takes_over_while_the_first_fails_and_gives_it_back(
    app: Flask, sms: Asked, second: given.Collecting
) -> None:
    sms.fails = TryLater("provider error 503")
    for number in range(5):
        given.tip(channel="sms", contact=("sms", f"+86138001380{number:02d}"))
    deliver()
    assert (len(sms.sent), len(second.sent)) == (0, 0)
    later = given.NOW + timedelta(minutes=1)
    deliver(later)
    assert len(second.sent) == 5
    given.tip(channel="sms", contact=PHONE, now=later)
    sms.fails = None
    deliver(later + timedelta(minutes=10))  # one message tries whether it is well again
    assert len(sms.sent) == 1
    given.tip(channel="sms", contact=PHONE, now=later + timedelta(minutes=10))
    deliver(later + timedelta(minutes=10))
    assert (len(sms.sent), len(second.sent)) == (2, 5)


def test_no_worker_writes_before_the_time_that_the_provider_named(
    app: Flask, sms: Asked, second: given.Collecting
) -> None:
    for number in range(2):
        given.tip(channel="sms", contact=("sms", f"+86138001380{number:02d}"))
    first, other = delivery.lease(now=given.NOW)
    sms.fails = TryLater("provider error 429", after=30)
    delivery.send(first, now=given.NOW)
    sms.fails = None
    given.tip(channel="sms", contact=PHONE)
    deliver(given.NOW + timedelta(seconds=29))
    assert sms.sent == second.sent == []
    deliver(given.NOW + timedelta(seconds=30))
    assert len(sms.sent) == 2
    assert row(1).id == other


def test_the_pace_is_kept_by_all_workers_together(app: Flask, sms: Asked) -> None:
    for number in range(50):
        given.tip(channel="sms", contact=("sms", f"+86138001380{number:02d}"))
    assert sum(len(delivery.lease(now=given.NOW)) for _ in range(5)) == 20
    assert len(delivery.lease(now=given.NOW + timedelta(seconds=0.5))) == 10


def test_one_person_is_written_to_at_the_pace_of_the_chat(app: Flask) -> None:
    chat = given.Collecting("telegram")
    chats = app.extensions["tipline"]
    app.extensions["tipline"] = replace(chats, providers={"telegram": chat})
    for _ in range(6):
        given.tip(channel="telegram", contact=("telegram", "7001"))
    sent = []
    for seconds in range(5):
        deliver(given.NOW + timedelta(seconds=seconds))
        sent.append(len(chat.sent))
    assert sent == [3, 4, 5, 6, 6]


def test_the_budget_of_a_day_is_kept_and_the_next_day_goes_on(app: Flask, sms: Asked) -> None:
    given.tip(channel="sms", contact=PHONE)
    deliver()
    assert [each.segments for each in given.every(Provider) if each.name == "sms"] == [1]
    spend_the_budget()
    given.tip(channel="sms", contact=PHONE)
    deliver()
    assert len(sms.sent) == 1
    deliver(datetime.fromisoformat("2026-07-02T07:59+08:00"))
    assert len(sms.sent) == 1
    deliver(datetime.fromisoformat("2026-07-02T08:00+08:00"))
    assert len(sms.sent) == 2


def spend_the_budget() -> None:
    spent = next(each for each in given.every(Provider) if each.name == "sms")
    spent.segments = 20_000
    db.session.commit()


def test_news_is_brought_beyond_the_budget_and_mere_talk_is_left(app: Flask, sms: Asked) -> None:
    tip = given.tip(channel="sms", contact=PHONE)
    deliver()
    spend_the_budget()
    for kind in ("help", "news"):
        owe(tip.id, kind)
    deliver()
    assert [text for _, text in sms.sent][1:] == [f"编号{tip.number}有新消息，请凭查询码查看。"]
    assert (row(-2).state, row(-2).why, dead_lines()) == ("failed", "over_budget", 0)


def test_a_message_without_a_provider_is_left_to_the_office(app: Flask) -> None:
    tip = given.tip(contact=("phone", "0668-2880000"))
    owe(tip.id, "news")
    deliver()
    assert (row().state, row().why) == ("failed", Why.NO_CHANNEL)
    assert dead_lines() == 1


# The ladder


def test_the_next_channel_that_was_given_is_tried_and_the_office_learns_last(
    app: Flask, sms: Asked
) -> None:
    tip = given.tip(contact=PHONE)
    give(tip.id, "email", "a@example.cn")
    owe(tip.id, "news")
    sms.fails = CannotReach("provider error 21610", Why.OPTED_OUT)
    deliver()
    assert [(each.channel, each.state) for each in given.every(Delivery)] == [
        ("sms", "failed"),
        ("email", "pending"),
    ]
    assert dead_lines() == 0
    row().contact.sealed = b"broken"
    db.session.commit()
    deliver()
    assert [each.dead_at for each in given.every(Notice) if each.kind == "news"] == [given.NOW]
    assert dead_lines() == 1


def test_a_code_goes_nowhere_but_where_it_was_asked_for(app: Flask, sms: Asked) -> None:
    tip = given.tip(channel="sms", contact=PHONE)
    give(tip.id, "email", "a@example.cn")
    owe(tip.id, "code")
    sms.fails = CannotReach("provider error 21610", Why.OPTED_OUT)
    deliver()
    assert {each.channel for each in given.every(Delivery)} == {"sms"}


def test_a_question_of_the_dialogue_that_does_not_arrive_is_no_matter_for_the_office(
    app: Flask, sms: Asked
) -> None:
    tip = given.tip(channel="sms", contact=PHONE)
    deliver()
    owe(tip.id, "complete")
    sms.fails = CannotReach("provider error 30007")
    deliver()
    assert (row().state, dead_lines()) == ("failed", 0)


# Fading


def test_a_message_with_a_code_is_taken_back_after_ten_minutes(app: Flask, sms: Asked) -> None:
    tip = given.tip(channel="sms", contact=PHONE)
    owe(tip.id, "code")
    deliver()
    assert [each.message_id for each in given.every(Fading)] == ["sms-2"]
    assert fading.lease(now=given.NOW + timedelta(minutes=9)) == []
    now = given.NOW + timedelta(minutes=10)
    for each in fading.lease(now=now):
        fading.take_back(each, now=now)
    assert sms.taken_back == [(PHONE[1], "sms-2")]
    assert fading.lease(now=now + timedelta(days=1)) == []


def test_a_message_is_taken_back_later_when_the_provider_is_away(app: Flask, sms: Asked) -> None:
    tip = given.tip(channel="sms", contact=PHONE)
    owe(tip.id, "code")
    deliver()
    now = given.NOW + timedelta(minutes=10)
    for fails in (TryLater("busy"), None):
        sms.fails = fails
        for each in fading.lease(now=now):
            fading.take_back(each, now=now)
        now += timedelta(minutes=5)
    assert len(sms.taken_back) == 2
    assert given.every(Fading)[0].done_at is not None
