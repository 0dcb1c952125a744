"""Hearing: what a kept message says, and which earlier one it belongs to."""

from typing import Any

from sqlalchemy import select

from tipline.channels import Heard
from tipline.db import session
from tipline.models import Inbound, Notice
from tipline.runtime import runtime


def heard_in(inbound: Inbound) -> Heard:
    """The message as the channel heard it."""
    content: dict[str, Any] = runtime().contacts.open(inbound.sealed)
    files = tuple(content.pop("files", ()))
    return Heard(inbound.provider_id, **content, files=files)


def mark(inbound: Inbound, heard: Heard) -> None:
    """Note down what later messages of this sender can be recognised by."""
    if heard.message and not heard.amends:
        inbound.message_mark = _mark(inbound.channel, heard.sender, "message", heard.message)
    if heard.album:
        inbound.album_mark = _mark(inbound.channel, heard.sender, "album", heard.album)


def is_known(inbound: Inbound) -> bool:
    """Whether this very message was brought before under another id."""
    if inbound.message_mark is None:
        return False
    same = Inbound.message_mark == inbound.message_mark
    return session().scalar(select(Inbound.id).where(same, Inbound.id != inbound.id)) is not None


def corrected_tip(inbound: Inbound, heard: Heard) -> int | None:
    """The tip to which the message went that this one corrects."""
    mark = _mark(inbound.channel, heard.sender, "message", heard.message)
    return session().scalar(select(Inbound.tip_id).where(Inbound.message_mark == mark).limit(1))


def tip_of_album(inbound: Inbound) -> int | None:
    """The tip to which another picture went that was sent together with this one."""
    if inbound.album_mark is None:
        return None
    together = (Inbound.album_mark == inbound.album_mark) & Inbound.tip_id.is_not(None)
    return session().scalar(select(Inbound.tip_id).where(together).limit(1))


def message_before(notice: Notice, channel: str, sender_mark: bytes | None) -> str:
    """What the channel calls the message that this replies to, else their latest about the tip."""
    cause, _, number = notice.because.partition(":")
    if cause == "inbound":
        return heard_in(session().get_one(Inbound, int(number))).message
    same = (Inbound.channel == channel) & (Inbound.sender_mark == sender_mark)
    about = select(Inbound).where(same, Inbound.tip_id == notice.tip_id)
    found = session().scalar(about.order_by(Inbound.id.desc()).limit(1))
    return heard_in(found).message if found is not None else ""


def _mark(channel: str, sender: str, what: str, name: str) -> bytes:
    return runtime().contacts.sender_mark(channel, f"{sender}\0{what}\0{name}")
