"""One conversation of thirty lines, told by every voice at once, each webhook up to three times."""

import json
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import browsing
import given
import pytest
from browsing import Browser
from flask import Flask
from sqlalchemy import or_, select
from twilio.request_validator import RequestValidator

from bots.sms import Sms
from bots.telegram import SECRET_HEADER, Telegram
from tipline import clock, worker
from tipline.channels import Choice
from tipline.db import db
from tipline.domain import receipts
from tipline.models import Entry, Tip
from tipline.runtime import runtime
from tipline.settings import Settings
from tipline.vault import sealing

ACCOUNT, TOKEN, SECRET = "AC" + "1" * 32, "auth-token-of-ours", "s" * 32
PHONE, CHAT = "+8613800138000", 700000001
FACTS, PLACE, HOURS = "菜市场二楼有人给人拔牙，没有牌子", "人民路菜市场后面", "赶集那天"
LATER = [f"又看到第 {number} 次有人上去" for number in range(13)]
# What is told first, in the order of the shortest questionnaire; then the code; then what follows.
TOLD = [("facts", FACTS), ("address", PLACE), ("when", HOURS), ("wants_reply", "yes")]
AFTER = [line for words in LATER[:12] for line in (("add", words), ("look", ""))]
SCRIPT = [*TOLD, ("code", ""), *AFTER, ("add", LATER[12])]
SECONDS_A_STEP = 20
ANSWERED = (200, 201, 204)


class Outbox:
    """What one provider was told to send, in its order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.offered: list[Sequence[Choice]] = []

    def take(self, address: str, text: str, choices: Sequence[Choice]) -> str:
        self.sent.append((address, text))
        self.offered.append(choices)
        return f"sent-{len(self.sent)}"


@dataclass
class World:
    """The application, its clock, and who speaks to it."""

    app: Flask
    dice: random.Random
    sms: Outbox
    chat: Outbox
    now: datetime = given.NOW
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    delivered: list[Callable[[], int]] = field(default_factory=list)

    def deliver(self, bring: Callable[[], int]) -> None:
        """A webhook comes one to three times, and an old one now and then once more."""
        for _ in range(self.dice.randint(1, 3)):
            assert bring() in ANSWERED
        self.delivered.append(bring)
        assert self.dice.choice(self.delivered)() in ANSWERED
        self.settle()

    def settle(self) -> None:
        db.session.rollback()
        while worker.tick(self.now):
            db.session.rollback()


@pytest.fixture
def world(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[World]:
    """The product with the real hooks, and providers that only take."""
    connected = replace(
        chosen,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_from="+8610690000000",
        telegram_token="1:" + "a" * 30,
        telegram_secret=SECRET,
    )
    texts, chats, sms, chat = Outbox(), Outbox(), Sms(connected), Telegram(connected)
    for channel, outbox in ((sms, texts), (chat, chats)):
        monkeypatch.setattr(
            channel, "speak", lambda to, text, choices=(), _="", o=outbox: o.take(to, text, choices)
        )
    with given.running(connected, channels=[sms, chat]) as app:
        found = World(app, random.Random(request.node.callspec.params["seed"]), texts, chats)
        monkeypatch.setattr(clock, "now", lambda: found.now)
        yield found


class Voice:
    """Somebody who tells the thirty lines on one channel; every line is answered once."""

    code = ""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answers: dict[str, str] = {}

    def say(self, kind: str, text: str) -> None:
        getattr(self, kind, self.tell)(kind, text)

    def tell(self, kind: str, text: str) -> None:
        """One answer to the questionnaire."""
        raise NotImplementedError


class Messenger(Voice):
    """By messages: what is asked is answered, and what the script has no answer for is skipped."""

    outbox: Outbox

    def send(self, text: str) -> None:
        """One message, and its one reply."""
        before = len(self.outbox.sent)
        self.world.deliver(self.request(text))
        assert len(self.outbox.sent) == before + 1, self.outbox.sent[before:]

    def request(self, text: str) -> Callable[[], int]:
        raise NotImplementedError

    def tell(self, kind: str, text: str) -> None:
        while kind != "facts" and self.asks_for_another(kind):
            self.send("跳过")
        self.send("是" if text == "yes" else text)
        if kind == "wants_reply" and self.asks_for_another(""):
            self.send("跳过")

    def asks_for_another(self, kind: str) -> bool:
        """Whether a button says that something else is asked for than the script tells next."""
        choices = self.outbox.offered[-1]
        return bool(choices) and not choices[0].value.startswith(f"{kind}=")

    def add(self, kind: str, text: str) -> None:
        by_code = self.world.dice.random() < 0.5
        self.send(f"补充 {receipts.grouped(self.code)} {text}" if by_code else text)

    def look(self, kind: str, text: str) -> None:
        self.send(f"查 {self.code}")
        assert "正在办" in self.outbox.sent[-1][1]

    def ask_code(self, kind: str, text: str) -> None:
        self.send("查询码")
        self.code = receipts.code_in(self.outbox.sent[-1][1]) or ""

    def say(self, kind: str, text: str) -> None:
        super().say("ask_code" if kind == "code" else kind, text)


class Grandmother(Messenger):
    """A feature phone."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.outbox = world.sms

    def request(self, text: str) -> Callable[[], int]:
        sid = f"SM{next(self.world.ids)}"
        form = {"MessageSid": sid, "AccountSid": ACCOUNT, "From": PHONE, "Body": text}
        url = "http://tipline.test/hooks/twilio/sms"
        signed = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form)}
        return lambda: self.open("/hooks/twilio/sms", data=form, headers=signed)

    def open(self, path: str, **sent: Any) -> int:
        return Browser(self.world.app).open(path, method="POST", **sent).status_code


class Student(Messenger):
    """A chat."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.outbox = world.chat

    def request(self, text: str) -> Callable[[], int]:
        number = next(self.world.ids)
        person = {"id": CHAT, "is_bot": False, "first_name": "A", "language_code": "zh-hans"}
        chat = {"id": CHAT, "type": "private"}
        message = {"message_id": number, "date": 0, "chat": chat, "from": person, "text": text}
        body = json.dumps({"update_id": number, "message": message})
        headers = {SECRET_HEADER: SECRET}
        browser = Browser(self.world.app)
        return lambda: (
            browser.open("/hooks/telegram", method="POST", data=body, headers=headers).status_code
        )


class Neighbour(Voice):
    """A browser: the pages are filled in, and sent at the end."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.browser = Browser(world.app)

    def tell(self, kind: str, text: str) -> None:
        self.answers[kind] = text
        if kind == TOLD[-1][0]:
            empty = dict.fromkeys((*browsing.USUAL, "wants_reward"), "")
            receipt = browsing.reported(self.browser, **(empty | self.answers))
            self.code = receipt.marks["data-receipt-code"]

    def code_(self, kind: str, text: str) -> None:
        """It stood on the receipt."""

    def say(self, kind: str, text: str) -> None:
        super().say("code_" if kind == "code" else kind, text)

    def add(self, kind: str, text: str) -> None:
        form = {"receipt_code": self.code, "go": "add", "body": text}
        assert self.browser.post("/status", form).status_code == 200

    def look(self, kind: str, text: str) -> None:
        page = self.browser.post("/status", {"receipt_code": self.code})
        assert page.status_code == 200


class Platform(Voice):
    """Another system."""

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        key, answers = str(uuid.UUID(int=next(self.world.ids))), []

        def bring() -> int:
            answer = Browser(self.world.app).open(
                f"/api/v1/{path}", method="POST", json=body, headers={"Idempotency-Key": key}
            )
            answers.append(answer.get_json())
            return answer.status_code

        self.world.deliver(bring)
        first: dict[str, Any] = answers[0]
        return first

    def tell(self, kind: str, text: str) -> None:
        self.answers[kind] = text
        if kind == TOLD[-1][0]:
            told = self.answers | {"wants_reply": True}
            self.code = self.post("tips", told)["receipt_code"]

    def code_(self, kind: str, text: str) -> None:
        """It was in the answer."""

    def say(self, kind: str, text: str) -> None:
        super().say("code_" if kind == "code" else kind, text)

    def add(self, kind: str, text: str) -> None:
        self.post("messages", {"receipt_code": self.code, "body": text})

    def look(self, kind: str, text: str) -> None:
        assert self.post("status", {"receipt_code": self.code})["status"] == "received"


def interleaved(voices: list[Voice], dice: random.Random) -> Iterator[tuple[Voice, str, str]]:
    """Every voice tells its lines in their order, and all of them at once."""
    left = {voice: iter(SCRIPT) for voice in voices}
    while left:
        voice = dice.choice(list(left))
        line = next(left[voice], None)
        if line is None:
            del left[voice]
        else:
            yield voice, *line


def outcome(code: str) -> dict[str, Any]:
    """The case, the journal and the words, as the office sees them."""
    mark = sealing.code_mark(code, runtime().settings.pepper)
    tip = db.session.scalars(select(Tip).where(Tip.code_mark == mark)).one()
    key = runtime().desk_words.tip_key(tip.key_for_desk)
    words = sealing.unseal(key, tip.words_sealed)
    said = [sealing.unseal(key, m.sealed).rpartition("：")[2] for m in tip.messages]
    of_tip = (Entry.about_kind == "tip") & (Entry.about_id == tip.id)
    of_case = (Entry.about_kind == "case") & (Entry.about_id == tip.case_id)
    lines = db.session.scalars(select(Entry.event).where(or_(of_tip, of_case)).order_by(Entry.id))
    return {
        "place": (tip.address, tip.case.clinic.address),
        "case": (tip.case.status, tip.case.office_id, tip.case.category, len(tip.case.tips)),
        "wishes": (tip.status, tip.wants_reply, tip.wants_reward),
        "words": sorted([*words.values(), *said]),
        "journal": [event for event in lines if event != "tip.detailed"],
    }


@pytest.mark.parametrize("seed", range(5))
def test_every_voice_leads_to_the_same_case_and_the_same_journal(world: World, seed: int) -> None:
    assert len(SCRIPT) == 30
    voices = [Grandmother(world), Student(world), Neighbour(world), Platform(world)]
    for voice, kind, text in interleaved(voices, world.dice):
        world.now += timedelta(seconds=SECONDS_A_STEP)
        voice.say(kind, text)
    assert len(given.every(Tip)) == len(voices)
    expected = {
        "place": (PLACE, PLACE),
        "case": ("received", 1, "unknown", 1),
        "wishes": ("received", True, False),
        "words": sorted([FACTS, HOURS, *LATER]),
        "journal": ["tip.received", *["tip.supplemented"] * len(LATER)],
    }
    assert [outcome(voice.code) for voice in voices] == [expected] * len(voices)
