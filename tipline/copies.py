"""Copies of the database: to a file, from a file, to another system; consistent and complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.pool import NullPool

from tipline import schema
from tipline.db import prepare_sqlite
from tipline.domain.sending import OPEN, Sending, Why
from tipline.models import Base, Delivery, Inbound, Office, Staff, Tip

BATCH = 500


class NotEmpty(Exception):
    """The database that is to be filled holds tips or accounts already."""


class Damaged(Exception):
    """The file is no copy of ours, or its integrity check fails."""


def backup(source: Engine, file: Path) -> int:
    """Copy everything into one new file while the service runs; returns how many rows it has."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with _file_engine(unfinished) as target:
        rows = copy(source, target)
        _check(target)
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(unfinished, file)
    return rows


def restore(file: Path, target: Engine) -> int:
    """Fill an empty database from a backup; nothing that waited to be sent is sent by itself.

    A backup of an older shape is brought up to the newest one first, in a copy of its own.
    """
    if not file.is_file():
        raise Damaged(f"{file}: no such file")
    working = file.with_name(f".{file.name}.restoring")
    working.write_bytes(file.read_bytes())
    try:
        with _file_engine(working) as source:
            _check(source)
            schema.upgrade(source)
            rows = copy(source, target)
    finally:
        for left in file.parent.glob(f".{file.name}.restoring*"):
            left.unlink()
    _hold_what_waited(target)
    return rows


def copy(source: Engine, target: Engine) -> int:
    """Copy all rows of one database into an empty one: one snapshot, one transaction."""
    schema.upgrade(target)
    rows = 0
    with _snapshot(source) as read, _writing(target) as write:
        if any(write.scalar(select(model.id).limit(1)) for model in (Tip, Staff)):
            raise NotEmpty
        write.execute(Office.__table__.delete())  # type: ignore[attr-defined]
        for table in Base.metadata.sorted_tables:
            rows += _copy_table(table, read, write)
        _set_sequences(write)
    return rows


def _copy_table(table: Table, read: Connection, write: Connection) -> int:
    rows = 0
    found = read.execution_options(stream_results=True).execute(select(table))
    for batch in found.partitions(BATCH):
        write.execute(insert(table), [dict(row._mapping) for row in batch])
        rows += len(batch)
    return rows


def _set_sequences(write: Connection) -> None:
    """PostgreSQL counts on where the copied rows end."""
    if write.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        last = write.scalar(select(func.max(table.c.id)))
        write.execute(_setval(f"{table.name}_id_seq", last))
    received = (select(func.max(model.received_no)) for model in (Tip, Inbound))
    write.execute(_setval("received_no", max((write.scalar(query) or 0) for query in received)))


def _setval(sequence: str, last: int | None) -> Any:
    return select(func.setval(text(f"'{sequence}'"), last or 1, bool(last)))


def _hold_what_waited(target: Engine) -> None:
    """What was under way when the copy was made may have been sent since: a person decides."""
    held = {"state": Sending.DEAD, "why": Why.NOT_TAKEN, "reason": "restored from a backup"}
    with _writing(target) as write:
        write.execute(update(Delivery).where(Delivery.state.in_(OPEN)).values(**held))


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment, however long it reads."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**level) as connection, connection.begin():
        yield connection


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        writes = connection.execution_options(writes=True)
        with writes.begin():
            yield writes


@contextmanager
def _file_engine(file: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    prepare_sqlite(engine)
    try:
        yield engine
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
            connection.exec_driver_sql("BEGIN")
        engine.dispose()


def _check(engine: Engine) -> None:
    if not inspect(engine).has_table(Office.__tablename__):
        raise Damaged("this is no backup of ours")
    with engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        foreign = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if said != "ok" or foreign is not None:
        raise Damaged("the integrity check fails")
