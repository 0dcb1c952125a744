"""What the official client sends, against the provider's own description of its interface."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from loopback import Provider, listening

from bots.sms import Sms
from tipline.settings import Settings

ACCOUNT = "AC" + "1" * 32
PATH = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
DESCRIBED = json.loads((Path(__file__).parent / "twilio" / "messages.openapi.json").read_text())
SENT = {"sid": "SM" + "2" * 32, "status": "queued"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with listening() as provider:
        yield provider


def channel(provider: Provider) -> Sms:
    return Sms(
        Settings(
            public_url="https://tipline.test",
            twilio_account_sid=ACCOUNT,
            twilio_auth_token="t" * 32,
            twilio_from="+8610690000000",
            twilio_base_url=provider.url,
        )
    )


def wrong_with(schema: dict[str, Any], said: object) -> list[str]:
    """Everything in which this differs from the provider's description."""
    whole = schema | {"components": DESCRIBED["components"], "additionalProperties": False}
    checked = Draft202012Validator(whole, format_checker=FormatChecker())
    return [each.message for each in checked.iter_errors(said)]


def parameters(method: str, place: str) -> dict[str, Any]:
    found = DESCRIBED["paths"][PATH][method]["parameters"]
    properties = {each["name"]: each["schema"] for each in found if each["in"] == place}
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize("reference", ["", "17-0123456789abcdef0123"])
def test_a_message_is_sent_as_the_provider_describes_it(provider: Provider, reference: str) -> None:
    provider.answer = 201, SENT
    channel(provider).speak("+8613800138000", "编号 T1 有新消息", reference=reference)
    [request] = provider.heard
    body = DESCRIBED["paths"][PATH]["post"]["requestBody"]["content"]
    assert request.headers["Content-Type"] in body
    schema = body["application/x-www-form-urlencoded"]["schema"]
    assert wrong_with(schema, request.form) == []
    assert wrong_with(schema, request.form | {"Boddy": "x"}) != []
    account = request.path.split("/")[3]
    assert wrong_with(parameters("post", "path"), {"AccountSid": account}) == []


def test_the_provider_is_asked_as_it_describes_it(provider: Provider) -> None:
    provider.answer = 200, {"messages": [], "page": 0, "page_size": 50}
    channel(provider).find("+8613800138000", "x", datetime(2026, 7, 1, tzinfo=UTC))
    query: dict[str, object] = dict(parse_qsl(urlsplit(provider.heard[0].path).query))
    query["PageSize"] = int(str(query["PageSize"]))
    assert wrong_with(parameters("get", "query"), query) == []
