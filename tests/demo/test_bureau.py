"""The demo bureau: believable, in every state, and the same twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_security import verify_password
from sqlalchemy import func, select

from tipline.db import db
from tipline.demo import bureau, organisation, plan, register, stories
from tipline.demo.stories import Story
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.domain.telltale import find_telltales
from tipline.models import (
    Alarm,
    Base,
    Case,
    Delivery,
    Entry,
    Inbound,
    Licence,
    Office,
    Rating,
    Reward,
    Staff,
    TimeRequest,
    Tip,
)
from tipline.queries import deadlines, status, triage, undelivered
from tipline.queries.licences import licences_at
from tipline.queries.offices import home_division
from tipline.runtime import policy, runtime

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in Shanghai
FLOOD = 10  # more tips than this on one place are a flood
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
@pytest.mark.timeout(300)
def test_prepares_a_believable_bureau_once(app: Flask) -> None:
    lines = bureau.prepare(now=NOW)
    db.session.rollback()
    ensure_every_state()
    ensure_every_way_in()
    ensure_offices_and_people()
    ensure_licences()
    ensure_told_in_order()
    ensure_nothing_waits_to_be_sent()
    ensure_no_text_twice()
    ensure_rewards_and_last_words()
    ensure_time_is_asked_for_and_reports_are_sent()
    ensure_example_opens(lines)
    before = everything()
    assert bureau.prepare(now=NOW) == lines
    assert everything() == before


def ensure_every_state() -> None:
    assert found(Tip.status) == set(TipStatus)
    assert found(Case.status) == set(CaseStatus)
    assert found(Case.finding) == {*policy().findings, None}
    assert 290 <= (db.session.scalar(select(func.count(Tip.id))) or 0) <= 310


def ensure_every_way_in() -> None:
    assert found(Tip.channel) == {"web", "sms", "telegram", "phone"}
    assert found(Tip.source) == {"own_channel", "hotline_12345"}
    assert found(Tip.locale) == {"zh", "en"}
    assert found(Inbound.state) == {"understood"}


def ensure_offices_and_people() -> None:
    assert home_division() == "4409"
    assert found(Office.department) >= {"health", "police", "market_supervision"}
    assert {person.role for person in organisation.people()} == set(policy().roles)
    somebody = db.session.scalars(select(Staff).where(Staff.username == "liangyan")).one()
    assert verify_password(organisation.PASSWORD, somebody.password)


def ensure_licences() -> None:
    place = flood().place
    assert [each.expired for each in licences_at("440902", place, today=NOW.date())] == [False]
    assert len(found(Licence.number)) == len(register.read())


def ensure_told_in_order() -> None:
    recorded = list(db.session.scalars(select(Entry.recorded_at).order_by(Entry.id)))
    assert recorded == sorted(recorded)
    assert recorded[-1] <= NOW
    assert found(Entry.event) >= {"clock.warned", "clock.missed", "case.returned", "tip.withdrawn"}


def ensure_nothing_waits_to_be_sent() -> None:
    assert found(Delivery.state) == {"accepted", "delivered", "failed"}
    desk = organisation.actors()["liangyan"]
    assert undelivered.undelivered_notices(desk)


def ensure_no_text_twice() -> None:
    said = Counter(facts(tip) for tip in db.session.scalars(select(Tip)))
    repeated = {text for text, times in said.items() if times > 1}
    assert repeated <= {told.says for told in flood().tips}


def ensure_rewards_and_last_words() -> None:
    assert found(Reward.status) == {"proposed", "notified", "claimed", "paid"}
    assert found(Rating.content) == {True, False}
    assert found(Alarm.kind) == {"threatened"}


def ensure_time_is_asked_for_and_reports_are_sent() -> None:
    asked = {(each.kind, each.granted) for each in db.session.scalars(select(TimeRequest))}
    assert asked == {("extension", None), ("pause", True)}
    late = [each.office for each in deadlines.duties(supervisor(), now=NOW) if each.days_left < 0]
    assert late == ["信宜市卫生健康局"]


def supervisor() -> Actor:
    return organisation.actors()["lixiaofeng"]


def ensure_example_opens(lines: list[str]) -> None:
    opened = status.by_code(bureau.example_code())
    assert opened is not None
    assert opened.answer is not None
    assert opened.messages
    assert any("2020 0612" in line for line in lines)
    assert any("liangyan" in line and "/desk/" in line for line in lines)


@on_sqlite
def test_offices_and_people_are_completed_when_a_start_was_cut_short(app: Flask) -> None:
    for _ in range(2):
        organisation.add(now=NOW)
    assert len(organisation.actors()) == len(organisation.people())
    assert len(found(Office.id)) == len(organisation.places())


def test_the_same_now_gives_the_same_story(app: Flask) -> None:
    first, second = (
        [(each.at, each.do.func, each.do.keywords) for each in plan.actions(now=NOW)]
        for _ in range(2)
    )
    assert first == second


def test_every_story_keeps_to_the_policy(app: Flask) -> None:
    law = policy()
    for story in every_story():
        assert story.kind in law.categories
        assert not story.reason or story.reason in law.decline_reasons
        assert not story.department or story.department in law.departments
        assert not story.finding or story.finding in law.findings
        assert not story.handed_back or story.handed_back in law.return_reasons
        assert set(story.imposed) <= set(law.measures)
        assert all(law.measures[what].has_amount for what in money(story))


def test_every_story_has_what_its_end_needs() -> None:
    for story in every_story():
        needed = {
            "declined": story.reason,
            "referred": story.department,
            "queued": story.brief,
            "claimed": story.brief,
            "visited": story.visits,
            "concluded": story.finding,
            "answered": story.finding,
        }
        assert needed.get(story.until, True), story.place


def test_no_brief_gives_a_reporter_away(app: Flask) -> None:
    phrases = policy().identity_words
    for story in every_story():
        assert not find_telltales(story.brief, phrases), story.brief


def test_no_two_people_write_the_same() -> None:
    written = [
        text
        for story in every_story()
        if len(story.tips) <= FLOOD
        for told in story.tips
        for text in (told.says, *told.adds, told.replied)
        if text
    ]
    assert len(written) == len(set(written))
    assert len(written) > 300


def every_story() -> Iterator[Story]:
    return (story for area in stories.areas() for story in area.stories)


def flood() -> Story:
    return next(story for story in every_story() if len(story.tips) > FLOOD)


def money(story: Story) -> list[str]:
    return [what for what, imposed in story.imposed.items() if isinstance(imposed, int)]


def found(column) -> set[object]:
    return set(db.session.scalars(select(column).distinct()))


def facts(tip: Tip) -> str:
    key = runtime().desk_words.tip_key(tip.key_for_desk)
    return triage.words_of(tip, key)["facts"]


def everything() -> dict[str, int | None]:
    db.session.rollback()
    return {
        name: db.session.scalar(select(func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
    }
