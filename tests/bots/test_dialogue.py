"""The dialogue: whatever somebody writes ends as a tip, an addition or a harmless reply."""

from datetime import timedelta

import given as state
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from bots.dialogue import ASKS_FOR_CODE, GREETINGS, understand
from tipline import worker
from tipline.channels import Effect, Turn
from tipline.domain.receipts import code_in
from tipline.models import Tip

HELP, CODE = Turn(Effect.NOTHING, reply="help"), Turn(Effect.TELL_CODE, reply="code")
# Carriers and providers act on these themselves, so none of them may mean something of ours.
CARRIERS_WORDS = (
    "stop stopall unsubscribe cancel end quit start yes unstop help info 退订 取消 t td"
)
PHONE = "+8613800138000"


@given(st.text(), st.booleans())
def test_any_text_is_kept_whole_or_answered(text: str, has_open_tip: bool) -> None:
    kept = Turn(Effect.ADD if has_open_tip else Effect.NEW_TIP, words=text)
    assert understand(text, has_open_tip=has_open_tip) in (kept, HELP, CODE)


@given(st.text(), st.booleans())
def test_only_what_says_nothing_is_answered_without_being_kept(text: str, opened: bool) -> None:
    if any(sign.isalnum() for sign in text) and not understand(text, has_open_tip=opened).words:
        said = "".join(sign for sign in text if sign.isalnum()).casefold()
        assert said in {"start", "help", "code", "查询码", "查码", "查詢碼"}


@pytest.mark.parametrize("has_open_tip", [True, False])
@pytest.mark.parametrize(
    "greeting", ["/start", "/START", " /start ", "/help", "", " \n", "。", "！"]
)
def test_a_greeting_is_answered_with_an_explanation(greeting: str, has_open_tip: bool) -> None:
    assert understand(greeting, has_open_tip=has_open_tip) == HELP


@pytest.mark.parametrize("has_open_tip", [True, False])
@pytest.mark.parametrize(
    "asking",
    ["查询码", "“查询码”", "查询码。", " 查码\n", "查詢碼", "CODE", "code!", "ｃｏｄｅ", "Code"],
)
def test_whoever_asks_for_the_code_is_not_taken_to_report_something(
    asking: str, has_open_tip: bool
) -> None:
    assert understand(asking, has_open_tip=has_open_tip) == CODE


@pytest.mark.parametrize(
    "text",
    ["打针", "你好", "1", "有人吗？", "/start 人民路有人打针", "我的查询码丢了", "\x00", "\ud83d"],
)
def test_a_first_message_is_never_eaten_when_it_says_anything(text: str) -> None:
    assert understand(text, has_open_tip=False) == Turn(Effect.NEW_TIP, words=text)


@pytest.mark.parametrize("word", CARRIERS_WORDS.split())
def test_no_command_is_a_word_that_carriers_keep_for_themselves(word: str) -> None:
    assert word not in ASKS_FOR_CODE | GREETINGS
    assert understand(word.upper(), has_open_tip=True) == Turn(Effect.ADD, words=word.upper())


@given(st.lists(st.sampled_from(["", "/start", "查询码", "打针", "在四楼", "STOP"]), max_size=12))
def test_a_whole_conversation_keeps_every_word_that_was_said(texts: list[str]) -> None:
    kept, has_open_tip = [], False
    for text in texts:
        turn = understand(text, has_open_tip=has_open_tip)
        has_open_tip |= turn.effect is Effect.NEW_TIP
        kept += [turn.words] if turn.words else []
    assert kept == [text for text in texts if text in ("打针", "在四楼", "STOP")]


def test_a_reporter_gets_the_code_when_the_answer_is_ready(
    app: Flask, sms: state.Collecting
) -> None:
    state.message("sms", PHONE, "官山三路有人打针", id="1")
    [tip] = state.every(Tip)
    state.answered(tip.id, office=state.staff("triage_officer"), inspector=state.staff("inspector"))
    later = state.NOW + timedelta(days=2)
    state.message("sms", PHONE, "查询码", id="2", now=later)
    while worker.tick(later):
        pass
    assert code_in(sms.sent[-1][1])
    assert [tip.number for tip in state.every(Tip)] == [tip.number]


def test_a_stranger_who_asks_for_a_code_is_told_what_to_do(
    app: Flask, sms: state.Collecting
) -> None:
    state.message("sms", PHONE, "查询码", id="1")
    worker.tick(state.NOW)
    assert [address for address, _ in sms.sent] == [PHONE]
    assert code_in(sms.sent[0][1]) is None
    assert state.every(Tip) == []
