"""The inbox: a message is kept first, and understood later by the worker."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tipline.channels import Effect, Heard, Turn
from tipline.db import session, use_case
from tipline.domain.lifecycle import OPEN_TIP
from tipline.models import Contact, Conversation, Inbound, Tip
from tipline.runtime import runtime
from tipline.services import intake, notices
from tipline.services.intake import Statement
from tipline.vault import sealing

BATCH = 100


@use_case
def keep(channel: str, heard: Heard, *, now: datetime) -> None:
    """Keep a message, sealed, once; the provider may bring it any number of times."""
    same = (Inbound.channel == channel) & (Inbound.provider_id == heard.provider_id)
    if session().scalar(select(Inbound.id).where(same)) is not None:
        return
    content = {"sender": heard.sender, "text": heard.text, "locale": heard.locale}
    session().add(
        Inbound(
            channel=channel,
            provider_id=heard.provider_id,
            sealed=sealing.seal(runtime().vault_public_key, content),
            received_at=now,
            due_at=now,
        )
    )


def waiting(*, now: datetime) -> list[int]:
    """The messages to understand next, oldest first."""
    kept = select(Inbound.id).where(Inbound.state == "kept", Inbound.due_at <= now)
    return list(session().scalars(kept.order_by(Inbound.due_at, Inbound.id).limit(BATCH)))


@use_case
def understand(inbound_id: int, *, now: datetime) -> None:
    """What the message does and the reply owed for it commit together with "understood"."""
    inbound = session().get_one(Inbound, inbound_id, with_for_update=True)
    if inbound.state != "kept":
        return
    said = runtime().contacts.open(inbound.sealed)
    heard = Heard(inbound.provider_id, said["sender"], said["text"], said["locale"])
    talk = _conversation(inbound.channel, heard.sender)
    turn = runtime().dialogue(heard.text, has_open_tip=_open_tip(talk) is not None)
    tip = _apply(turn, inbound=inbound, heard=heard, talk=talk)
    because = f"inbound:{inbound.id}"
    if tip is None:
        notices.greet(_stranger(inbound.channel, heard), because=because, now=now)
    elif turn.reply:
        notices.promise(tip, turn.reply, because=because, now=now)
    inbound.state = "understood"


@use_case
def put_off(inbound_id: int, *, now: datetime) -> None:
    """A message that could not be understood waits longer each time and never blocks others."""
    inbound = session().get_one(Inbound, inbound_id)
    inbound.attempts += 1
    inbound.due_at = now + timedelta(seconds=2 ** min(inbound.attempts, 12))


def _conversation(channel: str, sender: str) -> Conversation | None:
    mark = runtime().contacts.sender_mark(channel, sender)
    same = (Conversation.channel == channel) & (Conversation.sender_mark == mark)
    return session().scalar(select(Conversation).where(same))


def _latest_tip(talk: Conversation | None) -> Tip | None:
    return session().get(Tip, talk.tip_id) if talk else None


def _open_tip(talk: Conversation | None) -> Tip | None:
    tip = _latest_tip(talk)
    return tip if tip is not None and tip.status in OPEN_TIP else None


def _stranger(channel: str, heard: Heard) -> Contact:
    sealed = intake.seal_contact((channel, heard.sender), "")
    return Contact(channel=channel, locale=heard.locale, sealed=sealed)


def _apply(turn: Turn, *, inbound: Inbound, heard: Heard, talk: Conversation | None) -> Tip | None:
    if turn.effect is Effect.TELL_CODE:
        return _latest_tip(talk)
    tip = _open_tip(talk)
    if turn.effect is Effect.NEW_TIP:
        return _begin(inbound, heard, talk, words=turn.words)
    if turn.effect is Effect.ADD and tip is not None:
        intake.add_words(tip, turn.words, now=inbound.received_at)
    return tip


def _begin(inbound: Inbound, heard: Heard, talk: Conversation | None, *, words: str) -> Tip:
    mark = runtime().contacts.sender_mark(inbound.channel, heard.sender)
    said = Statement(
        channel=inbound.channel,
        locale=heard.locale,
        code=sealing.mint_code(),
        words={"facts": words},
        contact=(inbound.channel, heard.sender),
        sender_mark=mark,
    )
    tip = intake.take_in(intake.seal(said), now=inbound.received_at)
    talk = talk or Conversation(channel=inbound.channel, sender_mark=mark)
    talk.tip_id, talk.locale, talk.heard_at = tip.id, heard.locale, inbound.received_at
    session().add(talk)
    return tip
