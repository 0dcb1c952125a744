"""The shape of the database: numbered, reversible steps up to what the models say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from tipline.models import Base


class LostReference(Exception):
    """After a step rows of these tables would refer to nothing."""


FOLDER = Path(__file__).resolve().parents[1] / "migrations"


def steps() -> ScriptDirectory:
    """The numbered steps in migrations/."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("version_locations", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def upgrade(engine: Engine, to: str = "head") -> None:
    """Go up to a step, in one transaction."""
    _move(engine, to, lambda revision, context: steps()._upgrade_revs(to, revision))


def downgrade(engine: Engine, to: str) -> None:
    """Go back down to a step, or to `base`."""
    _move(engine, to, lambda revision, context: steps()._downgrade_revs(to, revision))


def differences(engine: Engine) -> list[Any]:
    """Where the database differs from the models; empty when it is as it should be."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def at_head(connection: Connection) -> bool:
    """Whether every step has been taken."""
    context = MigrationContext.configure(connection)
    return context.get_current_revision() == steps().get_current_head()


def _move(engine: Engine, to: str, plan: Any) -> None:
    with engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        environment = EnvironmentContext(Config(), steps(), fn=plan, destination_rev=to)
        with environment, _referred_to_later(connection):
            environment.configure(
                connection=connection, target_metadata=Base.metadata, render_as_batch=True
            )
            with connection.begin():
                environment.run_migrations()
                _ensure_referred_to(connection)


@contextmanager
def _referred_to_later(connection: Connection) -> Iterator[None]:
    """SQLite rebuilds a table by dropping it, which the rows that refer to it would forbid.

    The switch has no effect within a transaction, so it is thrown before and after.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    (was,) = raw.execute("PRAGMA foreign_keys").fetchone()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA foreign_keys={was}")


def _ensure_referred_to(connection: Connection) -> None:
    """Every row that refers to another one still finds it; the step is undone otherwise."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if lost:
            raise LostReference(sorted({str(row[0]) for row in lost}))
