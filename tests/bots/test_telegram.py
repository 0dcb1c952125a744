"""Chat: the official client against a provider on loopback, and which updates are heard."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import HANGS_UP, Provider, listening, nobody

from bots.telegram import SECRET_HEADER, Telegram
from tipline.channels import CannotReach, Choice, Heard, Knock, NotFromProvider, TryLater, Unclear
from tipline.domain.sending import Why
from tipline.settings import Settings

TOKEN, SECRET, CHAT = "123456:" + "a" * 30, "s" * 32, "700000001"
PERSON = {"id": 700000001, "is_bot": False, "first_name": "张", "language_code": "zh-hans"}
PRIVATE = {"id": 700000001, "type": "private"}
MESSAGE = {"message_id": 1, "date": 0, "chat": PRIVATE, "from": PERSON, "text": "打针"}
SENT = {"ok": True, "result": {"message_id": 42, "date": 0, "chat": PRIVATE}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def channel(base_url: str = "") -> Telegram:
    return Telegram(
        Settings(telegram_token=TOKEN, telegram_secret=SECRET, telegram_base_url=base_url)
    )


@pytest.fixture
def provider() -> Iterator[Provider]:
    with listening() as provider:
        yield provider


def knock(body: object, secret: str | None = SECRET) -> Knock:
    """An update, brought with the secret unless said otherwise."""
    plain = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {} if secret is None else {SECRET_HEADER: secret}
    return Knock("https://tipline.test/hooks/telegram", headers, {}, plain)


def hear(**update: object) -> Heard | None:
    return channel().hear(knock({"update_id": 7} | update))


def test_a_message_goes_to_the_configured_server_in_the_providers_own_words(
    provider: Provider,
) -> None:
    provider.answer = 200, SENT
    assert channel(provider.url).speak(CHAT, "编号 T1 有新消息") == "42"
    [request] = provider.heard
    assert request.path == f"/bot{TOKEN}/sendMessage"
    assert request.form == {"chat_id": CHAT, "text": "编号 T1 有新消息"}


def test_choices_become_buttons_one_a_line(provider: Provider) -> None:
    provider.answer = 200, SENT
    channel(provider.url).speak(CHAT, "几点？", [Choice("a", "早上"), Choice("b", "晚上")])
    rows = json.loads(provider.heard[0].form["reply_markup"])["inline_keyboard"]
    assert rows == [
        [{"text": "早上", "callback_data": "a"}],
        [{"text": "晚上", "callback_data": "b"}],
    ]


@pytest.mark.parametrize("as_timedelta", ["true", "false"])
@pytest.mark.filterwarnings("ignore:.*retry_after")
def test_a_message_waits_as_long_as_the_provider_asks_for(
    provider: Provider, as_timedelta: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)
    provider.answer = 429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 17}}
    with pytest.raises(TryLater) as flood:
        channel(provider.url).speak(CHAT, "x")
    assert flood.value.after == 17


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_message_is_tried_later_when_the_provider_cannot_take_it_now(
    provider: Provider, status: int
) -> None:
    provider.answer = status, {"ok": False, "error_code": status, "description": "Internal"}
    with pytest.raises(TryLater):
        channel(provider.url).speak(CHAT, "x")
    provider.answer = status, "<html>Bad Gateway</html>"
    with pytest.raises(TryLater):
        channel(provider.url).speak(CHAT, "x")
    assert len(provider.heard) == 2


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (400, "Bad Request: chat not found"),
    ],
)
def test_a_message_is_given_up_when_the_provider_will_never_deliver_it(
    provider: Provider, status: int, words: str
) -> None:
    provider.answer = status, {"ok": False, "error_code": status, "description": words}
    with pytest.raises(CannotReach):
        channel(provider.url).speak(CHAT, "x")
    assert len(provider.heard) == 1


@pytest.mark.parametrize("status", [401, 404])
def test_a_message_is_tried_later_when_it_is_our_own_token_that_is_refused(
    provider: Provider, status: int
) -> None:
    provider.answer = status, {"ok": False, "error_code": status, "description": "Unauthorized"}
    with pytest.raises(TryLater):
        channel(provider.url).speak(CHAT, "x")


def test_a_message_may_have_been_sent_when_the_provider_hangs_up(provider: Provider) -> None:
    provider.answer = HANGS_UP
    with pytest.raises(Unclear):
        channel(provider.url).speak(CHAT, "x")
    assert len(provider.heard) == 1


def test_a_message_may_have_been_sent_when_the_answer_cannot_be_read(provider: Provider) -> None:
    provider.answer = 200, "<html>Welcome</html>"
    with pytest.raises(Unclear):
        channel(provider.url).speak(CHAT, "x")


def test_a_message_was_not_sent_when_nobody_could_be_reached() -> None:
    with pytest.raises(TryLater):
        channel(nobody()).speak(CHAT, "x")


def test_a_failure_says_nothing_of_the_message_the_chat_or_the_token(provider: Provider) -> None:
    provider.answer = 400, {"ok": False, "description": f"no chat {CHAT} for {TOKEN}: 编号"}
    for address in (provider.url, nobody()):
        with pytest.raises((CannotReach, TryLater)) as failed:
            channel(address).speak(CHAT, "编号 T1")
        assert not any(secret in str(failed.value) for secret in (CHAT, TOKEN, "编号"))
        assert failed.value.__suppress_context__


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Forbidden: bot was blocked by the user", Why.BLOCKED),
        ("Forbidden: user is deactivated", Why.NO_SUCH_ADDRESS),
        ("Forbidden: something new", Why.REFUSED),
    ],
)
def test_a_refusal_says_what_it_means_for_the_person(
    provider: Provider, words: str, why: Why
) -> None:
    provider.answer = 403, {"ok": False, "error_code": 403, "description": words}
    with pytest.raises(CannotReach) as refused:
        channel(provider.url).speak(CHAT, "x")
    assert refused.value.why == why


def test_a_message_is_taken_back_from_the_chat(provider: Provider) -> None:
    provider.answer = 200, {"ok": True, "result": True}
    channel(provider.url).take_back(CHAT, "42")
    [request] = provider.heard
    assert request.path == f"/bot{TOKEN}/deleteMessage"
    assert request.form == {"chat_id": CHAT, "message_id": "42"}


def test_a_message_that_is_gone_cannot_be_taken_back(provider: Provider) -> None:
    words = "Bad Request: message to delete not found"
    provider.answer = 400, {"ok": False, "error_code": 400, "description": words}
    with pytest.raises(CannotReach):
        channel(provider.url).take_back(CHAT, "42")


def test_a_message_in_a_private_chat_is_heard() -> None:
    assert hear(message=MESSAGE) == Heard("7", CHAT, "打针", "zh", message="1")


@pytest.mark.parametrize(
    ("language", "locale"), [("zh-hans", "zh"), ("zh", "zh"), ("en", "en"), ("de", "en")]
)
def test_a_message_is_answered_in_the_language_of_its_sender(language: str, locale: str) -> None:
    heard = hear(message=MESSAGE | {"from": PERSON | {"language_code": language}})
    assert heard is not None
    assert heard.locale == locale


def test_a_message_is_answered_in_chinese_when_the_language_is_not_known() -> None:
    unknown = {name: value for name, value in PERSON.items() if name != "language_code"}
    for message in (MESSAGE | {"from": unknown}, without(MESSAGE, "from")):
        heard = hear(message=message)
        assert heard is not None
        assert heard.locale == "zh"


def without(message: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key != name}


PHOTO = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
WORDLESS = without(MESSAGE, "text")


def test_the_words_under_a_picture_are_heard() -> None:
    heard = hear(message=WORDLESS | {"photo": [PHOTO], "caption": "门口"})
    assert heard is not None
    assert heard.text == "门口"


PLACE = {"latitude": 21.6, "longitude": 110.9}
FILE = {"file_id": "f", "file_unique_id": "u", "duration": 1}
STICKER = {"width": 1, "height": 1, "type": "regular", "is_animated": False, "is_video": False}
LARGE = {"file_id": "f", "file_unique_id": "u", "file_size": 20_000_001}


@pytest.mark.parametrize(
    ("more", "heard"),
    [
        ({"photo": [PHOTO, PHOTO | {"file_id": "large"}]}, {"files": ("large",)}),
        ({"voice": FILE}, {"files": ("f",)}),
        ({"audio": FILE}, {"files": ("f",)}),
        ({"document": FILE}, {"files": ("f",)}),
        ({"video": FILE | {"width": 1, "height": 1}}, {"files": ("f",)}),
        ({"document": LARGE}, {"too_large": 1}),
        ({"location": PLACE}, {"text": "定位 21.60000, 110.90000", "pin": True}),
        (
            {"venue": {"location": PLACE, "title": "菜市场", "address": "人民路"}},
            {"text": "菜市场 人民路 定位 21.60000, 110.90000", "pin": True},
        ),
        (
            {"contact": {"first_name": "老陈", "phone_number": "13800138000"}},
            {"text": "老陈 13800138000"},
        ),
        ({"sticker": FILE | STICKER}, {}),
        ({}, {}),
    ],
    ids=lambda value: "-".join(value) or "nothing",
)
def test_what_comes_along_is_heard(more: dict[str, Any], heard: dict[str, Any]) -> None:
    said: dict[str, Any] = {"text": ""} | heard
    expected = Heard("7", CHAT, said.pop("text"), "zh", message="1", **said)
    assert hear(message=WORDLESS | more) == expected


def test_pictures_that_were_sent_as_one_are_told_to_belong_together() -> None:
    heard = hear(message=WORDLESS | {"photo": [PHOTO], "media_group_id": "99"})
    assert heard is not None
    assert heard.album == "99"


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_in_a_group_it_is_only_heard_that_somebody_spoke(kind: str) -> None:
    assert hear(message=in_chat(kind)) == Heard("7", "-100", "", group=True)


def test_files_are_fetched_and_their_address_is_seen_by_nobody(provider: Provider) -> None:
    found = {"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"}
    provider.routes = {
        f"POST /bot{TOKEN}/getFile": (200, {"ok": True, "result": found}),
        f"GET /file/bot{TOKEN}/photos/1.jpg": (200, b"\xff\xd8picture"),
    }
    assert channel(provider.url).fetch("f") == b"\xff\xd8picture"
    provider.routes = {}
    provider.answer = 400, {"ok": False, "error_code": 400, "description": "file is too big"}
    with pytest.raises(CannotReach) as refused:
        channel(provider.url).fetch("f")
    assert TOKEN not in str(refused.value)


def polling(base_url: str) -> Telegram:
    return Telegram(
        Settings(
            telegram_token=TOKEN,
            telegram_secret=SECRET,
            telegram_base_url=base_url,
            telegram_mode="polling",
        )
    )


def test_a_machine_without_a_public_address_asks_and_confirms(provider: Provider) -> None:
    bot = polling(provider.url)
    two = [{"update_id": number, "message": MESSAGE} for number in (7, 8)]
    provider.routes = {
        f"POST /bot{TOKEN}/deleteWebhook": (200, {"ok": True, "result": True}),
        f"POST /bot{TOKEN}/getUpdates": (200, {"ok": True, "result": two}),
    }
    assert [heard.provider_id for heard in bot.collect()] == ["7", "8"]
    bot.collect()
    asked = [request.form.get("offset") for request in provider.heard if "Updates" in request.path]
    assert asked == [None, "9"]
    assert sum("deleteWebhook" in request.path for request in provider.heard) == 1


@pytest.mark.parametrize("answered", [200, 400])
def test_who_pressed_a_button_sees_that_it_was_heard(provider: Provider, answered: int) -> None:
    pressed = [{"update_id": 7, "callback_query": PRESSED}]
    answer = {"ok": answered == 200, "result": True, "description": "query is too old"}
    provider.routes = {
        f"POST /bot{TOKEN}/deleteWebhook": (200, {"ok": True, "result": True}),
        f"POST /bot{TOKEN}/getUpdates": (200, {"ok": True, "result": pressed}),
        f"POST /bot{TOKEN}/answerCallbackQuery": (answered, answer),
    }
    assert [heard.pressed for heard in polling(provider.url).collect()] == ["x"]
    asked = [request.form for request in provider.heard if "answerCallback" in request.path]
    assert [form["callback_query_id"] for form in asked] == ["1"]


def test_who_has_a_webhook_never_asks() -> None:
    assert channel().pause_seconds == 0
    assert polling("").pause_seconds > 0


def test_a_corrected_message_is_heard_once_more() -> None:
    corrected = MESSAGE | {"edit_date": 1, "text": "打针，五楼"}
    assert hear(edited_message=corrected) == Heard(
        "7", CHAT, "打针，五楼", "zh", amends=True, message="1"
    )


def test_a_button_that_was_pressed_is_heard_with_its_value() -> None:
    assert hear(callback_query=PRESSED) == Heard("7", CHAT, "", "zh", pressed="x", query="1")


def test_a_button_in_a_group_is_let_pass() -> None:
    assert hear(callback_query=PRESSED | {"message": in_chat("group")}) is None


def test_a_location_that_moves_is_not_heard_at_every_step() -> None:
    moved = WORDLESS | {"edit_date": 1, "location": {"latitude": 21.6, "longitude": 110.9}}
    assert hear(edited_message=moved) is None


def in_chat(kind: str) -> dict[str, Any]:
    return MESSAGE | {"chat": {"id": -100, "type": kind, "title": "x"}}


QUERY = {"id": "1", "from": PERSON, "query": "打针", "offset": ""}
PRESSED = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "x", "message": MESSAGE}
CHANGED = {
    "chat": PRIVATE,
    "from": PERSON,
    "date": 0,
    "old_chat_member": {"status": "member", "user": PERSON},
    "new_chat_member": {"status": "left", "user": PERSON},
}


@pytest.mark.parametrize(
    "update",
    [
        {"message": in_chat("channel")},
        {"edited_message": in_chat("group")},
        {"channel_post": in_chat("channel")},
        {"edited_channel_post": in_chat("channel")},
        {"business_message": MESSAGE},
        {"inline_query": QUERY},
        {"my_chat_member": CHANGED},
        {"chat_member": CHANGED},
        {"poll": {"id": "1"}},
        {"something_new": MESSAGE},
        {},
    ],
    ids=lambda update: "-".join(update) or "nothing",
)
def test_an_update_that_is_not_a_private_message_is_let_pass(update: dict[str, object]) -> None:
    assert hear(**update) is None


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "😀" * 1000, "‮ 打针", " \n "])
def test_words_are_heard_exactly_whatever_signs_they_hold(text: str) -> None:
    heard = hear(message=MESSAGE | {"text": text})
    assert heard is not None
    assert heard.text == text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\x00",
        b"\xff\xfe",
        b"null",
        b"7",
        b'"x"',
        b"[]",
        b"[[]]",
        b"[" * 100_000,
        b'{"update_id":1,"message":' * 5000,
        b'{"update_id":7,"message":' + b'{"reply_to_message":' * 100 + b"{}" + b"}" * 101,
        b'{"update_id":7,"message":{"message_id":1,"date":1e99,"chat":{"id":1,"type":"private"}}}',
    ],
    ids=lambda body: body[:12].decode("ascii", "replace"),
)
def test_a_body_that_is_no_update_is_let_pass(body: bytes) -> None:
    assert channel().hear(knock(body)) is None


@given(JSON)
def test_any_json_at_all_is_heard_or_let_pass(anything: object) -> None:
    assert channel().hear(knock(anything)) is None
    assert hear(message=anything) is None


@given(st.sampled_from(sorted(MESSAGE)), JSON)
def test_a_message_with_anything_in_one_place_is_heard_or_let_pass(
    name: str, anything: object
) -> None:
    heard = hear(message=MESSAGE | {name: anything})
    assert heard is None or heard.provider_id == "7"


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "密"])
def test_an_update_is_refused_when_the_secret_is_not_ours(secret: str | None) -> None:
    with pytest.raises(NotFromProvider):
        channel().hear(knock({"update_id": 7, "message": MESSAGE}, secret))


def test_every_update_is_refused_when_we_have_no_secret() -> None:
    open_to_all = Telegram(Settings(telegram_token=TOKEN))
    with pytest.raises(NotFromProvider):
        open_to_all.hear(knock({"update_id": 7, "message": MESSAGE}, ""))


def test_nobody_reports_what_became_of_a_chat_message() -> None:
    with pytest.raises(NotFromProvider):
        channel().hear_status(knock({}))
