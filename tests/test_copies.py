"""Copies: complete, consistent, checked; a restored system sends nothing by itself."""

from pathlib import Path

import given
import pytest
from crowd import elsewhere
from flask import Flask
from sqlalchemy import Engine, create_engine, event, insert, select
from sqlalchemy.pool import NullPool

from tipline import copies, schema
from tipline.copies import Damaged, NotEmpty
from tipline.db import db, prepare_sqlite
from tipline.models import Base, Delivery, Tip
from tipline.queries.status import by_code
from tipline.services import feedback
from tipline.vault import sealing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.sqlite3"


@pytest.fixture
def code(app: Flask) -> str:
    """The code of one of several tips, each in a state of its own."""
    code = sealing.mint_code()
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    given.tip(contact=("sms", "+8613800138000"))
    given.accepted(given.tip().id, by=office)
    answered = given.tip(code=code, contact=("sms", "+8613800138001"))
    given.fined(answered.id, office=office, inspector=inspector)
    given.message("sms", "+8613800138002", "后街有人拔牙", id="SM1")
    return code


def another(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    prepare_sqlite(engine)
    return engine


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
        }


def empty(engine: Engine) -> None:
    """As on a new machine."""
    given.fresh()
    with engine.connect() as connection:
        writing = connection.execution_options(writes=True)
        with writing.begin():
            for table in reversed(Base.metadata.sorted_tables):
                writing.execute(table.delete())


def test_a_backup_holds_every_row(app: Flask, code: str, file: Path) -> None:
    before = rows(db.engine)
    assert copies.backup(db.engine, file) == sum(map(len, before.values()))
    assert rows(another(file)) == before
    assert [path.name for path in file.parent.glob(".backup*")] == []


def test_a_restored_system_has_it_all_and_sends_nothing_by_itself(
    app: Flask, code: str, file: Path
) -> None:
    before = rows(db.engine)
    copies.backup(db.engine, file)
    empty(db.engine)
    copies.restore(file, db.engine)
    after = rows(db.engine)
    assert {name for name in before if before[name] != after[name]} == {"delivery"}
    assert {each.state for each in given.every(Delivery)} == {"dead"}
    opened = by_code(code)
    assert opened is not None
    assert opened.answer == "已查实。"


def test_life_goes_on_after_a_restore(app: Flask, code: str, file: Path) -> None:
    copies.backup(db.engine, file)
    empty(db.engine)
    copies.restore(file, db.engine)
    numbers = [tip.received_no for tip in given.every(Tip)]
    new = given.tip()
    assert new.received_no > max(numbers)
    feedback.add(code, words="又开了", now=given.NOW)


def test_nothing_is_copied_over_what_is_there(app: Flask, code: str, file: Path) -> None:
    before = rows(db.engine)
    copies.backup(db.engine, file)
    with pytest.raises(NotEmpty):
        copies.restore(file, db.engine)
    assert rows(db.engine) == before


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00" + b"x" * 4096, b"PK\x03\x04"])
def test_what_is_no_backup_is_refused(app: Flask, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    before = rows(db.engine)
    with pytest.raises(Exception, match=r"(?i)integrity|not a database|malformed|no backup"):
        copies.restore(file, db.engine)
    assert rows(db.engine) == before
    with pytest.raises(Damaged):
        copies.restore(file.with_name("missing"), db.engine)


def test_a_copy_sees_one_moment_while_others_write(app: Flask, code: str, file: Path) -> None:
    written = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def write_once(*_: object) -> None:
        if not written:
            written.append(True)
            elsewhere(app, given.receipt)

    copies.backup(db.engine, file)
    event.remove(db.engine, "before_cursor_execute", write_once)
    copied, tips = rows(another(file)), len(given.every(Tip))
    assert len(copied["tip"]) in (tips - 1, tips)
    homes = {row[0] for row in copied["case_file"]}
    case_id = list(Tip.__table__.columns.keys()).index("case_id")
    assert {row[case_id] for row in copied["tip"]} <= homes


def test_sqlite_moves_to_another_system_whole(app: Flask, code: str, tmp_path: Path) -> None:
    target = another(tmp_path / "target.sqlite3")
    copies.copy(db.engine, target)
    assert rows(target) == rows(db.engine)
    assert schema.differences(target) == []
    with target.connect() as connection:
        connection.execution_options(writes=True)
        assert connection.execute(insert(Base.metadata.tables["role"]), {"name": "x"})
