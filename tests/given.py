"""States to begin a test in, built through the use cases; and the fakes at the process edge."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select
from werkzeug.routing import Rule

from bots import dialogue
from tipline.channels import (
    CannotReach,
    Channel,
    Choice,
    Heard,
    Knock,
    NotFromProvider,
    Status,
    TryLater,
    Unclear,
)
from tipline.db import db
from tipline.domain.actors import Actor
from tipline.models import Base, Case, Staff, Tip
from tipline.policy import Policy, keeper, load
from tipline.runtime import runtime
from tipline.services import answers, casework, inbox, intake, measures, triage, visits
from tipline.services import staff as accounts
from tipline.services.intake import Receipt, Statement
from tipline.services.measures import Imposed
from tipline.services.triage import Assessment
from tipline.services.visits import Seen
from tipline.settings import Settings
from tipline.vault import sealing
from tipline.web import create_app
from tipline.web.access import actor_of

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in Shanghai
PASSWORD = "correct horse battery"
ROOT_OFFICE = 1
Model = TypeVar("Model", bound=Any)
TEMPLATES = tempfile.TemporaryDirectory(prefix="tipline-templates-")
COMPILED = FileSystemBytecodeCache(TEMPLATES.name)
BUILDERS: dict[tuple[object, ...], Any] = {}
POLICIES: dict[tuple[object, ...], Policy] = {}


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    """The code that writes an address depends on nothing but this; compiled once, not once a test.

    Compiling them was four fifths of the time in which an application is put together.
    """
    key = (*rule._trace, repr(rule.defaults), append_unknown)
    if key not in BUILDERS:
        BUILDERS[key] = COMPILE(rule, append_unknown)
    return BUILDERS[key]


def _load(folder: Path | None = None) -> Policy:
    """A policy never changes while its files do not; read once a run, not once a test."""
    mark = (folder, keeper._fingerprint(folder))
    if mark not in POLICIES:
        POLICIES[mark] = load(folder)
    return POLICIES[mark]


keeper.load = _load  # type: ignore[attr-defined]
COMPILE, Rule._compile_builder = Rule._compile_builder, _builder  # type: ignore[method-assign]


@dataclass
class Collecting:
    """A channel that keeps what it is told to send; `fails` is raised instead when set."""

    name: str
    provider: str = ""
    sent: list[tuple[str, str]] = field(default_factory=list)
    offered: list[tuple[Choice, ...]] = field(default_factory=list)
    fails: CannotReach | TryLater | Unclear | None = None

    def __post_init__(self) -> None:
        self.provider = self.provider or self.name

    @property
    def buttons(self) -> bool:
        """As in chats."""
        return self.name == "telegram"

    def hear(self, knock: Knock) -> Heard | None:
        """Nobody calls this one's webhook."""
        raise NotFromProvider

    def hear_status(self, knock: Knock) -> Status | None:
        """Nobody reports to this one."""
        raise NotFromProvider

    def speak(
        self, address: str, text: str, choices: Sequence[Choice] = (), reference: str = ""
    ) -> str:
        """Keep the message."""
        if self.fails is not None:
            raise self.fails
        self.sent.append((address, text))
        self.offered.append(tuple(choices))
        return f"{self.name}-{len(self.sent)}"


@contextmanager
def running(chosen: Settings, *, channels: Iterable[Channel]) -> Iterator[Flask]:
    """The application with these settings and channels, inside its context."""
    app = create_app(chosen, channels=channels, dialogue=dialogue.converse)
    # The same password hash with less work: tests make many accounts.
    less = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
    app.extensions["security"].pwd_context.update(**{f"argon2__{k}": v for k, v in less.items()})
    app.jinja_env.bytecode_cache = COMPILED  # each template is compiled once, not once a test
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def casework_policy(**changed: Any) -> Iterator[None]:
    """The policy in force with some of its figures for casework changed, as long as this lasts."""
    keeper = runtime().keeper
    was = keeper.current()
    keeper._policy = replace(was, casework=replace(was.casework, **changed))
    try:
        yield
    finally:
        keeper._policy = was


def statement(**given: object) -> Statement:
    """What a reporter says on the web page, unless said otherwise."""
    usual: dict[str, object] = {
        "channel": "web",
        "locale": "zh",
        "code": sealing.mint_code(),
        "category": "unlicensed_clinic",
        "division": "440902",
        "address": "官山一路 11 号 401",
        "words": {"facts": "晚上有人给人打吊针，墙上没有执照。"},
    }
    return Statement(**(usual | given))  # type: ignore[arg-type]


def receipt(*, now: datetime = NOW, **said: object) -> Receipt:
    """A tip that was just received."""
    return intake.receive(intake.seal(statement(**said)), now=now)


def tip(*, now: datetime = NOW, **said: object) -> Tip:
    """The record of a tip that was just received."""
    return reread(receipt(now=now, **said).tip_id)


def reread(tip_id: int) -> Tip:
    """The tip as it stands in the database now."""
    fresh()
    return db.session.get_one(Tip, tip_id)


def case_of(tip_id: int) -> Case:
    """The home case of the tip as it stands now."""
    return reread(tip_id).case


def message(channel: str, sender: str, text: str, *, id: str, now: datetime = NOW) -> None:
    """A message that came in on a channel and was understood."""
    inbox.keep(channel, Heard(id, sender, text), now=now)
    for inbound_id in inbox.waiting(now=now):
        inbox.understand(inbound_id, now=now)


def staff(*roles: str, username: str = "", office_id: int = ROOT_OFFICE) -> Actor:
    """Somebody who works here, with these roles."""
    username = username or "".join(roles).replace("_", "")[:32]
    accounts.add(
        username,
        name=username,
        password=PASSWORD,
        roles=roles,
        office_id=office_id,
        by="test",
        now=NOW,
    )
    db.session.rollback()
    return actor_of(db.session.scalars(select(Staff).where(Staff.username == username)).one())


def office(division: str, *, parent_id: int = ROOT_OFFICE, department: str = "health") -> int:
    """An office for an area, below another one."""
    return accounts.add_office(
        f"{division}局",
        parent_id=parent_id,
        department=department,
        division=division,
        by="test",
        now=NOW,
    )


def fresh() -> None:
    """Forget what was read before, so that the next look sees what was committed since."""
    db.session.rollback()
    db.session.expire_all()


def every(model: type[Model]) -> list[Model]:
    """All records of a kind as they stand now, in order."""
    fresh()
    return list(db.session.scalars(select(model).order_by(model.id)).unique())


def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables as they stand now."""
    fresh()
    return {
        table.name: [
            tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))
        ]
        for table in Base.metadata.sorted_tables
    }


def assessed(**given: object) -> Assessment:
    """What triage makes of the usual case."""
    usual: dict[str, object] = {
        "brief": "出租屋内夜间输液，无牌照。",
        "priority": 2,
        "category": "unlicensed_clinic",
        "division": "440902",
        "address": "官山一路 11 号 401",
    }
    return Assessment(**(usual | given))  # type: ignore[arg-type]


def accepted(tip_id: int, *, by: Actor, now: datetime = NOW, **given: object) -> Case:
    """A tip whose case lies in the pool."""
    triage.accept(tip_id, by=by, assessed=assessed(**given), now=now)
    return case_of(tip_id)


def claimed(tip_id: int, *, office: Actor, inspector: Actor, now: datetime = NOW) -> Case:
    """A tip whose case this inspector has claimed."""
    case = accepted(tip_id, by=office, now=now)
    casework.claim(case.id, by=inspector, now=now)
    return case_of(tip_id)


def partner() -> int:
    """A second inspector, whom every visit takes."""
    name = "partner"
    found = db.session.scalars(select(Staff).where(Staff.username == name)).first()
    return found.id if found else staff("inspector", username=name).id


def visit(case_id: int, *, by: Actor, kind: str = "open", now: datetime = NOW, **told: Any) -> None:
    """A visit by two."""
    usual: dict[str, Any] = {"at": now, "others": (partner(),)}
    visits.record(case_id, by=by, seen=Seen(kind=kind, **(usual | told)), now=now)


def measure(case_id: int, *, by: Actor, now: datetime = NOW, **imposed: Any) -> None:
    """A measure on the spot."""
    measures.record(case_id, by=by, imposed=Imposed(**imposed), now=now)


def concluded(
    tip_id: int,
    *,
    office: Actor,
    inspector: Actor,
    finding: str = "substantiated",
    now: datetime = NOW,
) -> Case:
    """A tip whose case is concluded and whose answer is due."""
    case = claimed(tip_id, office=office, inspector=inspector, now=now)
    visit(case.id, by=inspector, now=now)
    casework.record_finding(case.id, by=inspector, finding=finding, note="", now=now)
    casework.conclude(case.id, by=inspector, now=now)
    return case_of(tip_id)


def answered(tip_id: int, *, office: Actor, inspector: Actor, body: str = "已查实。") -> Case:
    """A tip that was answered, and whose case is closed with it."""
    concluded(tip_id, office=office, inspector=inspector)
    answers.release(tip_id, by=office, body=body, now=NOW + timedelta(days=1))
    return case_of(tip_id)


def fined(tip_id: int, *, office: Actor, inspector: Actor, now: datetime = NOW) -> Case:
    """A tip whose case was filed and ended with a fine, and whose reporter was answered."""
    case = claimed(tip_id, office=office, inspector=inspector, now=now)
    casework.file(case.id, by=inspector, now=now)
    visit(case.id, by=inspector, now=now)
    measure(case.id, by=inspector, kind="fine", amount_fen=5_150_000, now=now)
    casework.record_finding(case.id, by=inspector, finding="substantiated", note="", now=now)
    casework.conclude(case.id, by=inspector, now=now)
    answers.release(tip_id, by=office, body="已查实。", now=now)
    return case_of(tip_id)
