"""The database: one engine, one way to write (a use case) and the only commit of the code base."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, make_transient_to_detached

from tipline.models import Base

P = ParamSpec("P")
R = TypeVar("R")

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "secure_delete=ON",
    "temp_store=MEMORY",
)

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
POOL = {"pool_size": 10, "max_overflow": 60}  # the senders of a worker, and its errands
_turn = threading.Lock()
_writing: ContextVar[Session | None] = ContextVar("writing", default=None)


class NestedUseCase(Exception):
    """A use case called another one; what two share is a step, a function without the decorator."""


def session() -> Session:
    """The transaction this code runs in: the use case's, else the one the page reads with."""
    return _writing.get() or db.session()


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """One function, one transaction: commits on return, rolls back on any exception.

    A race that a constraint decided against us is run once more, and then sees the winner.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _writing.get() is not None:
            raise NestedUseCase(function.__name__)
        db.session.rollback()
        try:
            return _in_one_transaction(function, *args, **kwargs)
        except IntegrityError:
            return _in_one_transaction(function, *args, **kwargs)

    return run


def _in_one_transaction(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """On SQLite the threads of a process take turns: its own queue lets some of them starve."""
    turn = _turn if db.engine.dialect.name == "sqlite" else nullcontext()
    with turn, Session(db.engine, expire_on_commit=False) as fresh:
        fresh.connection(execution_options={"writes": True})
        token = _writing.set(fresh)
        try:
            result = function(*args, **kwargs)
            fresh.commit()
            return result
        finally:
            _writing.reset(token)


def write_down(record: R) -> R:
    """Insert a new record at once, without the bookkeeping of a flush, which costs four times more.

    For what is written with every tip. The record has its id then, and is as good as loaded; what
    was not set is read when it is asked for. Related records are named by their ids.
    """
    session().flush()
    table = inspect(type(record)).local_table
    row = {name: value for name, value in vars(record).items() if name in table.columns}
    key = session().connection().execute(insert(table), row).inserted_primary_key
    record.id = key[0]  # type: ignore[attr-defined, index]
    make_transient_to_detached(record)
    session().add(record)
    return record


def insert_once(model: type[Base], row: dict[str, Any]) -> None:
    """Insert a row; nothing happens where such a row is there already."""
    connection, table = session().connection(), inspect(model).local_table
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), row)


def init(app: Flask, *, url: str) -> None:
    """Bind the application to its database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # Error messages of the database would otherwise carry what somebody typed into the log.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True, **POOL}
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)


def prepare_sqlite(engine: Engine) -> None:
    """Durable commits; writers queue at BEGIN IMMEDIATE, readers never wait for them."""
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, record: object) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@event.listens_for(db.session, "before_flush")
def _wait_to_write(reading: Session, *_: object) -> None:
    """What the accounts library writes for itself waits for its turn like a use case.

    On SQLite a transaction that began by reading is refused at once when another one wrote since.
    """
    turn, connection = reading.get_transaction(), reading.connection()
    if connection.dialect.name == "sqlite" and reading.info.get("turn") is not turn:
        reading.info["turn"] = turn
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
