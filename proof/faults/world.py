"""A small world for the faults: the product, its provider on loopback, and a clock of its own."""

import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

import given  # noqa: E402
from providers import TextProvider, listening  # noqa: E402
from sqlalchemy import create_engine, func, select, text  # noqa: E402
from sqlalchemy.engine import make_url  # noqa: E402
from sqlalchemy.pool import NullPool  # noqa: E402

from bots import gateway, sms, telegram  # noqa: E402
from tipline import logs, schema, settings  # noqa: E402
from tipline.db import db, prepare_sqlite  # noqa: E402
from tipline.domain.sending import OPEN  # noqa: E402
from tipline.models import Delivery  # noqa: E402
from tipline.services import delivery  # noqa: E402
from tipline.settings import Settings  # noqa: E402

ACCOUNT = "AC" + "1" * 32
OURS = "+8610690000000"
SERVER = "FAULTS_SERVER_URL"
CHAT_SECRET = "s" * 32
CHAT = {"TIPLINE_TELEGRAM_TOKEN": "1:" + "a" * 30, "TIPLINE_TELEGRAM_SECRET": CHAT_SECRET}
STEP = timedelta(seconds=5)
# As the packaged policy, with room for a stress test: neither pace nor budget is in question.
OUTBOX = """
effective_from: 2026-01-01
quiet_hours: {begins: "21:00", ends: "08:00", channels: [sms]}
can_wait: [news, question]
beyond_budget: [news, question]
replies: {most: 15, minutes: 10}
patience_hours: PATIENCE
breaker: {failures: FAILURES, minutes: 10}
segments: {a_message: 2, a_day: A_DAY}
paces: [{id: other, per_second: 500}]
"""
GATEWAY = """
id: gateway
url: "URL/gateway"
fields: {mobile: "{address}", content: "{text}", ext: "{reference}"}
success: {field: code, values: ["0"]}
id_field: id
never: {opted_out: ["21610"]}
"""


@dataclass
class World:
    """The product with its providers, and the time of the story."""

    provider: TextProvider
    second: TextProvider
    now: datetime = given.NOW

    def owe(self, number: int) -> None:
        """A reporter who is owed a reply."""
        contact = ("sms", f"+86138{number:08d}")
        given.tip(channel="sms", contact=contact, now=self.now)

    def deliver(self) -> None:
        """What the worker's outbox does at this moment."""
        while taken := delivery.lease(now=self.now):
            for each in taken:
                delivery.send(each, now=self.now)

    def until(self, end: datetime, step: timedelta = STEP) -> None:
        """Deliver whatever is due, and let time pass in between."""
        while self.now < end:
            self.deliver()
            self.now = min(end, max(self._next_due() or end, self.now + step))
        self.deliver()

    def rows(self) -> list[Delivery]:
        """The outbox as it stands."""
        return given.every(Delivery)

    @staticmethod
    def _next_due() -> datetime | None:
        given.fresh()
        return db.session.scalar(select(func.min(Delivery.due_at)).where(Delivery.state.in_(OPEN)))


@dataclass(frozen=True, kw_only=True)
class How:
    """`plain`: a gateway that cannot be asked, instead of Twilio; `both`: a gateway behind it.

    `chat`: a bot as well; `a_day`: the budget of segments; `senders`: how many send at once.
    """

    patience: int = 24
    failures: int = 5
    plain: bool = False
    both: bool = False
    chat: bool = False
    a_day: int = 1_000_000
    senders: int = 8


def prepare(folder: Path, how: How, *, url: str, other: str = "") -> Settings:
    """Settings and an empty database."""
    policy = folder / "policy"
    policy.mkdir()
    rules = OUTBOX.replace("PATIENCE", str(how.patience)).replace("FAILURES", str(how.failures))
    rules = rules.replace("A_DAY", str(how.a_day))
    (policy / "outbox.yaml").write_text(rules)
    (folder / "gateway.yaml").write_text(GATEWAY.replace("URL", other if how.both else url))
    twilio = {
        "TIPLINE_TWILIO_ACCOUNT_SID": ACCOUNT,
        "TIPLINE_TWILIO_AUTH_TOKEN": "t" * 32,
        "TIPLINE_TWILIO_FROM": OURS,
        "TIPLINE_TWILIO_BASE_URL": url,
    }
    second = {"TIPLINE_SMS_GATEWAYS": str(folder / "gateway.yaml")}
    chosen = settings.read(
        {
            "TIPLINE_DATA": str(folder),
            "TIPLINE_DATABASE_URL": _database(folder),
            "TIPLINE_POLICY": str(policy),
            "TIPLINE_SENDERS": str(how.senders),
            **(CHAT if how.chat else {}),
            **({} if how.plain else twilio),
            **(second if how.plain or how.both else {}),
        }
    )
    engine = create_engine(chosen.database_url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    schema.upgrade(engine)
    engine.dispose()
    return chosen


def _database(folder: Path) -> str:
    """A new SQLite file, or a new database on the server that SERVER names."""
    server = os.environ.get(SERVER)
    if not server:
        return f"sqlite:///{folder / 'tipline.sqlite3'}"
    name = f"faults_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def running(chosen: Settings):  # type: ignore[no-untyped-def]
    """The product with these channels."""
    found = [each.configured(chosen) for each in (sms, gateway, telegram)]
    return given.running(chosen, channels=[channel for some in found for channel in some])


@contextmanager
def world(how: How = How()) -> Iterator[World]:
    """A fresh world in a folder of its own."""
    logs.configure("CRITICAL")
    made = World(TextProvider(), TextProvider())
    made.provider.now = made.second.now = lambda: made.now
    with (
        tempfile.TemporaryDirectory(prefix="tipline-faults-") as folder,
        listening(made.provider),
        listening(made.second),
    ):
        chosen = prepare(Path(folder), how, url=made.provider.url, other=made.second.url)
        with running(chosen):
            yield made


def kill(pid: int) -> None:
    """SIGKILL, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
