"""Nothing that identifies a reporter, and no word of theirs, lies anywhere where it can be read."""

import io
import json
import logging
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from urllib.parse import quote

import browsing
import given
import pytest
from browsing import Browser
from flask import Flask
from loopback import HANGS_UP, Provider, listening
from sqlalchemy import text
from twilio.request_validator import RequestValidator

from tipline import clock, logs, worker
from tipline.db import db
from tipline.domain import receipts
from tipline.models import Delivery, Inbound, Message, Tip
from tipline.settings import Settings
from wsgi import channels_for

# Every canary of a kind begins alike, so that looking for the beginning finds all of them.
NAME, SENTENCE, CHAT = "欧阳金丝", "金丝雀唱道", "741930006"
AGENT, ADDRESS = "Kanarienvogel/7.1", "198.51.100.177"
PHONES = "13900138"
NEEDLES = {
    "name": NAME,
    "sentence": SENTENCE,
    "chat": CHAT,
    "browser": AGENT,
    "network address": ADDRESS,
    "phone": PHONES,
    "spaced phone": "139 0013 8",
    "dashed phone": "139-0013-8",
    "phone with country": f"+86{PHONES}",
    "phone with country, spaced": "+86 139 0013 8",
}
PLACE = "人民路 99 号"  # in clear on purpose: where the search must find something
TOKEN, ACCOUNT, SECRET = "auth-token-of-ours", "AC" + "1" * 32, "s" * 32
HOOKS = {"sms": "/hooks/twilio/sms", "telegram": "/hooks/telegram"}


def ways(needle: str) -> dict[str, bytes]:
    """The ways in which a text could lie about, beside sealed."""
    plain = needle.encode()
    wide = needle.encode("utf-16-le")
    found = {
        "utf-8": plain,
        "utf-16-le": wide,
        "utf-16-be": needle.encode("utf-16-be"),
        "gb18030": needle.encode("gb18030"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "json": json.dumps(needle).strip('"').encode(),
        "url": quote(needle).encode(),
    }
    for shift in range(3):
        # The first and last signs also hold bits of the neighbours.
        coded = b64encode(b"\0" * shift + plain)[4 if shift else 0 :]
        found[f"base64 {shift}"] = coded.rstrip(b"=")[:-1]
    return found


def found_in(hay: bytes, needle: str) -> list[str]:
    """The ways in which this text is found in there."""
    return [way for way, coded in ways(needle).items() if coded in hay]


@pytest.mark.parametrize("needle", [NAME, PHONES, CHAT])
def test_the_search_finds_a_text_in_every_way_that_it_could_lie_about(needle: str) -> None:
    plain = f"字{needle}001".encode()
    spots = [plain, plain.hex().encode(), plain.hex().upper().encode(), quote(plain).encode()]
    spots += [b64encode(b"x" * shift + plain) for shift in range(3)]
    spots += [f"字{needle}".encode(code) for code in ("utf-16-le", "utf-16-be", "gb18030")]
    spots += [json.dumps(f"字{needle}").encode()]
    assert all(found_in(spot, needle) for spot in spots)
    assert {way for spot in spots for way in found_in(spot, needle)} == set(ways(needle))
    assert found_in(b"nothing at all", needle) == []


@dataclass
class World:
    """The application with both providers, and everything that it has written to its log."""

    app: Flask
    providers: dict[str, Provider]
    log: io.StringIO
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    codes: list[str] = field(default_factory=list)

    def hay(self, folder: Path) -> dict[str, bytes]:
        """All that anybody could search: files, rows and logs."""
        files = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        rows = {f"table {name}": flat(rows) for name, rows in given.everything().items()}
        return files | rows | {"log": self.log.getvalue().encode()}


def flat(rows: list[tuple[object, ...]]) -> bytes:
    """All values of these rows, as they are."""
    values = (value for row in rows for value in row)
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values)


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """What the product writes to its log at the most talkative level."""
    root, stream, former = logging.getLogger(), io.StringIO(), sys.stderr
    handlers, root.handlers, sys.stderr = root.handlers, [], stream
    logs.configure("DEBUG")
    root.handlers, sys.stderr = root.handlers + handlers, former
    try:
        yield stream
    finally:
        root.handlers = handlers
        logs.configure("INFO")


@pytest.fixture
def world(chosen: Settings) -> Iterator[World]:
    with listening() as sms, listening() as chat, logged() as log:
        connected = replace(
            chosen,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_from="+8610690000000",
            twilio_base_url=sms.url,
            telegram_token="123456:" + "a" * 30,
            telegram_secret=SECRET,
            telegram_base_url=chat.url,
        )
        with given.running(connected, channels=channels_for(connected)) as app:
            yield World(app, {"sms": sms, "telegram": chat}, log)


# What people do


def canaries(number: int) -> dict[str, str]:
    return {
        "phone": f"{PHONES}{number:03d}",
        "name": f"{NAME}{number:03d}",
        "sentence": f"{SENTENCE}{number:03d}：我叫{NAME}{number:03d}，电话{PHONES}{number:03d}",
        "chat": f"{CHAT}{number:03d}",
    }


def visitor(world: World) -> Browser:
    """Somebody whose browser and network can be recognised."""
    browser = Browser(world.app)
    browser.client.environ_base |= {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": AGENT}
    return browser


def by_web(world: World) -> None:
    """A report on the page, looked at with its code, and added to."""
    told, browser = canaries(next(world.numbers)), visitor(world)
    receipt = browsing.reported(
        browser,
        address=PLACE,
        facts=told["sentence"],
        who=told["name"],
        when=told["sentence"],
        landmark=told["name"],
        contact_channel="sms",
        contact_address=told["phone"],
    )
    world.codes.append(code := receipt.marks["data-receipt-code"])
    form = {"receipt_code": code, "go": "add", "body": told["sentence"]}
    assert browser.post("/status", form).status_code == 200


def by_sms(world: World, body: str = "", *, signed: bool = True) -> int:
    told = canaries(number := next(world.numbers))
    form = {
        "MessageSid": f"SM{number:032d}",
        "AccountSid": ACCOUNT,
        "From": f"+86{told['phone']}",
        "Body": body or told["sentence"],
        "FromCity": told["name"],
    }
    url = world.app.extensions["tipline"].settings.public_url + HOOKS["sms"]
    signature = RequestValidator(TOKEN if signed else "foreign").compute_signature(url, form)
    headers = {"X-Twilio-Signature": signature}
    return (
        Browser(world.app).open(HOOKS["sms"], method="POST", data=form, headers=headers).status_code
    )


def by_chat(world: World, **wrong: object) -> int:
    told = canaries(number := next(world.numbers))
    person = {"id": int(told["chat"]), "is_bot": False, "first_name": told["name"]}
    message = {
        "message_id": number,
        "date": 0,
        "chat": {"id": int(told["chat"]), "type": "private", "username": told["name"]},
        "from": person | {"username": told["name"]},
        "text": told["sentence"],
    }
    update = {"update_id": number, "message": message} | wrong
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    answer = Browser(world.app).open(HOOKS["telegram"], method="POST", json=update, headers=headers)
    return answer.status_code


def work(world: World) -> None:
    """The worker, until there is nothing to do for now."""
    db.session.rollback()
    while worker.tick(clock.now()):
        db.session.rollback()


def at_the_desk(world: World, tip_id: int) -> None:
    """A tip read, asked about, accepted, claimed, concluded and answered, all on pages."""
    desk, field_ = Browser(world.app).sign_in("desk"), Browser(world.app).sign_in("field")
    told, case = canaries(tip_id), f"/field/cases/{given.case_of(tip_id).id}"
    page = f"/desk/tips/{tip_id}"
    assert SENTENCE in desk.post(f"{page}/words").get_data(as_text=True)
    desk.post(f"{page}/ask", {"body": f"{told['name']}，几楼？"})
    desk.post(f"{page}/accept", {"brief": "夜间输液", "division": "440902", "address": PLACE})
    field_.post(f"{case}/claim")
    field_.post(f"{case}/visit", {"kind": "open", "other": given.partner()})
    field_.post(f"{case}/finding", {"finding": "substantiated"})
    field_.post(f"{case}/conclude")
    desk.post(f"{page}/answer", {"answer": f"{told['name']}，已查实。", "go": "sure"})
    for path in ("/desk/", page, "/desk/journal", "/desk/undelivered", "/field/"):
        desk.get(path)
    clinic = f"/clinics/{given.case_of(tip_id).clinic_id}"
    asked = [desk.post("/desk/search", {"q": word}) for word in (SENTENCE, NAME, "输液")]
    seen = [desk.get(path) for path in (clinic, "/desk/?lane=slow", "/desk/?channel=web", case)]
    seen += [field_.get(path) for path in (clinic, case, "/field/")]
    for answer in (*asked[2:], *seen):
        assert [n for n in NEEDLES.values() if n in answer.get_data(as_text=True)] == []
    for answer in asked[:2]:
        assert "没有找到" in answer.get_data(as_text=True)


def what_goes_wrong(world: World) -> None:
    """Errors on every side, each with canaries in hand."""
    told, browser = canaries(999), visitor(world)
    stale = {"csrf_token": "stale", "facts": told["sentence"], "who": told["name"]}
    assert browser.post("/report", stale).status_code == 400
    assert browser.post("/report", {"facts": SENTENCE * 140_000}).status_code == 413
    assert browser.post("/status", {"receipt_code": told["phone"]}).status_code == 404
    assert browser.post("/login", {"username": told["name"]}).status_code == 200
    assert by_sms(world, signed=False) == 403
    assert by_chat(world, message={"text": told["sentence"]}) == 200


def when_the_database_breaks(world: World, tip_id: int) -> None:
    """A table is gone in the middle of the work, and comes back."""
    told, browser = canaries(998), visitor(world)
    desk = Browser(world.app).sign_in("desk")
    check = browsing.checked(browser, facts=told["sentence"], who=told["name"])
    rename("journal", "gone")
    assert browser.post("/report", check.fields | {"go": "send"}).status_code == 500
    form = {"receipt_code": world.codes[0], "go": "add", "body": told["sentence"]}
    assert browser.post("/status", form).status_code == 500
    assert desk.post(f"/desk/tips/{tip_id}/words").status_code == 500
    assert by_sms(world) == by_chat(world) == 200
    db.session.rollback()
    worker.tick(clock.now())
    rename("gone", "journal")


def rename(table: str, to: str) -> None:
    db.session.rollback()
    with db.engine.connect().execution_options(writes=True) as connection:
        connection.execute(text(f'ALTER TABLE "{table}" RENAME TO "{to}"'))
        connection.commit()


def when_the_providers_fail(world: World) -> None:
    """Providers that refuse while they name whom they refuse, hang up, or answer in riddles."""
    told = canaries(997)
    said = f"{told['sentence']} +86{told['phone']} {told['chat']}"
    for answer in (
        (400, {"code": 21610, "message": said, "ok": False, "description": said}),
        (500, said),
        (200, said),
        HANGS_UP,
    ):
        for provider in world.providers.values():
            provider.answer = answer
        assert by_sms(world) == by_chat(world) == 200
        work(world)


def all_goes_well(world: World) -> None:
    world.providers["sms"].answer = 201, {"sid": "SM" + "9" * 32, "status": "queued"}
    chat = {"id": 1, "type": "private"}
    sent = {"message_id": 1, "date": 0, "chat": chat}
    world.providers["telegram"].answer = 200, {"ok": True, "result": sent}


def live(world: World) -> None:
    """A hundred reports, the work on some of them, and everything that can go wrong."""
    given.staff("operator", "triage_officer", "supervisor", "auditor", username="desk")
    given.staff("inspector", username="field")
    all_goes_well(world)
    for _ in range(20):
        by_web(world)
    for _ in range(40):
        assert by_sms(world) == by_chat(world) == 200
    work(world)
    tips = given.every(Tip)
    for tip in (tips[0], tips[40], tips[80]):
        at_the_desk(world, tip.id)
    assert by_sms(world, "查询码") == 200
    work(world)
    what_goes_wrong(world)
    when_the_database_breaks(world, tips[0].id)
    when_the_providers_fail(world)


def test_nothing_of_a_hundred_reporters_is_found_wherever_one_looks(
    world: World, tmp_path: Path
) -> None:
    live(world)
    assert len(given.every(Tip)) >= 100
    assert {each.state for each in given.every(Delivery)} >= {"accepted", "failed", "ambiguous"}
    assert len(given.every(Inbound)) >= 66
    assert {each.kind for each in given.every(Message)} == {"addition", "question", "answer"}
    hay = world.hay(tmp_path)
    assert "request_failed" in world.log.getvalue()
    assert "row_failed" in world.log.getvalue()
    assert any(found_in(part, PLACE) for name, part in hay.items() if name.startswith("table"))
    for code in world.codes:
        spots = [name for name, part in hay.items() if code.encode() in part]
        assert spots + [n for n, p in hay.items() if receipts.grouped(code).encode() in p] == []
    found = [
        f"{what} in {place} as {way}"
        for place, part in hay.items()
        for what, needle in NEEDLES.items()
        for way in found_in(part, needle)
    ]
    assert found == []


def test_the_search_sees_what_lies_in_the_files_of_the_database(
    world: World, tmp_path: Path
) -> None:
    given.tip(address=SENTENCE)
    hay = world.hay(tmp_path)
    spots = [name for name, part in hay.items() if found_in(part, SENTENCE)]
    files = {"tipline.sqlite3-wal"} if db.engine.dialect.name == "sqlite" else set()
    assert set(spots) == {"table tip", "table clinic"} | files
