"""One questionnaire, every voice: a question added to the policy is asked wherever people speak."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import browsing
import given
import pytest
import yaml
from browsing import Browser, read
from flask import Flask

from tipline import worker
from tipline.channels import Choice
from tipline.models import Tip
from tipline.policy import loader
from tipline.settings import Settings
from tipline.vault import sealing

QUESTION = {
    "id": "vehicle",
    "kind": "choice",
    "keeps": "words",
    "label": {"zh": "车子", "en": "Vehicle"},
    "options": [
        {"value": "van", "label": {"zh": "面包车", "en": "Van"}},
        {"value": "bike", "label": {"zh": "摩托车", "en": "Motorbike"}},
    ],
    "sms": {"zh": "他们开什么车？", "en": "What do they drive?"},
    "chat": {"zh": "他们一般开什么车？", "en": "What do they usually drive?"},
}
PHONE, CHAT, FACTS = "+8613800138000", "7001", "晚上有人给人打吊针，墙上没有执照"


def with_question(folder: Path) -> Path:
    """A policy in which the new question comes first by message, and `facts` is not asked there."""
    plain = (loader.DEFAULT / "questionnaire.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(plain)
    content["effective_from"] = str(content["effective_from"])
    for page in content["pages"]:
        for field in page["fields"]:
            if field["id"] == "facts":
                del field["sms"]
            field.pop("chat", None)
    title = {"zh": "他们开什么车来？", "en": "What do they drive?"}
    content["pages"].insert(0, {"id": "vehicle", "title": title, "fields": [QUESTION]})
    folder.mkdir()
    (folder / "questionnaire.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    return folder


@pytest.fixture
def mail() -> given.Collecting:
    """A mailbox that collects what it is told to send."""
    return given.Collecting("email")


@pytest.fixture
def app(
    chosen: Settings,
    tmp_path: Path,
    sms: given.Collecting,
    telegram: given.Collecting,
    mail: given.Collecting,
) -> Iterator[Flask]:
    """The product with one more question."""
    changed = replace(chosen, policy=str(with_question(tmp_path / "policy")))
    with given.running(changed, channels=[sms, telegram, mail]) as app:
        yield app


def said(app: Flask) -> list[str]:
    """What the desk reads of every tip: its words, and its messages."""
    found = []
    for tip in given.every(Tip):
        key = app.extensions["tipline"].desk_words.tip_key(tip.key_for_desk)
        found += [sealing.unseal(key, tip.words_sealed).get("vehicle", "")]
        found += [sealing.unseal(key, message.sealed) for message in tip.messages]
    return [each for each in found if each]


def hear(channel: str, sender: str, *texts: str) -> None:
    for number, text in enumerate(texts):
        given.message(channel, sender, text, id=f"{channel}{number}")
        while worker.tick(given.NOW):
            pass


def test_it_is_asked_on_the_page(app: Flask) -> None:
    page = Browser(app).read("/report")
    assert "他们开什么车来？" in page.text
    browsing.reported(Browser(app), vehicle="bike")
    assert said(app) == ["bike"]


def test_it_is_asked_by_text_message(app: Flask, sms: given.Collecting) -> None:
    hear("sms", PHONE, FACTS, "2")
    assert sms.sent[0][1].endswith("他们开什么车？\n1 面包车\n2 摩托车")
    assert said(app) == ["车子：摩托车"]


def test_it_is_asked_by_mail(app: Flask, mail: given.Collecting) -> None:
    hear("email", "zhang@example.cn", FACTS, "2")
    assert mail.sent[0][1].endswith("他们开什么车？\n1 面包车\n2 摩托车")
    assert said(app) == ["车子：摩托车"]


def test_it_is_asked_in_a_chat(app: Flask, telegram: given.Collecting) -> None:
    hear("telegram", CHAT, FACTS, "面包车")
    assert telegram.sent[0][1].endswith("他们一般开什么车？")
    assert telegram.offered[0] == (
        Choice("vehicle=van", "面包车"),
        Choice("vehicle=bike", "摩托车"),
        Choice("vehicle=skip", "跳过"),
    )
    assert said(app) == ["车子：面包车"]


def test_it_is_asked_by_the_operator(app: Flask) -> None:
    operator = browsing.signed_in(app, "operator")
    page = operator.read("/desk/take-in")
    assert "他们开什么车来？" in page.text
    form = page.fields | {"address": "人民路 3 号", "facts": FACTS, "vehicle": "van"}
    assert "data-tip-number" in read(operator.post("/desk/take-in", form)).marks
    assert said(app) == ["van"]


def test_it_is_taken_from_other_systems(app: Flask) -> None:
    described = Browser(app).get("/api/v1/openapi.json").get_json()
    operation = described["paths"]["/tips"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["vehicle"] == {"enum": ["van", "bike"], "title": "Vehicle"}
    answer = Browser(app).open(
        "/api/v1/tips",
        method="POST",
        json={"address": "人民路 3 号", "facts": FACTS, "vehicle": "bike"},
        headers={"Idempotency-Key": "3f0c0e4e-6f0c-4f1e-9d0a-3f0c0e4e6f0c"},
    )
    assert (answer.status_code, answer.get_json().get("warnings")) == (201, None)
    assert said(app) == ["bike"]
