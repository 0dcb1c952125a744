"""The answers so far: one encrypted field that travels in the page and is kept nowhere else."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from tipline.runtime import settings

GOOD_FOR = timedelta(hours=2)


@dataclass(frozen=True)
class Draft:
    """Answers by field name, the receipt code once minted, and whether the page lay too long."""

    answers: dict[str, str] = field(default_factory=dict)
    code: str = ""
    late: bool = False

    def with_answers(self, more: dict[str, str]) -> "Draft":
        """The same draft with these answers laid over it."""
        return replace(self, answers=self.answers | more)


def lock(content: object, purpose: str, *, now: datetime) -> str:
    """Content as one field that only this service reads."""
    return (
        _box(purpose).encrypt_at_time(json.dumps(content).encode(), int(now.timestamp())).decode()
    )


def unlock(field_text: str, purpose: str, *, now: datetime) -> tuple[Any, bool] | None:
    """The content and whether it is older than two hours; None if it is not ours."""
    token = field_text.encode("ascii", "ignore")
    try:
        content = json.loads(_box(purpose).decrypt(token))
    except (InvalidToken, ValueError):
        return None
    made_at = _box(purpose).extract_timestamp(token)
    return content, now.timestamp() - made_at > GOOD_FOR.total_seconds()


def write(draft: Draft, *, now: datetime) -> str:
    """The draft as the hidden field of a page."""
    return lock([draft.answers, draft.code], "draft", now=now)


def read(field_text: str, *, now: datetime) -> Draft:
    """The draft from the hidden field; an empty one if there is none."""
    found = unlock(field_text, "draft", now=now)
    if found is None:
        return Draft()
    content, late = found
    return Draft(content[0], content[1], late)


def _box(purpose: str) -> Fernet:
    key = sha256(f"{purpose}\0{settings().secret_key}".encode()).digest()
    return Fernet(urlsafe_b64encode(key))
