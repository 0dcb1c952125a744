"""Talks: one questionnaire by message, one receipt on every channel, one reply a step."""

from datetime import datetime, timedelta
from itertools import count

import given
import pytest
from flask import Flask

from tipline import worker
from tipline.channels import Heard
from tipline.db import db
from tipline.domain import receipts
from tipline.domain.guessing import OF_SENDER
from tipline.domain.lifecycle import CaseStatus
from tipline.models import Case, Contact, Conversation, Delivery, Entry, Inbound, Tip
from tipline.queries import status
from tipline.runtime import policy
from tipline.services import delivery, feedback, inbox, triage
from tipline.vault import sealing

PHONE, OTHER, CHAT = "+8613800138000", "+8613900139000", "7001"
FACTS = "菜市场二楼有人给人拔牙，没有牌子"
IDS = count(1)


def hear(
    channel: str, sender: str, text: str = "", *, at: datetime = given.NOW, **more: object
) -> None:
    """A message comes in, is understood, and everything that is due is sent."""
    heard = Heard(f"id{next(IDS)}", sender, text, **more)  # type: ignore[arg-type]
    inbox.keep(channel, heard, now=at)
    settle(at)


def settle(at: datetime) -> None:
    while worker.tick(at):
        pass


def only(model: type[given.Model]) -> given.Model:
    [found] = given.every(model)
    return found


def told_by_code(code: str) -> list[str]:
    opened = status.by_code(code)
    assert opened
    return [message.body for message in opened.messages]


def code_of(sms: given.Collecting, sender: str = PHONE) -> str:
    """The code, asked for by text message."""
    hear("sms", sender, "查询码")
    return receipts.code_in(sms.sent[-1][1]) or ""


def test_a_grandmother_answers_four_messages(app: Flask, sms: given.Collecting) -> None:
    for text in (FACTS, "人民路菜市场后面", "赶集那天", "2"):
        hear("sms", PHONE, text)
    tip = only(Tip)
    assert (tip.address, tip.wants_reply) == ("人民路菜市场后面", False)
    assert tip.case.clinic.address == "人民路菜市场后面"
    texts = [text for _, text in sms.sent]
    assert len(texts) == 4
    assert texts[0].startswith("谢谢，收到了，编号" + tip.number)
    assert "请问在什么地方？" in texts[0]
    assert texts[1] == "一般什么时候有人？不清楚请回0。"
    assert texts[2].endswith("1 是\n2 不")
    assert texts[3].startswith("谢谢，都记下了")
    assert told_by_code(code_of(sms)) == ["时间：赶集那天"]
    assert all(len(text) <= 70 for text in texts)


def test_a_student_presses_buttons(app: Flask, telegram: given.Collecting) -> None:
    maonan = given.office("440902")
    times = (given.NOW + timedelta(seconds=seconds) for seconds in count())
    hear("telegram", CHAT, FACTS, at=next(times))
    while telegram.offered[-1]:
        options = {choice.value for choice in telegram.offered[-1]}
        wanted = {"category=blood", "wants_reply=yes", "wants_reward=yes"} & options
        if "address=skip" in options:
            hear("telegram", CHAT, "官山一路 11 号", at=next(times))
        elif "division=skip" in options:
            hear("telegram", CHAT, pressed="division=44", at=next(times))
        else:
            pressed = (wanted or options & {"when=skip", "who=skip"}).pop()
            hear("telegram", CHAT, pressed=pressed, at=next(times))
    tip = only(Tip)
    assert (tip.category, tip.case.category, tip.priority) == ("blood", "blood", 1)
    assert (tip.address, tip.division) == ("官山一路 11 号", "44")
    assert (tip.wants_reply, tip.wants_reward) == (True, True)
    assert tip.case.office_id != maonan
    assert len(telegram.sent) == 8
    events = [line.event for line in given.every(Entry) if line.about_kind == "tip"]
    assert events == ["tip.received"] + ["tip.detailed"] * 5


def test_the_district_brings_the_case_to_its_office(app: Flask, telegram: given.Collecting) -> None:
    office = given.office("44")
    hear("telegram", CHAT, FACTS)
    hear("telegram", CHAT, pressed="division=44")
    assert only(Case).office_id == office


def test_what_the_office_confirmed_is_not_changed_by_a_late_answer(
    app: Flask, sms: given.Collecting
) -> None:
    hear("sms", PHONE, FACTS)
    given.accepted(only(Tip).id, by=given.staff("triage_officer"))
    hear("sms", PHONE, "人民路 3 号")
    assert only(Tip).case.clinic.address == "官山一路 11 号 401"
    assert only(Tip).address == "人民路 3 号"


def test_one_code_opens_the_same_tip_on_every_channel(
    app: Flask, sms: given.Collecting, telegram: given.Collecting
) -> None:
    code = sealing.mint_code()
    receipt = given.receipt(code=code)
    hear("sms", PHONE, f"查 {receipts.grouped(code)}")
    hear("telegram", CHAT, f"status {code}")
    hear("sms", PHONE, f"补充 {code} 他们搬到三楼了")
    hear("telegram", CHAT, f"add {code} 晚上十点关门")
    feedback.add(code, words="还有一个后门", now=given.NOW)
    assert told_by_code(code) == ["他们搬到三楼了", "晚上十点关门", "还有一个后门"]
    assert len(given.every(Tip)) == 1
    assert [address for address, _ in sms.sent + telegram.sent] == [PHONE, PHONE, CHAT, CHAT]
    assert all(receipt.number in text for _, text in sms.sent + telegram.sent)
    assert not any(receipts.code_in(text) for _, text in sms.sent + telegram.sent)


def test_the_code_is_told_to_nobody_but_who_the_tip_came_from(
    app: Flask, sms: given.Collecting
) -> None:
    code = sealing.mint_code()
    given.receipt(code=code)
    hear("sms", OTHER, f"查 {code}")
    hear("sms", OTHER, "查询码")
    assert receipts.code_in("".join(text for _, text in sms.sent)) is None


def test_who_asks_about_a_tip_that_is_over_hears_that_there_is_news(
    app: Flask, sms: given.Collecting
) -> None:
    code = sealing.mint_code()
    tip_id = given.receipt(code=code).tip_id
    given.answered(tip_id, office=given.staff("triage_officer"), inspector=given.staff("inspector"))
    hear("sms", PHONE, f"查 {code}")
    assert "有新消息" in sms.sent[-1][1]
    assert "已查实" not in sms.sent[-1][1]


def test_wrong_codes_are_answered_alike_and_make_wait_after_a_few(
    app: Flask, sms: given.Collecting
) -> None:
    right = sealing.mint_code()
    given.receipt(code=right)
    unknown, mistyped = sealing.mint_code(), "1234 5678 9012 3456 7890 12"
    for number in range(OF_SENDER.most):
        hear("sms", OTHER, f"查 {unknown if number % 2 else mistyped}")
    answers = {text for _, text in sms.sent}
    assert answers == {"没有找到。请核对查询码：一共22位数字。"}
    for code in (unknown, right):
        hear("sms", OTHER, f"查 {code}")
        assert sms.sent[-1][1].startswith("试的次数多了")
    hear("sms", PHONE, f"查 {right}")
    assert "正在办" in sms.sent[-1][1]
    hear("sms", OTHER, f"查 {right}", at=given.NOW + timedelta(minutes=11))
    assert "正在办" in sms.sent[-1][1]


def test_words_beside_a_wrong_code_are_kept(app: Flask, sms: given.Collecting) -> None:
    hear("sms", PHONE, f"补充 {sealing.mint_code()} 他们搬到三楼了")
    assert len(given.every(Tip)) == 1


# Stopping


@pytest.mark.parametrize("word", ["STOP", "退订", "td"])
@pytest.mark.parametrize("told", [0, 1, 2, 4])
def test_nothing_is_sent_after_stop_in_any_state_and_the_tip_is_kept(
    app: Flask, sms: given.Collecting, word: str, told: int
) -> None:
    for text in (FACTS, "人民路 3 号", "晚上", "1")[:told]:
        hear("sms", PHONE, text)
    sent = len(sms.sent)
    hear("sms", PHONE, word)
    hear("sms", PHONE, "他们又开门了")
    tip = given.every(Tip)[0]
    given.accepted(tip.id, by=given.staff("triage_officer"))
    settle(given.NOW + timedelta(hours=2))
    assert len(sms.sent) == sent
    assert {contact.stopped_at for contact in given.every(Contact)} == {given.NOW}
    hear("sms", PHONE, "START")
    hear("sms", PHONE, "还有一个后门")
    assert len(sms.sent) == sent + 2


def test_what_was_already_under_way_is_not_sent_after_stop(
    app: Flask, sms: given.Collecting
) -> None:
    given.message("sms", PHONE, FACTS, id="a")
    [leased] = delivery.lease(now=given.NOW)
    given.message("sms", PHONE, "退订", id="b")
    delivery.send(leased, now=given.NOW)
    assert sms.sent == []
    assert {row.state for row in given.every(Delivery)} == {"failed"}


# Silence


@pytest.mark.parametrize("told", [1, 2, 3])
def test_after_half_an_hour_of_silence_the_tip_is_saved_with_one_closing_message(
    app: Flask, sms: given.Collecting, told: int
) -> None:
    for text in (FACTS, "人民路 3 号", "晚上")[:told]:
        hear("sms", PHONE, text)
    settle(given.NOW + timedelta(minutes=29))
    assert len(sms.sent) == told
    for minutes in (31, 60, 600):
        settle(given.NOW + timedelta(minutes=minutes))
    assert len(sms.sent) == told + 1
    assert sms.sent[-1][1].startswith("谢谢，都记下了")
    hear("sms", PHONE, "他们搬走了", at=given.NOW + timedelta(days=1))
    assert len(given.every(Tip)) == 1
    assert sms.sent[-1][1].startswith("您补充的内容收到了")


def test_a_talk_that_cannot_be_closed_waits_and_blocks_nobody(
    app: Flask, sms: given.Collecting
) -> None:
    hear("sms", PHONE, FACTS)
    hear("sms", OTHER, FACTS)
    broken = given.every(Conversation)[0]
    broken.state = {"nonsense": 1}
    db.session.commit()
    settle(given.NOW + timedelta(minutes=31))
    assert [address for address, _ in sms.sent] == [PHONE, OTHER, OTHER]
    [waits, closed] = given.every(Conversation)
    assert waits.closes_at == given.NOW + timedelta(minutes=61)
    assert closed.closes_at is None


# Several tips


def two_tips(sms: given.Collecting) -> list[Tip]:
    for text in (FACTS, "0", "0", "0", "新的", "桥头卖药的给人打针", "0", "0", "0"):
        hear("sms", PHONE, text)
    return given.every(Tip)


def test_words_wait_until_it_is_known_to_which_tip_they_belong(
    app: Flask, sms: given.Collecting
) -> None:
    first, second = two_tips(sms)
    hear("sms", PHONE, "又开门了")
    choices = f"1 {first.number}\n2 {second.number}\n3 另一件新的"
    assert sms.sent[-1][1] == f"请问是哪一件？\n{choices}"
    hear("sms", PHONE, "1")
    assert first.number in sms.sent[-1][1]
    assert [message.kind for message in given.reread(first.id).messages] == ["addition"]
    assert given.reread(second.id).messages == []
    assert {each.state for each in given.every(Inbound)} == {"understood"}


@pytest.mark.parametrize("text", ["3", None])
def test_words_that_belong_to_no_tip_become_a_new_one(
    app: Flask, sms: given.Collecting, text: str | None
) -> None:
    two_tips(sms)
    hear("sms", PHONE, "又有一家")
    if text is None:
        settle(given.NOW + timedelta(minutes=31))
    else:
        hear("sms", PHONE, text)
    tips = given.every(Tip)
    assert len(tips) == 3
    assert tips[-1].number in sms.sent[-1][1]
    assert {each.state for each in given.every(Inbound)} == {"understood"}


def test_the_answer_to_a_question_of_the_office_goes_to_its_tip(
    app: Flask, sms: given.Collecting
) -> None:
    first, second = two_tips(sms)
    triage.ask(second.id, by=given.staff("triage_officer"), body="几楼？", now=given.NOW)
    hear("sms", PHONE, "四楼")
    assert [m.kind for m in given.reread(second.id).messages] == ["question", "addition"]
    assert given.reread(first.id).messages == []
    assert given.case_of(second.id).status == CaseStatus.RECEIVED


def test_a_corrected_message_is_kept_beside_the_first(
    app: Flask, telegram: given.Collecting
) -> None:
    hear("telegram", CHAT, FACTS)
    hear("telegram", CHAT, "是三楼，不是二楼", amends=True)
    assert [message.kind for message in only(Tip).messages] == ["amendment"]
    assert len(telegram.sent) == 2


def test_words_written_before_our_question_arrived_are_no_answer_to_it(
    app: Flask, sms: given.Collecting
) -> None:
    for number, text in enumerate((FACTS, "还有，他们夜里搬东西")):
        at = given.NOW + timedelta(seconds=number)
        inbox.keep("sms", Heard(f"early{number}", PHONE, text), now=at)
    settle(given.NOW + timedelta(minutes=5))
    tip = only(Tip)
    assert tip.address == ""
    assert [message.kind for message in tip.messages] == ["addition"]


# Floods


def test_a_number_that_floods_is_kept_whole_and_answered_once_in_ten_minutes(
    app: Flask, sms: given.Collecting
) -> None:
    most = policy().outbox.replies.most
    for number in range(40):
        words = "新的" if number % 2 else f"{FACTS} {number}"
        hear("sms", PHONE, words, at=given.NOW + timedelta(seconds=number))
    assert len(sms.sent) == most
    for number in range(20):
        hear("sms", PHONE, f"又来 {number}", at=given.NOW + timedelta(seconds=610 + number))
    assert len(sms.sent) == most + 1
    assert len(given.every(Tip)) >= 20
    assert {each.state for each in given.every(Inbound)} == {"understood"}
    assert len(given.every(Delivery)) == len(sms.sent)


def test_a_flood_of_others_takes_no_reply_from_an_honest_dialogue(
    app: Flask, sms: given.Collecting
) -> None:
    for number in range(30):
        hear("sms", OTHER, f"{FACTS} {number}")
    for text in (FACTS, "人民路菜市场后面", "赶集那天", "2"):
        hear("sms", PHONE, text)
    assert len([address for address, _ in sms.sent if address == PHONE]) == 4


# A number that was left on the page


def test_stop_is_obeyed_for_a_number_that_was_left_on_the_page(
    app: Flask, sms: given.Collecting
) -> None:
    tip = given.tip(contact=("sms", PHONE))
    hear("sms", PHONE, "STOP")
    given.accepted(tip.id, by=given.staff("triage_officer"))
    settle(given.NOW + timedelta(hours=2))
    assert sms.sent == []


def test_who_left_a_number_on_the_page_can_answer_our_question_by_text_message(
    app: Flask, sms: given.Collecting
) -> None:
    tip = given.tip(contact=("sms", PHONE))
    triage.ask(tip.id, by=given.staff("triage_officer"), body="几楼？", now=given.NOW)
    settle(given.NOW)
    assert len(sms.sent) == 1
    hear("sms", PHONE, "四楼")
    assert [message.kind for message in given.reread(tip.id).messages] == ["question", "addition"]
    assert len(given.every(Tip)) == 1


def test_who_holds_the_number_now_is_told_no_code_of_a_tip_from_the_page(
    app: Flask, sms: given.Collecting
) -> None:
    tip = given.tip(contact=("sms", PHONE))
    triage.ask(tip.id, by=given.staff("triage_officer"), body="几楼？", now=given.NOW)
    settle(given.NOW)
    for text in ("四楼", "查询码", "查询码"):
        hear("sms", PHONE, text)
    assert len(given.every(Tip)) == 1
    assert receipts.code_in("".join(text for _, text in sms.sent)) is None


def test_a_message_that_carries_a_code_is_promised_to_fade(
    app: Flask, telegram: given.Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[tuple[str, str]] = []
    taker = lambda self, address, message: gone.append((address, message))  # noqa: E731
    monkeypatch.setattr(given.Collecting, "take_back", taker, raising=False)
    code = sealing.mint_code()
    given.receipt(code=code)
    hear("telegram", CHAT, f"查 {code}", message="55")
    settle(given.NOW + timedelta(minutes=9))
    assert gone == []
    settle(given.NOW + timedelta(minutes=11))
    assert gone == [(CHAT, "55")]
