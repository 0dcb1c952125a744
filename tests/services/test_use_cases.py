"""Use cases: one function, one transaction, the only commit; readers never wait for a writer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import given
import pytest
import statements
from crowd import PATIENCE, elsewhere, start
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from tipline.db import PRAGMAS, NestedUseCase, db, session, use_case
from tipline.models import Clinic, Role

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@use_case
def add_role(name: str) -> str:
    """The smallest use case there can be."""
    session().add(Role(name=name))
    return name


def names() -> list[str]:
    return [role.name for role in given.every(Role)]


def test_a_use_case_commits_once_and_gives_its_result(app: Flask) -> None:
    with statements.recorded(db.engine) as said:
        assert add_role("a") == "a"
    assert (said.commits, names()) == (1, ["a"])


def test_a_use_case_changes_nothing_when_anything_fails(app: Flask) -> None:
    @use_case
    def fail() -> None:
        session().add(Role(name="a"))
        session().flush()
        raise RuntimeError("after writing")

    with statements.recorded(db.engine) as said, pytest.raises(RuntimeError):
        fail()
    assert (said.commits, names()) == (0, [])
    assert add_role("b") == "b"


def test_a_use_case_refuses_to_nest(app: Flask) -> None:
    @use_case
    def outer() -> None:
        add_role("inner")

    with pytest.raises(NestedUseCase):
        outer()
    assert names() == []


def test_a_use_case_may_follow_another_one_that_failed(app: Flask) -> None:
    @use_case
    def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        fail()
    add_role("a")
    assert names() == ["a"]


@ONLY_POSTGRESQL  # SQLite has one writer at a time: there the race cannot be lost
def test_a_race_lost_to_a_constraint_is_run_once_more_and_sees_the_winner(app: Flask) -> None:
    tries: list[list[str]] = []

    @use_case
    def add_unless_there(name: str) -> str:
        there = list(session().scalars(select(Role.name)))
        tries.append(there)
        if name in there:
            return "found"
        if len(tries) == 1:
            elsewhere(app, lambda: add_role(name))
        session().add(Role(name=name))
        return "added"

    assert add_unless_there("a") == "found"
    assert tries == [[], ["a"]]
    assert names() == ["a"]


def test_a_mistake_of_ours_is_not_tried_for_ever(app: Flask) -> None:
    add_role("a")
    tries: list[int] = []

    @use_case
    def add_again() -> None:
        tries.append(1)
        session().add(Role(name="a"))

    with pytest.raises(IntegrityError):
        add_again()
    assert len(tries) == 2


def test_a_use_case_sees_what_was_committed_and_not_what_the_page_read_before(app: Flask) -> None:
    assert db.session.scalars(select(Role)).all() == []
    elsewhere(app, lambda: add_role("a"))

    @use_case
    def count() -> int:
        return len(session().scalars(select(Role)).all())

    assert count() == 1


def test_a_record_can_be_read_after_its_use_case_has_ended(app: Flask) -> None:
    tip = given.tip()
    db.session.remove()
    assert tip.number.startswith("T")


@contextmanager
def writing(app: Flask) -> Iterator[None]:
    """Meanwhile somebody else is in the middle of writing."""
    begun, done = threading.Event(), threading.Event()

    @use_case
    def slow() -> None:
        session().execute(insert(Role).values(name="slow"))
        begun.set()
        assert done.wait(PATIENCE)

    writer = start(app, slow)
    assert begun.wait(PATIENCE)
    try:
        yield
    finally:
        done.set()
        writer.result(PATIENCE)


def test_a_reader_does_not_wait_for_a_writer(app: Flask) -> None:
    with writing(app):
        assert names() == []
        assert db.session.scalars(select(Clinic)).all() == []
    assert names() == ["slow"]


def test_a_writer_does_not_wait_for_a_reader(app: Flask) -> None:
    assert db.session.scalars(select(Role)).all() == []
    elsewhere(app, lambda: add_role("a"))
    assert names() == ["a"]


def test_writers_queue_and_both_get_their_turn(app: Flask) -> None:
    with writing(app):
        second = start(app, lambda: add_role("second"))
        threading.Event().wait(0.2)
    second.result(PATIENCE)
    assert names() == ["slow", "second"]


@ONLY_SQLITE
def test_sqlite_keeps_what_was_promised_through_a_power_cut(app: Flask) -> None:
    with db.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert "busy_timeout=10000" in PRAGMAS


@ONLY_SQLITE
def test_sqlite_takes_the_write_lock_at_the_beginning_of_a_use_case_and_never_for_a_page(
    app: Flask,
) -> None:
    begun: list[str] = []
    with db.engine.connect() as connection:
        connection.connection.dbapi_connection.set_trace_callback(begun.append)  # type: ignore[union-attr]
    given.every(Role)
    assert "BEGIN" in begun
    assert "BEGIN IMMEDIATE" not in begun
    add_role("a")
    assert "BEGIN IMMEDIATE" in begun


def test_what_the_accounts_library_writes_waits_for_its_turn_instead_of_failing(app: Flask) -> None:
    add_role("a")
    role = db.session.scalars(select(Role)).one()
    elsewhere(app, lambda: add_role("b"))
    role.name = "changed"
    db.session.flush()
    db.session.add(Role(name="c"))
    db.session.commit()
    assert sorted(names()) == ["b", "c", "changed"]
