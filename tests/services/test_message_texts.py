"""Every text that leaves the house, word for word: a change of one shows here first.

Where they differ, what is said now lies beside the list as `message_texts.new`.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import given
import pytest
from flask import Flask

from tipline.domain import segments
from tipline.domain.words import Text
from tipline.policy.vocabulary import NOTICE_KINDS
from tipline.queries.promises import Promise
from tipline.runtime import policy
from tipline.services import asking, composing
from tipline.services.composing import NO_FILES, Files
from tipline.settings import Settings

LIST = Path(__file__).with_name("message_texts.txt")
CHANNELS = ("sms", "telegram", "email")
NUMBER = "T4821-3907-2214"
PROMISE = Promise("answer", Text(zh="x", en="x"), date(2026, 12, 28), False, "open")


def texts() -> dict[str, str]:
    """By kind, what is asked for, channel and locale."""
    first, second = given.tip(), given.tip()
    found = {}
    for channel in CHANNELS:
        for locale in ("zh", "en"):
            for kind in NOTICE_KINDS:
                for field in fields(kind, channel, f"{first.id},{second.id}"):
                    text = composed(kind, channel, locale, field)
                    text = text.replace(first.number, "T1").replace(second.number, "T2")
                    asked = f".{field}" if kind == "ask" else ""
                    found[f"{kind}{asked}.{channel}.{locale}"] = text
            brought = composed("added", channel, locale, "", Files(taken=2, too_large=1))
            found[f"added.with-files.{channel}.{locale}"] = brought
    return found


def fields(kind: str, channel: str, tips: str) -> list[str]:
    if kind == "ask":
        return [each.field for each in asking.questions(channel)]
    return [tips if kind == "which" else ""]


def composed(kind: str, channel: str, locale: str, field: str, files: Files = NO_FILES) -> str:
    said = composing.compose(
        kind,
        channel=channel,
        locale=locale,
        number=NUMBER,
        promised=PROMISE,
        code="1234567890123456789012",
        field=field,
        files=files,
    )
    buttons = "".join(f"\n[{choice.label}]" for choice in said.choices[:3])
    return said.text + buttons


@pytest.fixture
def app(chosen: Settings) -> Iterator[Flask]:
    channels = [given.Collecting(name) for name in CHANNELS]
    with given.running(chosen, channels=channels) as app:
        yield app


def test_every_text_is_word_for_word_as_it_was_agreed(app: Flask) -> None:
    said = "\n".join(f"== {name}\n{text}" for name, text in sorted(texts().items())) + "\n"
    agreed = LIST.read_text(encoding="utf-8") if LIST.exists() else ""
    if said != agreed:  # left beside the list, so that a reader can compare and agree
        LIST.with_suffix(".new").write_text(said, encoding="utf-8")
    assert said == agreed


def test_every_text_message_keeps_to_its_budget_of_segments(app: Flask) -> None:
    most = policy().outbox.segments.a_message
    long = [name for name, text in texts().items() if segments.count(text) > most]
    assert [name for name in long if ".sms." in name] == []
