"""Questions of the questionnaire, asked by message: the words and the choices of the policy."""

from datetime import datetime, timedelta

import given
import pytest
from flask import Flask

from tipline.channels import Choice
from tipline.db import session, use_case
from tipline.models import Notice, Tip
from tipline.runtime import policy
from tipline.services import asking, delivery, notices


@use_case
def ask(tip_id: int, field: str, *, now: datetime) -> None:
    """Owe the reporter a question of the questionnaire, as the dialogue does."""
    tip = session().get_one(Tip, tip_id)
    notices.promise(tip, "ask", because=f"test:{field}", now=now, field=field)


def asked(tip_id: int, field: str) -> None:
    ask(tip_id, field, now=given.NOW)
    for seconds in (0, 1):  # a chat takes one message a second
        now = given.NOW + timedelta(seconds=seconds)
        for delivery_id in delivery.lease(now=now):
            delivery.send(delivery_id, now=now)


def test_a_question_is_asked_in_the_words_of_the_policy(app: Flask, sms: given.Collecting) -> None:
    tip = given.tip(channel="sms", contact=("sms", "+8613800138000"))
    asked(tip.id, "when")
    field = policy().questionnaire.fields["when"]
    assert field.sms is not None
    assert sms.sent[-1][1] == field.sms.zh
    assert sms.offered[-1] == ()
    assert given.every(Notice)[-1].field == "when"


def test_a_question_names_the_digits_where_there_are_no_buttons(
    app: Flask, sms: given.Collecting, telegram: given.Collecting
) -> None:
    for channel in ("sms", "telegram"):
        tip = given.tip(channel=channel, contact=(channel, "+8613800138000"), locale="en")
        asked(tip.id, "wants_reply")
    assert sms.sent[-1][1].endswith("?\n1 Yes\n2 No")
    assert sms.offered[-1] == ()
    assert telegram.sent[-1][1] == "Shall we tell you when there is news?"
    assert telegram.offered[-1] == (
        Choice("wants_reply=yes", "Yes"),
        Choice("wants_reply=no", "No"),
        Choice("wants_reply=skip", "Skip"),
    )


@pytest.mark.parametrize("channel", ["sms", "telegram"])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_field_that_is_asked_can_be_asked_for(app: Flask, locale: str, channel: str) -> None:
    for question in asking.questions(channel):
        words, choices = asking.question(question.field, locale, channel)
        assert words
        assert all(each.label for each in choices)
        assert all(len(each.value.encode()) <= 64 for each in choices)


def test_by_text_message_only_where_what_when_and_reply_are_asked(app: Flask) -> None:
    asked = [question.field for question in asking.questions("sms")]
    assert asked == ["address", "facts", "when", "wants_reply"]


def test_in_a_chat_every_choice_has_its_button(app: Flask) -> None:
    asked = {question.field: question for question in asking.questions("telegram")}
    assert set(asked) == set(policy().questionnaire.fields) - {"landmark", "floor", "contact"}
    kinds = {option.value for option in asked["category"].options}
    assert kinds == {kind.id for kind in policy().categories.values() if kind.active}


def test_an_unknown_field_is_a_mistake_of_ours(app: Flask) -> None:
    with pytest.raises(KeyError):
        asking.question("nonsense", "zh", "sms")
