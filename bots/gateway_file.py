"""What the description of an HTTP gateway holds; see docs/operations.md for an example."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from tipline.domain.sending import Sending

PLACES = frozenset({"address", "text", "reference", "callback", "timestamp"})
Never = Literal["opted_out", "blocked", "no_such_address", "refused"]
AT_HOME = ("127.0.0.1", "localhost", "::1")


class Form:
    """A key that is not known is a mistake, and nothing is converted silently."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, kw_only=True)
class Signature(Form):
    """An HMAC over these fields, one after the other, in a field or in a header."""

    over: tuple[str, ...]
    key_file: str
    hmac: Literal["sha256", "sha1", "md5"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    field: str = ""
    header: str = ""

    def __post_init__(self) -> None:
        if bool(self.field) == bool(self.header):
            raise ValueError("a signature has either a field or a header")
        if not Path(self.key_file).is_file():
            raise ValueError("key_file: no such file")
        if not self.key():
            raise ValueError("key_file: is empty, and an empty key signs for anybody")

    def key(self) -> bytes:
        """The key, from its file."""
        return Path(self.key_file).read_bytes().strip()


@dataclass(frozen=True, kw_only=True)
class Success(Form):
    """Which values in which place of the answer (dotted) say that a message was taken."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Report(Form):
    """How the gateway reports what became of a message; unsigned reports are refused."""

    id: str
    state: str
    delivered: tuple[str, ...]
    failed: tuple[str, ...]
    signature: Signature
    reference: str = ""

    def state_of(self, said: str) -> Sending | None:
        """What the gateway's word means; None for one it has no meaning for."""
        if said in self.delivered:
            return Sending.DELIVERED
        return Sending.FAILED if said in self.failed else None


@dataclass(frozen=True, kw_only=True)
class Incoming(Form):
    """How the gateway brings a message of somebody; unsigned ones are refused."""

    id: str
    sender: str
    text: str
    signature: Signature


@dataclass(frozen=True, kw_only=True)
class GatewayFile(Form):
    """One gateway: where to post what, how to sign it, and what its answers mean."""

    id: str
    url: str
    fields: Mapping[str, str]
    success: Success
    id_field: str
    channel: str = "sms"
    body: Literal["form", "json"] = "form"
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    signature: Signature | None = None
    never: Mapping[Never, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    report: Report | None = None
    incoming: Incoming | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        in_clear = parts.scheme == "http" and parts.hostname in AT_HOME
        if not (parts.scheme == "https" or in_clear or self.url.startswith("{public_url}/")):
            raise ValueError("url: needs an https address")
        places = {name for form in self.fields.values() for name in _places(form)}
        if wrong := sorted(places - PLACES):
            raise ValueError(f"fields: no place {{{wrong[0]}}}")
        if not {"address", "text"} <= places:
            raise ValueError("fields: need {address} and {text}")
        if not self.id.isidentifier() or len(self.id) > 20:
            raise ValueError("id: a short name of letters, digits and _")


def _places(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name is not None}
