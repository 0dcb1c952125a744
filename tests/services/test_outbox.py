"""The outbox over time: whatever happens in whatever order, nobody is told twice by our fault."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import given
import pytest
from crowd import at_once
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import given as anything
from hypothesis import strategies as st

from tipline import worker
from tipline.channels import CannotReach, Status, TryLater, Unclear
from tipline.db import db
from tipline.domain.sending import MOST_ATTEMPTS, MOVES, Sending
from tipline.models import Delivery, Entry
from tipline.services import calling, delivery, triage
from tipline.settings import Settings

PHONE = ("sms", "+8613800138000")
SETTLED = {"delivered", "failed", "dead"}
OUTCOMES: dict[str, Exception | None] = {
    "taken": None,
    "refused": CannotReach("provider error 21610"),
    "busy": TryLater("provider error 503"),
    "wait": TryLater("provider asks to wait", after=90),
    "unclear": Unclear("no answer"),
}
STEPS = st.one_of(
    st.tuples(st.just("send"), st.sampled_from(list(OUTCOMES))),
    st.tuples(st.just("wait"), st.integers(0, 2000)),
    st.tuples(st.just("crash"), st.sampled_from(["leased", "sending"])),
    st.tuples(st.just("report"), st.booleans()),
)
SLOWLY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def owed(app: Flask) -> Delivery:
    """One notice in the outbox."""
    given.tip(channel="sms", contact=PHONE)
    return row()


def row() -> Delivery:
    return given.every(Delivery)[-1]


def reachable(state: str) -> set[str]:
    """Every state that can come after this one, and the state itself."""
    found, ends = {Sending(state)}, [Sending(state)]
    while ends:
        ahead = MOVES[ends.pop()] - found
        found |= ahead
        ends += ahead
    return {str(each) for each in found}


class Story:
    """What happens to one notice, step by step, with the time of the story."""

    def __init__(self, sms: given.Collecting) -> None:
        self.sms, self.now = sms, given.NOW

    def send(self, outcome: str) -> None:
        self.sms.fails = OUTCOMES[outcome]  # type: ignore[assignment]
        for delivery_id in delivery.lease(now=self.now):
            outgoing = delivery.begin(delivery_id, now=self.now)
            if outgoing is not None:
                self.last = outgoing
                delivery.settle(outgoing, calling.call(outgoing), now=self.now)

    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def crash(self, when: str) -> None:
        """A worker dies after it took the row, or after it began to send."""
        for delivery_id in delivery.lease(now=self.now):
            if when == "sending":
                delivery.begin(delivery_id, now=self.now)

    def report(self, delivered: bool) -> None:
        for sent_as in range(len(self.sms.sent) + 1):
            state = Sending.DELIVERED if delivered else Sending.FAILED
            status = Status(f"sms-{sent_as}", state, "provider error 30003")
            delivery.report("sms", status, now=self.now)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOWLY)
@anything(steps=st.lists(STEPS, max_size=12))
def test_no_story_turns_back_what_is_settled_or_tells_twice_what_was_taken(
    app: Flask, sms: given.Collecting, steps: list[tuple[str, Any]]
) -> None:
    sms.sent.clear()
    given.tip(channel="sms", contact=PHONE)
    story = Story(sms)
    for name, how in steps:
        before = row().state
        getattr(story, name)(how)
        assert row().state in reachable(before)
        assert before not in SETTLED or row().state == before
    delivery.lease(now=story.now + timedelta(days=1))
    assert len([sent for sent in sms.sent if sent[0] == PHONE[1]]) <= 1


def test_a_notice_that_was_busy_first_and_unclear_later_still_goes_once_more(
    owed: Delivery, sms: given.Collecting
) -> None:
    story = Story(sms)
    story.send("busy")
    story.wait(3600)
    story.send("unclear")
    assert row().state == "ambiguous"
    story.wait(601)
    story.send("taken")
    assert (row().state, len(sms.sent)) == ("accepted", 1)


def test_an_unclear_notice_is_not_sent_before_ten_minutes_have_passed(
    owed: Delivery, sms: given.Collecting
) -> None:
    story = Story(sms)
    story.send("unclear")
    story.wait(599)
    story.send("taken")
    assert (row().state, sms.sent) == ("ambiguous", [])


@pytest.mark.parametrize("outcome", ["refused", "unclear"])
def test_who_could_not_be_reached_is_on_the_record_of_the_tip(
    owed: Delivery, sms: given.Collecting, outcome: str
) -> None:
    story = Story(sms)
    for _ in range(3):
        story.send(outcome)
        story.wait(601)
    lines = [line for line in given.every(Entry) if line.event == "notice.dead"]
    assert [(line.about_kind, line.facts) for line in lines] == [
        ("tip", {"notice": "received", "channel": "sms"})
    ]
    assert row().state in ("failed", "dead")


def test_a_provider_that_is_always_busy_is_given_up_at_last_and_said_so(
    owed: Delivery, sms: given.Collecting
) -> None:
    story = Story(sms)
    for _ in range(MOST_ATTEMPTS + 5):
        story.send("busy")
        story.wait(1801)
    assert (row().state, row().attempts) == ("dead", MOST_ATTEMPTS)
    assert [line.event for line in given.every(Entry)].count("notice.dead") == 1


def test_a_row_that_cannot_be_written_as_a_message_does_not_hold_up_the_others(
    app: Flask, sms: given.Collecting
) -> None:
    for _ in range(3):
        given.tip(channel="sms", contact=PHONE)
    broken = given.every(Delivery)[0]
    broken.notice.kind = "nonsense"
    db.session.commit()
    story = Story(sms)
    story.send("taken")
    assert [each.state for each in given.every(Delivery)] == ["failed", "accepted", "accepted"]


def test_two_workers_never_take_the_same_row(app: Flask) -> None:
    for _ in range(15):
        given.tip(channel="sms", contact=PHONE)
    works: list[Callable[[], object]] = [lambda: delivery.lease(now=given.NOW)] * 4
    taken = [each for found in at_once(app, works) for each in found]  # type: ignore[attr-defined]
    assert sorted(taken) == sorted({each.id for each in given.every(Delivery)})


def test_two_workers_send_a_notice_once_between_them(app: Flask, sms: given.Collecting) -> None:
    given.tip(channel="sms", contact=PHONE)
    (taken,) = delivery.lease(now=given.NOW)
    at_once(app, [lambda: delivery.send(taken, now=given.NOW)] * 6)
    assert len(sms.sent) == 1


def test_several_senders_bring_everything_once_and_to_each_person_in_its_order(
    chosen: Settings, sms: given.Collecting
) -> None:
    with given.running(replace(chosen, senders="8"), channels=[sms]):
        people = [f"+8613800138{number:03d}" for number in range(10)]
        for number, text in enumerate(("菜市场二楼有人拔牙", "人民路 3 号")):
            for person in people:
                given.message("sms", person, text, id=f"{person}{number}")
        while worker.deliver(given.NOW):
            pass
        assert {row.state for row in given.every(Delivery)} == {"accepted"}
    told = {one: [text[:2] for address, text in sms.sent if address == one] for one in people}
    assert told == dict.fromkeys(people, ["谢谢", "一般"])


def test_an_answer_that_came_after_the_row_was_given_up_changes_nothing(
    owed: Delivery, sms: given.Collecting
) -> None:
    story = Story(sms)
    story.send("refused")
    late = delivery.Result(state=Sending.ACCEPTED, provider_id="late")
    delivery.settle(story.last, late, now=story.now)
    assert (row().state, row().provider_id) == ("failed", None)


def test_what_is_sent_names_the_tip_and_nothing_of_its_matter(
    app: Flask, sms: given.Collecting
) -> None:
    said = {"facts": "卧室里的输液架"}
    tip = given.tip(channel="sms", contact=PHONE, words=said, address="官山一路")
    triage.decline(
        tip.id, by=given.staff("triage_officer"), reason="too_old", note="", now=given.NOW
    )
    Story(sms).send("taken")
    assert [address for address, _ in sms.sent] == [PHONE[1], PHONE[1]]
    for _, text in sms.sent:
        assert tip.number in text
        for hidden in ("输液架", "官山", "举报", "诊所", "奖"):
            assert hidden not in text
