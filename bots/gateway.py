"""Any gateway that takes messages by HTTP, described in a YAML file: no code for the next one."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from bots.gateway_file import GatewayFile, Signature
from tipline.channels import (
    CannotReach,
    Channel,
    Choice,
    Heard,
    Knock,
    NotFromProvider,
    Status,
    TryLater,
    Unclear,
)
from tipline.domain.sending import Sending, Why
from tipline.domain.words import language_of
from tipline.policy.reading import Unreadable, read
from tipline.settings import Settings, SettingsError
from tipline.web.contacts import phone_of

TIMEOUT_SECONDS = 10
FOR_NOW = (401, 403, 404, 408, 429)  # an account or an address of ours, nothing about the person
PLAIN = re.compile(r"[\w.-]{1,20}")


def configured(settings: Settings) -> list[Channel]:
    """The gateways whose files these settings name, in their order."""
    return [
        Gateway(described(Path(name)), settings)
        for name in settings.sms_gateways.split(",")
        if name.strip()
    ]


def described(path: Path) -> GatewayFile:
    """The gateway of this file; SettingsError names every mistake as `file: key: reason`."""
    try:
        return TypeAdapter(GatewayFile).validate_json(read(path)[1])
    except Unreadable as wrong:
        raise SettingsError(f"{path.name}: {wrong.key}: {wrong.reason}") from None
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_input=False)
        lines = [f"{path.name}: {_key(each['loc'])}: {each['msg']}" for each in found]
        raise SettingsError("\n".join(lines)) from None


def _key(where: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in where) or "-"


class Gateway:
    """One gateway, by its description."""

    buttons = False

    def __init__(self, file: GatewayFile, settings: Settings) -> None:
        self.name, self.provider = file.channel, file.id
        self._file = file
        self._url = file.url.format(public_url=settings.public_url)
        self._callback = f"{settings.public_url}/hooks/gateways/{file.id}/status"

    def hear(self, knock: Knock) -> Heard | None:
        """A message of somebody; refused unless the description says how they are signed."""
        rules = self._file.incoming
        if rules is None:
            raise NotFromProvider
        said = _fields_of(knock)
        _ensure_signed(rules.signature, said, knock)
        sender = phone_of(said.get(rules.sender, ""))
        if not said.get(rules.id) or sender is None:
            return None
        text = said.get(rules.text, "")
        return Heard(f"{self.provider}:{said[rules.id]}"[:100], sender, text, language_of(text))

    def hear_status(self, knock: Knock) -> Status | None:
        """What the gateway reports; refused unless its description says how reports are signed."""
        rules = self._file.report
        if rules is None:
            raise NotFromProvider
        said = _fields_of(knock)
        _ensure_signed(rules.signature, said, knock)
        state = rules.state_of(said.get(rules.state, ""))
        if state is None or not said.get(rules.id):
            return None
        reason = f"gateway {_plain(said.get(rules.state, ''))}" if state is Sending.FAILED else ""
        return Status(said[rules.id], state, reason, reference=said.get(rules.reference, ""))

    def speak(
        self, address: str, text: str, choices: Sequence[Choice] = (), reference: str = ""
    ) -> str:
        """Send one message; returns the gateway's id for it."""
        places = {
            "address": address,
            "text": text,
            "reference": reference,
            "callback": self._callback,
            "timestamp": str(int(time.time())),
        }
        fields = {name: form.format(**places) for name, form in self._file.fields.items()}
        return self._understood(self._posted(fields))

    def _posted(self, fields: dict[str, str]) -> httpx.Response:
        signature, headers = self._file.signature, dict(self._file.headers)
        if signature is not None:
            where = fields if signature.field else headers
            where[signature.field or signature.header] = _signed(signature, fields)
        body = {"json": fields} if self._file.body == "json" else {"data": fields}
        try:
            return httpx.post(
                self._url,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                **body,  # type: ignore[arg-type]
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise TryLater("gateway cannot be reached") from None
        except httpx.HTTPError:
            raise Unclear("no answer from the gateway") from None

    def _understood(self, answer: httpx.Response) -> str:
        status = answer.status_code
        if status in FOR_NOW or not 200 <= status < 500 or 300 <= status < 400:
            raise TryLater(f"gateway error {status}", after=_seconds(answer))
        if status >= 400:
            raise CannotReach(f"gateway error {status}")
        try:
            said = answer.json()
        except ValueError:
            raise Unclear("an answer that cannot be read") from None
        code = _at(said, self._file.success.field)
        if code in self._file.success.values:
            return _at(said, self._file.id_field) or "taken"
        for why, codes in self._file.never.items():
            if code in codes:
                raise CannotReach(f"gateway code {_plain(code)}", Why(why))
        raise TryLater(f"gateway code {_plain(code)}")


def _fields_of(knock: Knock) -> dict[str, str]:
    if knock.form:
        return dict(knock.form)
    try:
        said = json.loads(knock.body)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}


def _ensure_signed(signature: Signature, said: Mapping[str, str], knock: Knock) -> None:
    given = said.get(signature.field, "") or knock.headers.get(signature.header, "")
    if not hmac.compare_digest(_signed(signature, said).encode(), given.encode()):
        raise NotFromProvider


def _signed(signature: Signature, fields: Mapping[str, str]) -> str:
    """The HMAC over the fields in the order that the gateway asks for."""
    over = "".join(fields.get(name, "") for name in signature.over)
    made = hmac.digest(signature.key(), over.encode(), getattr(hashlib, signature.hmac))
    return made.hex() if signature.encoding == "hex" else base64.b64encode(made).decode()


def _at(said: Any, path: str) -> str:
    """The value at the end of a dotted path, as text; empty where there is none."""
    for part in path.split("."):
        said = said.get(part) if isinstance(said, dict) else None
    return "" if said is None else str(said)


def _plain(code: str) -> str:
    """A code, if it is one: what a gateway says must not bring a number into our records."""
    return code if PLAIN.fullmatch(code) and len(re.sub(r"\D", "", code)) < 8 else "unknown"


def _seconds(answer: httpx.Response) -> float | None:
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else None
