"""The questionnaire by message: few questions, short enough to ride along with the receipt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tipline.policy import PolicyError, load, loader

Change = Callable[[dict[str, dict[str, Any]]], object]


def mistakes(folder: Path, change: Change) -> str:
    """What is said of the packaged questionnaire after this change; fields by their id."""
    plain = (loader.DEFAULT / "questionnaire.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(plain)
    content["effective_from"] = str(content["effective_from"])
    change({field["id"]: field for page in content["pages"] for field in page["fields"]})
    text = yaml.safe_dump(content, allow_unicode=True)
    (folder / "questionnaire.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load(folder)
    return str(refused.value)


def words(zh: str = "问", en: str = "?") -> dict[str, str]:
    return {"zh": zh, "en": en}


CHANGES: dict[str, tuple[Change, str]] = {
    "a fifth question": (
        lambda fields: fields["who"].update(sms=words()),
        "at most 4 of them are asked by text message",
    ),
    "too long in Chinese": (
        lambda fields: fields["when"].update(sms=words(zh="问" * 29)),
        "fields.when.sms.zh: is longer than 28 signs",
    ),
    "too long with its digits": (
        lambda fields: fields["wants_reply"].update(sms=words(zh="问" * 21)),
        "fields.wants_reply.sms.zh: is longer than 28 signs",
    ),
    "too long in English": (
        lambda fields: fields["when"].update(sms=words(en="?" * 76)),
        "fields.when.sms.en: is longer than 75 signs",
    ),
    "a list too long for digits": (
        lambda fields: (fields["when"].pop("sms"), fields["category"].update(sms=words())),
        "fields.category.sms: cannot be answered by a digit",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_questionnaire_is_refused_when_it_asks_too_much_by_message(
    tmp_path: Path, what: str
) -> None:
    change, reason = CHANGES[what]
    assert reason in mistakes(tmp_path, change)
