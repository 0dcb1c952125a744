"""Questions of the questionnaire, asked by message: the words and the choices of the policy."""

from datetime import datetime

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
    for delivery_id in delivery.lease(now=given.NOW):
        delivery.send(delivery_id, now=given.NOW)


def test_a_question_is_asked_in_the_words_of_the_policy(app: Flask, sms: given.Collecting) -> None:
    tip = given.tip(channel="sms", contact=("sms", "+8613800138000"))
    asked(tip.id, "when")
    assert sms.sent[-1][1] == "一般什么时候有人在？"
    assert sms.offered[-1] == ()
    assert given.every(Notice)[-1].field == "when"


def test_a_question_offers_its_choices_as_digits_and_as_buttons(
    app: Flask, sms: given.Collecting, telegram: given.Collecting
) -> None:
    for channel, voice in (("sms", sms), ("telegram", telegram)):
        tip = given.tip(channel=channel, contact=(channel, "+8613800138000"), locale="en")
        asked(tip.id, "wants_reply")
        assert voice.offered[-1] == (Choice("yes", "Yes"), Choice("no", "No"))
    assert sms.sent[-1][1] == "Finally, what would you like from us?\n1 Yes\n2 No"
    assert telegram.sent[-1][1] == "Finally, what would you like from us?"


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_field_of_the_questionnaire_can_be_asked_for(app: Flask, locale: str) -> None:
    for field in policy().questionnaire.fields:
        words, choices = asking.question(field, locale)
        assert words
        assert all(each.label for each in choices)


def test_an_unknown_field_is_a_mistake_of_ours(app: Flask) -> None:
    with pytest.raises(KeyError):
        asking.question("nonsense", "zh")
