"""What comes along with messages: files, parts, corrections, albums; and what a webhook missed."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import given
import pytest
from flask import Flask

from tipline import worker
from tipline.channels import CannotReach, Heard, TryLater, Unclear
from tipline.models import Evidence, Inbound, Message, Notice, Tip
from tipline.runtime import runtime
from tipline.services import carriers, collecting, evidence, inbox
from tipline.settings import Settings
from tipline.vault import sealing

PHONE, CHAT, FACTS = "+8613800138000", "7001", "菜市场二楼有人给人拔牙，没有牌子"
IDS = itertools.count(1)
LATER = given.NOW + timedelta(minutes=10)


@dataclass
class Provider(given.Collecting):
    """A provider with an inbox of its own, from which things can be fetched and deleted."""

    name: str = "sms"
    pause_seconds: float = 60
    inbox: list[Heard] = field(default_factory=list)
    files: dict[str, bytes | Exception] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)

    def collect(self) -> list[Heard]:
        """Everything that is still there."""
        return list(self.inbox)

    def forget(self, provider_id: str) -> None:
        """Delete it."""
        if self.fails is not None:
            raise self.fails
        self.forgotten.append(provider_id)
        self.inbox = [heard for heard in self.inbox if heard.provider_id != provider_id]

    def fetch(self, reference: str) -> bytes:
        """The file, or why it does not come."""
        found = self.files[reference]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def app(chosen: Settings, provider: Provider, telegram: given.Collecting) -> Iterator[Flask]:
    """The application with such a provider."""
    with given.running(chosen, channels=[provider, telegram]) as app:
        yield app


def hear(
    text: str = "",
    *,
    channel: str = "sms",
    sender: str = PHONE,
    at: datetime = given.NOW,
    **more: object,
) -> None:
    heard = Heard(f"id{next(IDS)}", sender, text, **more)  # type: ignore[arg-type]
    inbox.keep(channel, heard, now=at)


def settle(at: datetime = given.NOW) -> None:
    while worker.tick(at):
        pass


def told(tip: Tip) -> str:
    """Everything that the desk can read of this tip."""
    key = runtime().desk_words.tip_key(tip.key_for_desk)
    words = [*sealing.unseal(key, tip.words_sealed).values(), tip.address]
    return "\n".join([*words, *(sealing.unseal(key, m.sealed) for m in tip.messages)])


# Files


def test_ten_pictures_are_fetched_in_time_and_the_words_taken_at_once(
    app: Flask, provider: Provider
) -> None:
    pictures = {f"https://media/{number}": b"picture %d" % number for number in range(10)}
    provider.files = dict.fromkeys(pictures, TryLater("provider error 503"))
    hear(FACTS, files=tuple(pictures))
    settle()
    assert len(provider.sent) == 1
    for minutes in range(3):
        worker.fetch(now=given.NOW + timedelta(minutes=6 * minutes))
    assert {row.state for row in given.every(Evidence)} == {"wanted"}
    provider.files = dict(pictures)
    worker.fetch(now=given.NOW + timedelta(hours=1))
    kept = given.every(Evidence)
    assert [(row.state, row.size) for row in kept] == [("kept", 9)] * 10
    key = runtime().desk_words.tip_key(given.every(Tip)[0].key_for_desk)
    opened = {unsealed(key, (evidence.folder() / row.file).read_bytes()) for row in kept}
    assert opened == set(pictures.values())


def unsealed(key: bytes, content: bytes) -> bytes:
    from nacl.public import PrivateKey, SealedBox

    return bytes(SealedBox(PrivateKey(key)).decrypt(content))


def test_files_lie_sealed_and_for_their_owner_alone(app: Flask, provider: Provider) -> None:
    provider.files = {"a": b"a very plain picture"}
    hear(FACTS, files=("a",))
    settle()
    worker.fetch(now=given.NOW)
    [path] = evidence.folder().iterdir()
    assert b"plain" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_never_comes_is_given_up(app: Flask, provider: Provider) -> None:
    provider.files = {"a": CannotReach("it is gone"), "b": Unclear("no answer")}
    hear(FACTS, files=("a", "b"))
    settle()
    for hours in range(evidence.MOST_ATTEMPTS + 1):
        worker.fetch(now=given.NOW + timedelta(hours=2 * hours))
    assert {row.state for row in given.every(Evidence)} == {"failed"}


def test_a_picture_alone_is_a_tip_and_a_later_one_is_added(app: Flask, provider: Provider) -> None:
    hear(files=("a",))
    settle()
    hear(files=("b", "c"))
    settle()
    [tip] = given.every(Tip)
    assert [row.tip_id for row in given.every(Evidence)] == [tip.id] * 3
    assert given.every(Message) == []
    assert [text.partition("\n")[0] for _, text in provider.sent] == [
        "收到文件1个。",
        "收到文件2个。",
    ]


def test_a_picture_with_the_code_goes_to_its_tip(app: Flask, provider: Provider) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code)
    hear(f"补充 {code} 门口", files=("a",))
    settle()
    assert [row.tip_id for row in given.every(Evidence)] == [tip.id]
    assert len(given.every(Tip)) == 1


def test_pictures_sent_as_one_go_where_the_first_went(
    app: Flask, telegram: given.Collecting
) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code)
    for text, file in ((code, "a"), ("", "b"), ("", "c")):
        hear(text, channel="telegram", sender=CHAT, files=(file,), album="9")
    settle()
    assert telegram.sent == []
    settle(given.NOW + timedelta(seconds=2))
    hear(channel="telegram", sender=CHAT, files=("d",), album="9")
    settle(LATER)
    assert [row.tip_id for row in given.every(Evidence)] == [tip.id] * 4
    [(_, said)] = telegram.sent
    assert said.startswith("收到文件3个。\n")


def test_a_file_that_is_too_large_is_answered_with_the_web_page(
    app: Flask, telegram: given.Collecting
) -> None:
    hear(channel="telegram", sender=CHAT, too_large=1)
    settle()
    assert "http://tipline.test/status" in telegram.sent[-1][1]
    assert given.every(Tip) == []


def test_what_is_said_beside_a_file_that_is_too_large_is_kept_and_the_web_page_told(
    app: Flask, telegram: given.Collecting
) -> None:
    hear(FACTS, channel="telegram", sender=CHAT, too_large=1, files=("a",))
    settle()
    [tip] = given.every(Tip)
    assert FACTS in told(tip)
    [(_, said)] = telegram.sent
    assert said.startswith("收到文件1个。\n谢谢您")
    assert said.endswith("http://tipline.test/status")


# Parts

LONG = "二楼尽头那间没有牌子，每天傍晚开门，进出的多是老人，出来时手上贴着胶布。" * 5
FIVE = [f"({n}/5) {LONG[(n - 1) * 37 : n * 37 if n < 5 else None]}" for n in range(1, 6)]


@pytest.mark.parametrize("seed", range(6))
def test_five_parts_in_any_order_are_one_message(app: Flask, provider: Provider, seed: int) -> None:
    parts = random.Random(seed).sample(FIVE, 5)
    for number, part in enumerate(parts):
        at = given.NOW + timedelta(seconds=12 * number)
        hear(part, at=at)
        settle(at)
    [tip] = given.every(Tip)
    assert LONG in told(tip)
    assert given.every(Message) == []
    assert len(provider.sent) == 1


def test_a_part_that_is_late_joins_the_tip(app: Flask, provider: Provider) -> None:
    for part in FIVE[:4]:
        hear(part)
    settle()
    assert given.every(Tip) == []
    settle(given.NOW + timedelta(seconds=61))
    assert len(given.every(Tip)) == 1
    hear(FIVE[4], at=LATER)
    settle(LATER + timedelta(seconds=61))
    [tip] = given.every(Tip)
    assert FIVE[4].partition(" ")[2] in told(tip)


def test_a_message_cut_without_a_mark_is_one_and_gets_one_reply(
    app: Flask, provider: Provider
) -> None:
    cut = [LONG[start : start + 67] for start in range(0, len(LONG), 67)]
    assert len(cut) == 3
    for number, part in enumerate(cut):
        hear(part, at=given.NOW + timedelta(seconds=3 * number))
        settle(given.NOW + timedelta(seconds=3 * number))
    assert LONG in told(given.every(Tip)[0])
    assert (len(given.every(Message)), len(provider.sent)) == (0, 1)


def test_a_message_that_just_fills_a_segment_waits_for_seconds_only(
    app: Flask, provider: Provider
) -> None:
    hear(LONG[:70])
    settle()
    assert provider.sent == []
    settle(given.NOW + timedelta(seconds=10))
    assert LONG[:70] in told(given.every(Tip)[0])
    hear("还有一个后门", at=LATER)
    settle(LATER)
    assert len(provider.sent) == 2


def test_the_full_parts_of_a_message_are_one_also_without_a_shorter_last(
    app: Flask, provider: Provider
) -> None:
    for number in range(2):
        hear(LONG[67 * number : 67 * (number + 1)], at=given.NOW + timedelta(seconds=9 * number))
        settle(given.NOW + timedelta(seconds=9 * number))
    settle(given.NOW + timedelta(seconds=10))
    assert provider.sent == []
    settle(given.NOW + timedelta(seconds=19))
    assert LONG[:134] in told(given.every(Tip)[0])
    assert len(provider.sent) == 1


@pytest.mark.parametrize("text", ["(3/2) 打针", "3/4 的人都去", "(1/1) 打针了没有牌子", "(0/2) x"])
def test_what_only_looks_like_a_part_does_not_wait(app: Flask, text: str) -> None:
    hear(text)
    settle()
    assert text in told(given.every(Tip)[0])


# Corrections, groups, repeats


def test_a_correction_goes_where_the_first_words_went(app: Flask) -> None:
    chat = {"channel": "telegram", "sender": CHAT}
    hear(FACTS, message="5", **chat)  # type: ignore[arg-type]
    settle()
    hear("新的", message="6", **chat)  # type: ignore[arg-type]
    hear("桥头卖药的给人打针", message="7", **chat)  # type: ignore[arg-type]
    settle()
    hear("是三楼", message="5", amends=True, **chat)  # type: ignore[arg-type]
    settle()
    first, _ = given.every(Tip)
    assert [(m.tip_id, m.kind) for m in given.every(Message)] == [(first.id, "amendment")]


def test_a_message_that_comes_again_under_another_id_is_understood_once(app: Flask) -> None:
    for _ in range(3):
        hear(FACTS, channel="telegram", sender=CHAT, message="5")
        settle()
    assert len(given.every(Tip)) == len(given.every(Notice)) == 1


def test_a_group_is_refused_once_and_learns_nothing(app: Flask, telegram: given.Collecting) -> None:
    for _ in range(5):
        hear(channel="telegram", sender="-100", group=True)
        settle()
    assert telegram.sent == [("-100", "这里人多，请单独给我发消息。")]
    assert given.every(Tip) == []


# What a webhook missed


def test_a_webhook_outage_loses_nothing_and_doubles_nothing(app: Flask, provider: Provider) -> None:
    provider.inbox = [Heard(f"SM{n}", f"{PHONE}{n}", FACTS) for n in range(3)]
    inbox.keep("sms", provider.inbox[0], now=given.NOW)
    for _ in range(3):
        collecting.collect("sms", "me", now=LATER)
        settle(LATER)
    assert len(given.every(Tip)) == 3
    assert collecting.collectors() == {"sms": 60}


def test_one_worker_asks_while_it_is_alive_and_then_another(app: Flask, provider: Provider) -> None:
    provider.inbox = [Heard("SM1", PHONE, FACTS)]
    asked = [collecting.collect("sms", by, now=LATER) for by in ("me", "you", "me")]
    gone = LATER + carriers.ASKING
    assert [*asked, collecting.collect("sms", "you", now=gone)] == [1, 0, 1, 1]
    assert collecting.collect("sms", "me", now=gone) == 0


def test_what_is_kept_and_fetched_is_deleted_at_the_provider(
    app: Flask, provider: Provider
) -> None:
    provider.files = {"a": b"x"}
    hear(FACTS)
    hear("还有", files=("a",))
    assert collecting.forget(now=given.NOW) == 0
    settle()
    words, picture = [row.provider_id for row in given.every(Inbound)]
    collecting.forget(now=LATER)
    assert provider.forgotten == [words]
    worker.fetch(now=LATER)
    collecting.forget(now=LATER)
    collecting.forget(now=LATER)
    assert provider.forgotten == [words, picture]


@pytest.mark.parametrize("fails", [TryLater("x"), Unclear("x"), CannotReach("x")])
def test_what_cannot_be_deleted_now_is_asked_again(
    app: Flask, provider: Provider, fails: TryLater | Unclear | CannotReach
) -> None:
    hear(FACTS)
    settle()
    provider.fails = fails
    collecting.forget(now=LATER)
    provider.fails = None
    collecting.forget(now=LATER)
    assert len(provider.forgotten) == (0 if isinstance(fails, CannotReach) else 1)
