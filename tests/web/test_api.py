"""The interface for other systems: exact about statuses, idempotent, and it refuses no text."""

import json
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import given as state
import pytest
from browsing import Browser
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tipline import clock
from tipline.domain import receipts
from tipline.domain.guessing import OF_ADDRESS
from tipline.models import Contact, Message, Tip
from tipline.policy import load
from tipline.queries import status
from tipline.settings import Settings
from tipline.vault import sealing

BODY = {"address": "官山一路 11 号", "facts": "晚上有人给人打吊针，墙上没有执照。"}
TOKEN = "token-of-the-hotline-0123456789abcdef"
FIELDS = [*load().questionnaire.fields, "contact", "locale", "kind", "source_number", "more"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def post(app: Flask, path: str, body: object, **headers: str) -> TestResponse:
    plain = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return Browser(app).open(f"/api/v1/{path}", method="POST", data=plain, headers=headers)


def tip(app: Flask, body: object = BODY, key: str = "", **headers: str) -> TestResponse:
    return post(app, "tips", body, Idempotency_Key=key or str(uuid.uuid4()), **headers)


def body_of(answer: TestResponse) -> dict[str, Any]:
    assert answer.mimetype == "application/json"
    content: dict[str, Any] = answer.get_json()
    return content


def words_of(code: str, app: Flask) -> dict[str, str]:
    [found] = state.every(Tip)
    key = app.extensions["tipline"].desk_words.tip_key(found.key_for_desk)
    words: dict[str, str] = sealing.unseal(key, found.words_sealed)
    return words


def test_a_tip_is_answered_with_number_code_and_promises(app: Flask) -> None:
    answer = tip(app)
    content = body_of(answer)
    assert answer.status_code == 201
    assert content["tip_number"] == state.every(Tip)[0].number
    assert receipts.is_valid(content["receipt_code"])
    assert content["promises"][0].keys() == {"step", "due_on", "text"}
    assert "warnings" not in content
    opened = status.by_code(content["receipt_code"])
    assert opened
    assert (opened.tip.channel, opened.tip.source) == ("api", "public_api")


def test_everything_that_the_questionnaire_asks_can_be_sent(app: Flask) -> None:
    more = {
        "category": "blood",
        "division": "440902",
        "floor": "4 楼",
        "landmark": "菜市场",
        "when": "晚上",
        "who": "两个人",
        "contact": {"channel": "sms", "address": "138 0013 8000"},
        "wants_reply": False,
        "wants_reward": True,
        "locale": "en",
        "kind": "complaint",
    }
    content = body_of(tip(app, BODY | more))
    [found] = state.every(Tip)
    assert "warnings" not in content
    assert (found.category, found.division, found.floor) == ("blood", "440902", "4 楼")
    assert (found.wants_reply, found.wants_reward) == (False, True)
    assert (found.locale, found.kind) == ("en", "complaint")
    assert [contact.channel for contact in state.every(Contact)] == ["sms"]
    expected = {"facts": BODY["facts"], "landmark": "菜市场", "when": "晚上", "who": "两个人"}
    assert words_of(content["receipt_code"], app) == expected
    assert content["promises"][0]["text"].isascii()


def test_the_same_key_and_body_give_the_same_answer(app: Flask) -> None:
    key = str(uuid.uuid4())
    first = tip(app, key=key)
    for again in (tip(app, key=key.upper()), tip(app, dict(reversed(BODY.items())), key=key)):
        assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert len(state.every(Tip)) == 1
    assert state.every(Message) == []


@pytest.mark.parametrize("change", [{"facts": "他们搬到五楼了"}, {"category": "blood"}])
def test_the_same_key_with_another_body_is_a_conflict_and_kept_once(
    app: Flask, change: dict[str, str]
) -> None:
    key = str(uuid.uuid4())
    first = body_of(tip(app, key=key))
    for _ in range(3):
        answer = tip(app, BODY | change, key=key)
        assert answer.status_code == 409
        assert body_of(answer)["tip_number"] == first["tip_number"]
        assert "receipt_code" not in body_of(answer)
    opened = status.by_code(first["receipt_code"])
    assert opened
    [added] = opened.messages
    assert change.get("facts", BODY["facts"]) in added.body


@pytest.mark.parametrize("key", ["", "x", "1", "not-a-uuid", "509f0865-43c4-4e14-9a78-ac477f16eb"])
def test_a_key_that_is_no_uuid_is_refused(app: Flask, key: str) -> None:
    answer = post(app, "tips", BODY, Idempotency_Key=key)
    assert answer.status_code == 400
    assert "UUID" in body_of(answer)["message"]
    assert post(app, "tips", BODY).status_code == 400
    assert state.every(Tip) == []


@pytest.mark.parametrize("field", ["address", "facts"])
@pytest.mark.parametrize("value", [None, "", " \n", 7, ["x"], {}])
def test_a_missing_field_is_named(app: Flask, field: str, value: object) -> None:
    answer = tip(app, BODY | {field: value})
    assert answer.status_code == 422
    assert body_of(answer)["field"] == field
    assert tip(app, {name: text for name, text in BODY.items() if name != field}).status_code == 422
    assert state.every(Tip) == []


BAD = {
    "category": "nonsense",
    "division": "999999",
    "when": 7,
    "contact": {"channel": "sms", "address": "12"},
    "wants_reply": "maybe",
    "wants_reward": 1,
    "locale": "fr",
    "kind": "gossip",
    "source_number": "A1",
    "source_received_at": "2026-07-01T10:00:00+08:00",
    "colour": "red",
}


@pytest.mark.parametrize("field", BAD)
def test_any_other_bad_field_is_a_warning_and_its_text_is_kept(app: Flask, field: str) -> None:
    answer = tip(app, BODY | {field: BAD[field]})
    assert answer.status_code == 201
    [warning] = body_of(answer)["warnings"]
    assert warning["field"] == field
    kept = words_of(body_of(answer)["receipt_code"], app)
    if field in ("category", "division", "colour"):
        assert kept[field] == BAD[field]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b"\xff", b"[" * 50_000])
def test_a_body_that_is_no_object_is_refused_in_json(app: Flask, body: bytes) -> None:
    for path in ("status", "messages"):
        assert post(app, path, body).status_code == 400 or path == "x"
    answer = tip(app, body)
    assert answer.status_code == 400
    assert body_of(answer)["message"]


def test_a_body_that_is_too_large_is_refused_in_json(app: Flask) -> None:
    answer = tip(app, BODY | {"facts": "x" * 6_100_000})
    assert answer.status_code == 413
    assert body_of(answer)["error"] == "too_large"


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "‮", "💉" * 5000, "'; DROP TABLE tip"])
def test_any_text_is_taken_and_kept_exactly(app: Flask, text: str) -> None:
    answer = tip(app, {"address": text + "x", "facts": text + "x"})
    assert answer.status_code == 201
    assert words_of(body_of(answer)["receipt_code"], app)["facts"] == text + "x"


# Sources


@pytest.fixture
def registered(chosen: Settings, tmp_path: Path) -> Iterator[Flask]:
    """A hotline that has a token."""
    folder = tmp_path / "policy"
    folder.mkdir()
    mark = sha256(TOKEN.encode()).hexdigest()
    source = f"{{id: hotline_12345, name: {{zh: 热线, en: Hotline}}, token_sha256: '{mark}'}}"
    text = f"effective_from: 2026-01-01\nsources:\n  - {source}\n"
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    with state.running(replace(chosen, policy=str(folder)), channels=[]) as app:
        yield app


def test_a_registered_system_hands_over_its_number_and_time(registered: Flask) -> None:
    more = {"source_number": "GD-2026-0001", "source_received_at": "2026-07-01T08:00:00+08:00"}
    answer = tip(registered, BODY | more, Authorization=f"Bearer {TOKEN}")
    assert (answer.status_code, body_of(answer).get("warnings")) == (201, None)
    [found] = state.every(Tip)
    assert (found.source, found.source_number) == ("hotline_12345", "GD-2026-0001")
    assert found.source_received_at == state.NOW - timedelta(hours=2)


@pytest.mark.parametrize("shown", ["Bearer wrong", "Bearer ", "", TOKEN[:-1], f"Basic {TOKEN}"])
def test_a_bad_token_is_refused(registered: Flask, shown: str) -> None:
    answer = tip(registered, Authorization=shown)
    assert answer.status_code == 401
    assert body_of(answer)["error"]
    assert state.every(Tip) == []


def test_no_token_fits_a_source_that_has_none(app: Flask) -> None:
    assert tip(app, Authorization="Bearer ").status_code == 401


# With the code


def test_the_code_opens_everything_the_reporter_may_see(app: Flask) -> None:
    office, inspector = state.staff("triage_officer"), state.staff("inspector")
    code = sealing.mint_code()
    found = state.tip(code=code)
    state.answered(found.id, office=office, inspector=inspector, body="查实了。")
    content = body_of(post(app, "status", {"receipt_code": receipts.grouped(code)}))
    assert (content["tip_number"], content["status"]) == (found.number, "answered")
    assert content["answer"] == "查实了。"
    assert content["text"] == "已办结，有答复"
    assert content["timeline"][0]["text"] == "您说的情况，我们收到了。"
    english = body_of(post(app, "status", {"receipt_code": code, "locale": "en"}))
    assert english["timeline"][0]["text"] == "We received what you told us."


def test_words_are_added_with_the_code_and_once_for_each_key(app: Flask) -> None:
    code = sealing.mint_code()
    state.tip(code=code)
    said = {"receipt_code": code, "body": "他们搬了"}
    for key in ("a", "a", "b"):
        assert post(app, "messages", said, Idempotency_Key=key).status_code == 201
    state.fresh()
    opened = status.by_code(code)
    assert opened
    assert [message.body for message in opened.messages] == ["他们搬了"] * 2


def test_words_that_say_nothing_are_missed(app: Flask) -> None:
    code = sealing.mint_code()
    state.tip(code=code)
    for body in ("", " ", None, 7):
        answer = post(app, "messages", {"receipt_code": code, "body": body})
        assert (answer.status_code, body_of(answer)["field"]) == (422, "body")


def test_a_nudge_counts_once_a_working_day_when_something_is_overdue(app: Flask) -> None:
    code = sealing.mint_code()
    late = clock.now() - timedelta(days=60)
    found = state.tip(code=code, now=late)
    first = post(app, "nudges", {"receipt_code": code})
    content = body_of(first)
    assert (first.status_code, content["tip_number"]) == (201, found.number)
    assert content["nudges"] == 1
    again = post(app, "nudges", {"receipt_code": code})
    assert (again.status_code, body_of(again)["error"]) == (409, "too_early")
    assert body_of(again)["from_on"] > clock.now().date().isoformat()


def test_a_nudge_before_anything_is_overdue_is_too_early(app: Flask) -> None:
    code = sealing.mint_code()
    state.tip(code=code, now=clock.now())
    answer = post(app, "nudges", {"receipt_code": code})
    assert (answer.status_code, body_of(answer)["error"]) == (409, "too_early")


@pytest.mark.parametrize("path", ["status", "messages", "nudges"])
@pytest.mark.parametrize(
    "code", [None, "", "1", 7, [], "3632625241568338815014", "1" * 22, "x" * 9000]
)
def test_every_wrong_code_is_answered_alike(app: Flask, path: str, code: object) -> None:
    state.tip(code=sealing.mint_code())
    answer = post(app, path, {"receipt_code": code, "body": "x"})
    expected = {"error": "no_match", "message": "No tip is opened by this receipt code."}
    assert (answer.status_code, body_of(answer)) == (404, expected)


def test_wrong_codes_make_their_network_address_wait_and_nobody_else(app: Flask) -> None:
    code, here = sealing.mint_code(), f"203.0.113.{secrets.randbelow(250)}"
    state.tip(code=code)
    for _ in range(OF_ADDRESS.most):
        wrong = {"receipt_code": sealing.mint_code()}
        assert post(app, "status", wrong, X_Forwarded_For=here).status_code == 404
    for each in (code, sealing.mint_code()):
        answer = post(app, "status", {"receipt_code": each}, X_Forwarded_For=here)
        assert (answer.status_code, body_of(answer)["error"]) == (429, "wait")
    page = Browser(app).post("/status", {"receipt_code": code}, headers={"X-Forwarded-For": here})
    assert page.status_code == 429
    elsewhere = post(app, "status", {"receipt_code": code}, X_Forwarded_For="203.0.113.251")
    assert elsewhere.status_code == 200
    assert post(app, "status", {"receipt_code": code}).status_code == 200


# The description


def test_the_description_names_every_field_and_every_answer(app: Flask) -> None:
    described = body_of(Browser(app).get("/api/v1/openapi.json"))
    operation = described["paths"]["/tips"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema["required"] == ["address", "facts"]
    assert set(load().questionnaire.fields) <= set(schema["properties"])
    assert set(operation["responses"]) == {"201", "400", "401", "409", "413", "422"}
    routes = {
        str(rule).removeprefix("/api/v1")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and "POST" in (rule.methods or ())
    }
    assert set(described["paths"]) == routes


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5), st.booleans())
def test_whatever_is_sent_is_answered_as_described(
    app: Flask, content: dict[str, Any], complete: bool
) -> None:
    answer = tip(app, {**content, **BODY} if complete else content)
    described = body_of(Browser(app).get("/api/v1/openapi.json"))
    responses = described["paths"]["/tips"]["post"]["responses"]
    assert str(answer.status_code) in responses
    assert answer.status_code == 201 or not complete
    if answer.status_code == 201:
        schema = responses["201"]["content"]["application/json"]["schema"]
        assert set(schema["required"]) <= set(body_of(answer)) <= set(schema["properties"])


def test_received_at_says_when_in_local_time(app: Flask) -> None:
    content = body_of(tip(app))
    assert content["received_at"].endswith("+08:00")
    assert content["received_at"][:10] >= clock.now().date().isoformat()
