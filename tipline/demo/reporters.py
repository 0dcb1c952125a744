"""What reporters do: they tell, add, answer a question, ask for their code, withdraw."""

from datetime import datetime

from sqlalchemy import select

from tipline.channels import Heard
from tipline.db import session
from tipline.demo.stage import Filed, Life, Stage
from tipline.demo.stories import Told
from tipline.models import Tip
from tipline.services import feedback, inbox, intake
from tipline.services.intake import Statement
from tipline.vault import sealing

ASKS_FOR_CODE = "查询码"
SOURCES = {"hotline": "hotline_12345"}
CHANNELS = {"hotline": "phone"}
WORDS = ("landmark", "when", "who")


def tell(stage: Stage, life: Life, which: int, *, now: datetime) -> None:
    """A tip comes in, by a form or by a message."""
    told = life.story.tips[which]
    filed = _by_message(stage, life, which, now) if told.is_message else _by_form(life, which, now)
    life.filed[which] = filed
    if filed.code:
        stage.codes[filed.tip_id] = filed.code
    if told.unreachable:
        stage.unreachable.add(filed.number)


def say(stage: Stage, life: Life, which: int, words: str, *, now: datetime) -> None:
    """The same reporter says something more."""
    if life.story.tips[which].is_message:
        _send(stage, life, which, words, now)
    else:
        feedback.add(life.filed[which].code, words=words, now=now)


def withdraw(stage: Stage, life: Life, which: int, *, now: datetime) -> None:
    """The reporter takes the tip back, with the code."""
    feedback.withdraw(life.filed[which].code, now=now)


def open_chat(stage: Stage, by: str, sender: str, says: str, *, now: datetime) -> None:
    """Somebody opens the chat without saying anything."""
    _hear(by, Heard(stage.next_message(), sender, says), now)


def _by_message(stage: Stage, life: Life, which: int, now: datetime) -> Filed:
    _send(stage, life, which, life.story.tips[which].says, now)
    tip = session().scalars(select(Tip).order_by(Tip.id.desc()).limit(1)).one()
    return Filed(tip.id, tip.number)


def _by_form(life: Life, which: int, now: datetime) -> Filed:
    said = _statement(life, which)
    receipt = intake.receive(intake.seal(said), now=now)
    return Filed(receipt.tip_id, receipt.number, said.code)


def _statement(life: Life, which: int) -> Statement:
    told, voice, story = life.story.tips[which], life.voices[which], life.story
    return Statement(
        channel=CHANNELS.get(told.by, told.by),
        source=SOURCES.get(told.by, "own_channel"),
        locale=told.locale,
        code=told.code or sealing.mint_code(),
        category=story.kind if voice.knows_kind else "unknown",
        division=life.division if voice.knows_district else "",
        address=told.place or story.place,
        floor=told.floor or ("" if told.place else story.floor),
        words=_words(told),
        contact=("sms", voice.sender) if voice.leaves_number else None,
        wants_reply=voice.leaves_number or told.by != "hotline",
        wants_reward=voice.wants_reward,
    )


def _words(told: Told) -> dict[str, str]:
    more = {name: text for name in WORDS if (text := getattr(told, name))}
    return {"facts": told.says, **more}


def _send(stage: Stage, life: Life, which: int, words: str, now: datetime) -> None:
    told = life.story.tips[which]
    sender = life.voices[which].sender
    _hear(told.by, Heard(stage.next_message(), sender, words, told.locale), now)


def _hear(channel: str, heard: Heard, now: datetime) -> None:
    inbox.keep(channel, heard, now=now)
    for inbound_id in inbox.waiting(now=now):
        inbox.understand(inbound_id, now=now)
