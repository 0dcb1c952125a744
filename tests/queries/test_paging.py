"""Pages: every record is on exactly one of them, and a cursor that makes no sense is none."""

import random
from datetime import UTC, datetime, timedelta

import given
import pytest
from flask import Flask
from sqlalchemy import update

from tipline.db import db
from tipline.domain.actors import Actor
from tipline.domain.countdown import NEVER
from tipline.models import Tip
from tipline.queries.paging import ROWS
from tipline.queries.triage import Filters, triage_queue

READER = Actor(0, "", {"tip:read": ("/1/",)})
MANY = 2 * ROWS + 7


@pytest.fixture
def tips(app: Flask) -> list[Tip]:
    """Many tips, with deadlines to the microsecond, some alike and some without any."""
    dice = random.Random(7)
    for _ in range(MANY):
        tip = given.tip(category=dice.choice(["blood", "unlicensed_clinic", "free_clinic"]))
        offset = timedelta(microseconds=dice.choice([0, 1, 999_999, dice.randrange(10**15)]))
        due_at = dice.choice([NEVER, given.NOW + offset])
        db.session.execute(update(Tip).where(Tip.id == tip.id).values(due_at=due_at))
        db.session.commit()
    return given.every(Tip)


def pages() -> list[list[int]]:
    """The ids on each page, one page after the other."""
    found, after = [], None
    while True:
        page = triage_queue(READER, Filters(), after=after, now=given.NOW)
        found.append([row.id for row in page.rows])
        if page.after is None:
            return found
        after = page.after


def test_every_record_is_on_exactly_one_page_in_its_order(tips: list[Tip]) -> None:
    in_order = sorted(tips, key=lambda tip: (tip.priority, tip.due_at, tip.id))
    found = pages()
    assert [each for page in found for each in page] == [tip.id for tip in in_order]
    assert [len(page) for page in found] == [ROWS, ROWS, MANY - 2 * ROWS]


@pytest.mark.parametrize(
    "after",
    ["", ".", "1", "1.2", "1.2.3.4", "a.b.c", "1.1e9.1", f"{2**40}.1.1", f"1.{2**70}.1", "-1.0.0"]
    + [f"1.1.{2**40}", "1.-99999999999999999999.1", " 1.2.x", "１.２.x", "\x00.1.1"],
)
def test_a_cursor_that_makes_no_sense_shows_the_first_page(app: Flask, after: str) -> None:
    tip = given.tip()
    page = triage_queue(READER, Filters(), after=after, now=given.NOW)
    assert [row.id for row in page.rows] == [tip.id]


def test_a_page_that_is_just_full_has_no_next_one(app: Flask) -> None:
    for _ in range(ROWS):
        given.tip()
    assert [len(page) for page in pages()] == [ROWS]


def test_who_reaches_no_office_sees_nothing(app: Flask) -> None:
    given.tip()
    nobody = Actor(0, "", {})
    far = Actor(0, "", {"tip:read": ("/1/9/",)})
    for actor in (nobody, far):
        assert triage_queue(actor, Filters(), after=None, now=given.NOW).rows == []


def test_a_deadline_of_long_ago_and_of_long_hence_is_no_trouble(app: Flask) -> None:
    for year in (1970, 2026, 9998):
        tip = given.tip()
        due_at = datetime(year, 1, 2, tzinfo=UTC)
        db.session.execute(update(Tip).where(Tip.id == tip.id).values(due_at=due_at))
        db.session.commit()
    assert [len(page) for page in pages()] == [3]
