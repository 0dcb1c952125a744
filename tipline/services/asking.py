"""A question of the questionnaire as a message: its words, and the answers it offers."""

from tipline.channels import Choice
from tipline.domain.words import Text
from tipline.policy.forms import Field, Option
from tipline.runtime import policy

YES = Option(value="yes", label=Text(zh="是", en="Yes"))
NO = Option(value="no", label=Text(zh="不", en="No"))
NOT_KNOWN = Option(value="unknown", label=Text(zh="不清楚", en="I do not know"))


def question(field_id: str, locale: str) -> tuple[str, tuple[Choice, ...]]:
    """The words that ask for this field, and the choices it offers; KeyError if there is none."""
    for page in policy().questionnaire.pages:
        for field in page.fields:
            if field.id == field_id:
                choices = (_choice(option, locale) for option in _options(field))
                return page.title.in_locale(locale), tuple(choices)
    raise KeyError(field_id)


def _options(field: Field) -> list[Option]:
    if field.kind == "yes_no":
        return [YES, NO]
    if field.options == "categories":
        found = [each for each in policy().categories.values() if each.active]
        return [Option(value=each.id, label=each.label) for each in found]
    return [*field.options, NOT_KNOWN] if field.options and field.unknown else list(field.options)


def _choice(option: Option, locale: str) -> Choice:
    return Choice(option.value, option.label.in_locale(locale))
