"""The last word: rated by the reporter, done again by somebody else; alarms pass the unit by."""

from datetime import timedelta

import given
import pytest
from flask import Flask

from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Alarm, Case, Entry, Rating, Tip
from tipline.queries import casework as cases
from tipline.queries import feedback as query
from tipline.queries.status import by_code
from tipline.services import alarms, answers, casework, identity, verdicts
from tipline.services.identity import NoContact, NotApproved, ReasonMissing, SameUnit
from tipline.vault import sealing

LATER = given.NOW + timedelta(days=2)
REDO_DAYS = timedelta(days=15)
PHONE = "+8613800138000"


@pytest.fixture
def code() -> str:
    return sealing.mint_code()


@pytest.fixture
def tip(code: str, office: Actor, inspector: Actor) -> Tip:
    """A tip that was answered the day after."""
    found = given.tip(code=code, contact=("sms", PHONE))
    given.answered(found.id, office=office, inspector=inspector)
    return given.reread(found.id)


def rate(code: str, answered: bool = False, content: bool = False, now=LATER) -> bool:  # type: ignore[no-untyped-def]
    return verdicts.rate(code, answered=answered, content=content, now=now)


def test_a_reporter_says_once_whether_it_was_answered_and_may_change_it(
    tip: Tip, code: str
) -> None:
    rate(code, answered=True, content=True)
    rate(code, answered=True, content=True, now=LATER + timedelta(days=1))
    found = given.every(Rating)
    assert [(each.answered, each.content) for each in found] == [(True, True)]
    assert given.case_of(tip.id).status == "closed"


def test_only_an_answer_can_be_rated(app: Flask, code: str) -> None:
    given.tip(code=code)
    with pytest.raises(IllegalTransition):
        rate(code)


def test_who_is_not_content_has_it_done_again_by_another_inspector(
    tip: Tip, code: str, inspector: Actor
) -> None:
    assert rate(code, answered=True, content=False)
    case = given.case_of(tip.id)
    assert (case.status, case.finding, case.claimed_by_id) == ("queued", None, None)
    assert given.reread(tip.id).status == "accepted"
    assert cases.pool(inspector, after=None, now=LATER).rows == []
    other = given.staff("inspector", username="other")
    assert [row.id for row in cases.pool(other, after=None, now=LATER).rows] == [case.id]


def test_the_second_answer_stands_beside_the_first(tip: Tip, code: str, office: Actor) -> None:
    rate(code)
    other, case = given.staff("inspector", username="other"), given.case_of(tip.id)
    casework.claim(case.id, by=other, now=LATER)
    casework.record_finding(case.id, by=other, finding="partly", note="", now=LATER)
    casework.conclude(case.id, by=other, now=LATER)
    answers.release(tip.id, by=office, body="重新核查，部分属实。", now=LATER)
    opened = by_code(code)
    assert opened is not None
    assert opened.answer == "重新核查，部分属实。"
    assert [said.body for said in opened.messages] == ["已查实。"]
    assert not rate(code)
    assert given.case_of(tip.id).status == "closed"


def test_a_redo_is_open_for_the_days_of_the_policy(tip: Tip, code: str) -> None:
    told = given.NOW + timedelta(days=1)
    assert not rate(code, now=told + REDO_DAYS + timedelta(seconds=1))
    assert given.case_of(tip.id).status == "closed"
    assert rate(code, now=told + REDO_DAYS)


def test_the_answers_of_others_stay_when_one_has_it_done_again(
    tip: Tip, code: str, office: Actor, inspector: Actor
) -> None:
    bystander = given.tip()
    given.answered(bystander.id, office=office, inspector=inspector)
    rate(code)
    assert given.reread(bystander.id).status == "answered"


def test_the_three_rates_are_shares_of_what_was_told_and_rated(
    tip: Tip, code: str, office: Actor, inspector: Actor
) -> None:
    silent = given.tip()
    given.answered(silent.id, office=office, inspector=inspector)
    rate(code, answered=True, content=False, now=given.NOW + timedelta(days=40))
    viewer = given.staff("supervisor")
    found = query.rates(viewer, since=given.NOW)
    assert (found.response.part, found.response.whole) == (2, 2)
    assert (found.resolution.percent, found.satisfaction.percent) == (100, 0)
    assert found.silent == 1


# Alarms


def test_an_alarm_is_seen_above_the_unit_and_not_in_it(app: Flask, code: str) -> None:
    city = given.office("4409")
    district = given.office("440902", parent_id=city)
    found = given.tip(code=code)
    alarms.raise_alarm(code, kind="threatened", words="他们找上门来了", now=given.NOW)
    own = given.staff("supervisor", username="ownunit", office_id=district)
    above = given.staff("supervisor", username="above", office_id=city)
    assert query.alarms(own) == []
    assert [alarm.tip_id for alarm in query.alarms(above)] == [found.id]
    with pytest.raises(NotThere):
        alarms.open_alarm(1, by=own, now=given.NOW)
    alarms.handle(1, by=above, note="已派人联系", now=LATER)
    assert given.every(Alarm)[0].note == "已派人联系"


def test_the_units_own_history_of_the_tip_shows_no_alarm(app: Flask, code: str) -> None:
    found = given.tip(code=code)
    alarms.raise_alarm(code, kind="leaked", words="秘密", now=given.NOW)
    about_tip = {line.event for line in given.every(Entry) if line.about_kind == "tip"}
    assert "alarm.raised" not in about_tip
    assert found.id


def test_an_alarm_without_a_word_is_asked_for_one(app: Flask, code: str) -> None:
    given.tip(code=code)
    with pytest.raises(alarms.NothingSaid):
        alarms.raise_alarm(code, kind="threatened", words=" ", now=given.NOW)


# Identity


@pytest.fixture
def asker(app: Flask) -> Actor:
    return given.staff("supervisor", username="asker")


@pytest.fixture
def keeper(app: Flask) -> Actor:
    return keeper_of(given.office(""), "keeper")


def keeper_of(office_id: int, username: str) -> Actor:
    """Somebody of another office whose consent reaches the whole bureau."""
    person = given.staff("identity_keeper", username=username, office_id=office_id)
    return Actor(person.id, person.name, {"identity:approve": ("/",)})


@pytest.fixture
def asked(tip: Tip, asker: Actor) -> int:
    return identity.request(tip.id, by=asker, reason="有人身危险", now=LATER)


def test_an_identity_is_shown_once_after_anothers_consent(
    asked: int, asker: Actor, keeper: Actor
) -> None:
    identity.approve(asked, by=keeper, now=LATER)
    assert identity.reveal(asked, by=asker, now=LATER) == ("sms", PHONE)
    with pytest.raises(NotApproved):
        identity.reveal(asked, by=asker, now=LATER)
    events = [line.event for line in given.every(Entry)]
    assert [event for event in events if event.startswith("identity.")] == [
        "identity.requested",
        "identity.approved",
        "identity.revealed",
    ]


def test_a_thousand_attempts_without_consent_show_nothing(asked: int, asker: Actor) -> None:
    for _ in range(1000):
        with pytest.raises(NotApproved):
            identity.reveal(asked, by=asker, now=LATER)
    assert "identity.revealed" not in {line.event for line in given.every(Entry)}


def test_consent_ends_after_a_quarter_of_an_hour(asked: int, asker: Actor, keeper: Actor) -> None:
    identity.approve(asked, by=keeper, now=LATER)
    with pytest.raises(NotApproved):
        identity.reveal(asked, by=asker, now=LATER + identity.SHOWN_FOR)


def test_nobody_consents_to_their_own_request_or_to_their_units(asked: int, asker: Actor) -> None:
    own = Actor(asker.id, asker.name, {"identity:approve": ("/1/",)})
    colleague = given.staff("identity_keeper", username="colleague")
    for by in (own, colleague):
        with pytest.raises(SameUnit):
            identity.approve(asked, by=by, now=LATER)


def test_only_who_asked_is_shown_it(asked: int, keeper: Actor) -> None:
    identity.approve(asked, by=keeper, now=LATER)
    stranger = given.staff("supervisor", username="stranger")
    with pytest.raises(NotThere):
        identity.reveal(asked, by=stranger, now=LATER)


def test_a_request_needs_a_reason_and_somebody_to_reach(tip: Tip, asker: Actor) -> None:
    with pytest.raises(ReasonMissing):
        identity.request(tip.id, by=asker, reason=" ", now=LATER)
    anonymous = given.tip()
    with pytest.raises(NoContact):
        identity.request(anonymous.id, by=asker, reason="有人身危险", now=LATER)


def test_no_address_is_left_in_clear_by_a_reveal(asked: int, asker: Actor, keeper: Actor) -> None:
    identity.approve(asked, by=keeper, now=LATER)
    identity.reveal(asked, by=asker, now=LATER)
    assert PHONE[1:] not in repr(given.everything())
    assert given.every(Case)
