"""The shape of the database: every step up and down, with and without rows, on both systems."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import given
import pytest
from sqlalchemy import Engine, create_engine, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from tipline import schema, settings
from tipline.db import prepare_sqlite
from tipline.models import Base, Office, Tip

OURS = set(Base.metadata.tables)
VERSIONS = {"alembic_version"}
NEIGHBOUR = {"parent_id": 1, "path": "/1/2/", "name": "x", "department": "health", "division": ""}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[str]:
    """A database with nothing in it at all, on both systems in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'tipline.sqlite3'}"
        return
    name, server = f"tipline_schema_{worker_id}", make_url(os.environ["TEST_DATABASE_URL"])
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def engine(url: str) -> Engine:
    """The database, opened as the product opens it."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    return engine


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def offices(engine: Engine) -> list[tuple[int, str, str]]:
    with engine.connect() as connection:
        found = select(Office.id, Office.path, Office.department).order_by(Office.id)
        return [tuple(row) for row in connection.execute(found)]


def test_the_steps_are_numbered_one_after_the_other_and_lead_to_one_head() -> None:
    revisions = [step.revision for step in schema.steps().walk_revisions()][::-1]
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]
    assert schema.steps().get_heads() == revisions[-1:]
    files = sorted(path.name for path in schema.FOLDER.glob("*.py"))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in files)
    assert [name[:4] for name in files] == revisions


def test_upgrade_gives_exactly_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert not schema.at_head(connection)
    schema.upgrade(engine)
    assert schema.differences(engine) == []
    assert tables(engine) == OURS | VERSIONS
    with engine.connect() as connection:
        assert schema.at_head(connection)


def test_every_step_can_be_taken_down_and_up_again(engine: Engine) -> None:
    schema.upgrade(engine)
    for step in schema.steps().walk_revisions():
        before = tables(engine)
        schema.downgrade(engine, step.down_revision or "base")
        schema.upgrade(engine, step.revision)
        assert tables(engine) == before
        schema.downgrade(engine, step.down_revision or "base")
    assert tables(engine) == VERSIONS
    schema.upgrade(engine)
    assert schema.differences(engine) == []


def test_upgrade_changes_nothing_when_everything_is_done(engine: Engine) -> None:
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(insert(Office), NEIGHBOUR)
    schema.upgrade(engine)
    assert [office[0] for office in offices(engine)] == [1, 2]


def test_upgrade_makes_the_root_office_below_which_others_find_room(engine: Engine) -> None:
    schema.upgrade(engine)
    assert offices(engine) == [(1, "/1/", "health")]
    with engine.begin() as connection:
        assert connection.execute(insert(Office), NEIGHBOUR).inserted_primary_key[0] == 2


def test_a_database_in_use_can_be_taken_down_and_up_again(url: str, tmp_path: Path) -> None:
    chosen = settings.read({"TIPLINE_DATA": str(tmp_path), "TIPLINE_DATABASE_URL": url})
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    schema.upgrade(engine)
    with given.running(chosen, channels=[]):
        office, inspector = given.staff("triage_officer"), given.staff("inspector")
        tip = given.tip(contact=("sms", "+8613800138000"))
        given.answered(tip.id, office=office, inspector=inspector)
        given.office("440902")
        assert len(given.every(Tip)) == 1
    for step in schema.steps().walk_revisions():  # each with rows in it
        if step.down_revision in ("0012", None):
            break
        schema.downgrade(engine, step.down_revision)
        schema.upgrade(engine)
    schema.upgrade(engine)
    assert schema.differences(engine) == []
    schema.downgrade(engine, "base")
    assert tables(engine) == VERSIONS
    schema.upgrade(engine)
    assert offices(engine) == [(1, "/1/", "health")]
    with given.running(chosen, channels=[]):
        assert given.every(Tip) == []
        assert given.tip().id == 1


def test_a_step_that_fails_half_way_leaves_nothing_behind(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE visit (id INTEGER)"))
    with pytest.raises(DBAPIError):
        schema.upgrade(engine)
    assert tables(engine) - VERSIONS == {"visit"}
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE visit"))
    schema.upgrade(engine)
    assert schema.differences(engine) == []


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX ix_tip_triage",
        "CREATE TABLE stranger (id INTEGER)",
        "ALTER TABLE clinic ADD COLUMN owner VARCHAR",
        "ALTER TABLE clinic DROP COLUMN floor",
    ],
)
def test_differences_are_found_when_somebody_changed_the_database(
    engine: Engine, change: str
) -> None:
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text(change))
    assert len(schema.differences(engine)) == 1
