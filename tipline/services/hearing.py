"""Hearing: what a kept message says, and which earlier one it belongs to."""

from typing import Any

from sqlalchemy import select

from tipline.channels import Heard
from tipline.db import session
from tipline.models import Inbound
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


def latest_message(channel: str, sender_mark: bytes | None, tip_id: int | None) -> str:
    """What the channel calls the latest message of this sender about this tip, or about none."""
    same = (Inbound.channel == channel) & (Inbound.sender_mark == sender_mark)
    about = Inbound.tip_id == tip_id if tip_id else Inbound.tip_id.is_(None)
    latest = select(Inbound).where(same, about).order_by(Inbound.id.desc()).limit(1)
    found = session().scalar(latest)
    return heard_in(found).message if found is not None else ""


def _mark(channel: str, sender: str, what: str, name: str) -> bytes:
    return runtime().contacts.sender_mark(channel, f"{sender}\0{what}\0{name}")
