"""The questionnaire by message: what is asked on a channel, in which words, with which answers."""

from tipline.channels import Choice
from tipline.db import session
from tipline.dialogues import SKIP, WHICH, Question
from tipline.dialogues import Option as Answer
from tipline.domain.words import Text
from tipline.models import Tip
from tipline.policy.forms import Field, Option
from tipline.queries.offices import home_division
from tipline.runtime import policy, runtime

SKIPPED = Option(value=SKIP, label=Text(zh="跳过", en="Skip"))
ANOTHER = Text(zh="另一件新的", en="Something new")


def questions(channel: str) -> tuple[Question, ...]:
    """What is asked on this channel, in the order of the questionnaire."""
    asked = [field for field in policy().questionnaire.fields.values() if _words(field, channel)]
    return tuple(Question(field.id, _answers(field)) for field in asked)


def question(field_id: str, locale: str, channel: str) -> tuple[str, tuple[Choice, ...]]:
    """The words that ask for this field, and the choices it offers; KeyError if there is none.

    Where there are no buttons the words name the digits, and nothing has to be pressed.
    """
    field = policy().questionnaire.fields[field_id]
    if not has_buttons(channel):
        return field.by_sms(locale), ()
    offered = (*options(field), SKIPPED)
    choices = (Choice(f"{field.id}={each.value}", each.label.in_locale(locale)) for each in offered)
    return (field.chat or field.label).in_locale(locale), tuple(choices)


def which(tip_ids: str, locale: str, channel: str) -> tuple[str, tuple[Choice, ...]]:
    """The numbers of these tips to choose from, and something new, as digits or as buttons."""
    offered = [session().get_one(Tip, int(tip_id)) for tip_id in tip_ids.split(",")]
    labels = [*(tip.number for tip in offered), ANOTHER.in_locale(locale)]
    counted = list(enumerate(labels, start=1))
    if has_buttons(channel):
        return "", tuple(Choice(f"{WHICH}={count}", label) for count, label in counted)
    return "\n".join(f"{count} {label}" for count, label in counted), ()


def has_buttons(channel: str) -> bool:
    """Whether choices can be pressed on this channel."""
    return any(each.buttons for each in runtime().channels.get(channel, ()))


def _words(field: Field, channel: str) -> Text | None:
    return field.chat if has_buttons(channel) else field.sms


def _answers(field: Field) -> tuple[Answer, ...]:
    return tuple(Answer(each.value, (each.label.zh, each.label.en)) for each in options(field))


def options(field: Field) -> list[Option]:
    """The answers to choose from; empty where there are only words."""
    if field.kind == "division":
        areas = policy().divisions.children(home_division())
        return [Option(value=area.code, label=Text(zh=area.name, en=area.name)) for area in areas]
    if field.options == "categories":
        active = (each for each in policy().categories.values() if each.active)
        return [Option(value=each.id, label=each.label) for each in active]
    return list(field.answers)
