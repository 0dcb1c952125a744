"""The inbox: a message is kept first, and understood later by the worker."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select

from tipline.channels import Heard
from tipline.db import insert_once, session, use_case
from tipline.dialogues import Code, Said
from tipline.domain import receipts
from tipline.models import Conversation, Inbound, Tip
from tipline.runtime import runtime, settings
from tipline.services import asking, fading, hearing, intake, parts, talks, turns
from tipline.services.hearing import heard_in
from tipline.services.turns import Hearing
from tipline.vault import sealing

BATCH = 100


def keep(channel: str, heard: Heard, *, now: datetime) -> None:
    """Keep a message once, however often it is brought; sealed before the transaction begins."""
    content = {name: value for name, value in asdict(heard).items() if name != "provider_id"}
    sealed = sealing.seal(runtime().vault_public_key, content)
    _keep(channel, heard.provider_id, sealed, now=now)


@use_case
def _keep(channel: str, provider_id: str, sealed: bytes, *, now: datetime) -> None:
    row = {"channel": channel, "provider_id": provider_id, "sealed": sealed}
    insert_once(Inbound, row | {"received_at": now, "due_at": now})


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
    heard = heard_in(inbound)
    talk = talks.with_sender(inbound.channel, heard, now=inbound.received_at)
    whole = parts.whole(inbound, heard, talk, now=now)
    if whole is not None:
        hearing.mark(inbound, whole)
        _understand(inbound, whole, talk, now=now)


def _understand(inbound: Inbound, heard: Heard, talk: Conversation, *, now: datetime) -> None:
    inbound.state, inbound.sender_mark = "understood", talk.sender_mark
    listening = Hearing(talk, inbound.received_at, f"inbound:{inbound.id}", inbound, heard)
    if heard.group:
        turns.refuse(listening)
    elif hearing.is_known(inbound):
        return
    elif tip_id := hearing.tip_of_album(inbound):
        turns.bring_along(listening, tip_id)
    else:
        said = _said(inbound, heard, talk)
        turn = runtime().dialogue(asking.questions(inbound.channel), talks.state(talk), said)
        turns.take(turn, listening, now=now)
        _fade(inbound, heard, said)


def _fade(inbound: Inbound, heard: Heard, said: Said) -> None:
    """A message that carries a code does not stay in the chat, theirs no more than ours."""
    if said.code is not Code.NONE and heard.message:
        sealed = intake.seal_contact((inbound.channel, heard.sender), "")
        fading.promise(inbound.channel, sealed, heard.message, now=inbound.received_at)


@use_case
def put_off(inbound_id: int, *, now: datetime) -> None:
    """A message that could not be understood waits longer each time and never blocks others."""
    inbound = session().get_one(Inbound, inbound_id)
    inbound.attempts += 1
    inbound.due_at = now + timedelta(seconds=2 ** min(inbound.attempts, 12))


def silent(*, now: datetime) -> list[int]:
    """The talks in which something was asked half an hour ago and nobody has spoken since."""
    over = select(Conversation.id).where(Conversation.closes_at <= now)
    return list(session().scalars(over.order_by(Conversation.closes_at).limit(BATCH)))


@use_case
def close(talk_id: int, *, now: datetime) -> None:
    """The dialogue ends with the tip saved, whatever was being asked."""
    talk = session().get_one(Conversation, talk_id, with_for_update=True)
    if talk.closes_at is None or talk.closes_at > now:
        return
    turn = runtime().dialogue(asking.questions(talk.channel), talks.state(talk), None)
    because = f"silence:{talk.id}:{talk.closes_at}"
    turns.take(turn, Hearing(talk, now, because), now=now)


@use_case
def close_later(talk_id: int, *, now: datetime) -> None:
    """A talk that could not be closed waits, and never blocks others."""
    session().get_one(Conversation, talk_id).closes_at = now + talks.SILENCE


def _said(inbound: Inbound, heard: Heard, talk: Conversation) -> Said:
    at = inbound.received_at
    code, tip_id = _code(heard.text, talk, at=at)
    return Said(
        text=heard.text,
        pressed=heard.pressed,
        files=len(heard.files),
        too_large=heard.too_large,
        pin=heard.pin,
        early=talk.asked_at is not None and at < talk.asked_at,
        amends=heard.amends,
        about=hearing.corrected_tip(inbound, heard) if heard.amends else None,
        opt=heard.opt,
        code=code,
        code_tip=tip_id,
    )


def _code(text: str, talk: Conversation, *, at: datetime) -> tuple[Code, int | None]:
    """What a receipt code in a text opens; who guesses too often waits, right or wrong."""
    code = receipts.code_in(text)
    if code is None and not receipts.looks_like_code(text):
        return Code.NONE, None
    if talks.must_wait(talk, now=at):
        return Code.NOT_NOW, None
    mark = sealing.code_mark(code or "", settings().pepper)
    tip_id = session().scalar(select(Tip.id).where(Tip.code_mark == mark))
    if tip_id is None:
        talks.count_wrong_code(talk, now=at)
        return Code.OPENS_NOTHING, None
    return Code.OPENS, tip_id
