"""The messages that reach a phone: they render, they fit, and they say nothing of the matter."""

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tipline.channels import Choice
from tipline.policy.checks import LONGEST_BY_SMS
from tipline.policy.vocabulary import NOTICE_KINDS

FOLDER = Path(__file__).parents[2] / "templates" / "messages"
TEMPLATES = Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined)
CHANNELS = ("sms", "telegram")
FILLED = {
    "zh": {"promised_on": "2026年12月28日"},
    "en": {"promised_on": "28 September 2026"},
}
COMMON: dict[str, Any] = {
    "number": "T4821-3907-2214",
    "code": "1234-5678-9012-3456-7890-12",
    "status_url": "https://example.cn/status",
    "question": "Q?",
    "files": 12,
    "choices": [Choice("yes", "A"), Choice("no", "B")],
}
FORBIDDEN = (
    *("举报", "投诉", "黑诊所", "诊所", "奖", "医", "药", "违法", "卫生", "执法", "查处", "地址"),
    *("clinic", "report", "tip", "reward", "illegal", "doctor", "health", "medic", "drug"),
    *("address", "outcome", "inspect", "police", "fine"),
)
CHOICE = "".join(f"{digit} {COMMON['number']}\n" for digit in (1, 2, 3))
# The longest question that the policy may hold, and the longest choice of tips.
LONGEST = (
    {locale: "Q" * most for locale, most in LONGEST_BY_SMS.items()},
    {locale: CHOICE + new for locale, new in (("zh", "4 另一件新的"), ("en", "4 Something new"))},
)
ASKED_FOR = ("code", "help", "too_large")
UCS2_ONE = 70
GSM7_ONE = 160
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def message(kind: str, channel: str, locale: str, **changed: object) -> str:
    values: dict[str, object] = {**COMMON, **FILLED[locale], **changed}
    return TEMPLATES.get_template(f"{kind}.{channel}.{locale}.txt").render(values).strip()


ALL = [
    (kind, channel, locale) for kind in NOTICE_KINDS for channel in CHANNELS for locale in FILLED
]
BESIDE = [("files", "sms", locale) for locale in FILLED]


def test_folder_holds_one_template_for_each_kind_channel_and_locale() -> None:
    expected = {f"{kind}.{channel}.{locale}.txt" for kind, channel, locale in ALL}
    of_mail = ("code", "too_large")  # the rest as by text message
    expected |= {f"{kind}.email.{locale}.txt" for kind in of_mail for locale in FILLED}
    expected |= {f"files.sms.{locale}.txt" for locale in FILLED}  # said so on every channel
    assert {path.name for path in FOLDER.iterdir()} == expected


@pytest.mark.parametrize(("kind", "channel", "locale"), [*ALL, *BESIDE])
def test_message_renders_without_a_gap(kind: str, channel: str, locale: str) -> None:
    text = message(kind, channel, locale)
    assert text
    assert "{" not in text
    assert "  " not in text


@pytest.mark.parametrize(("kind", "channel", "locale"), [*ALL, *BESIDE])
def test_message_says_nothing_of_the_matter(kind: str, channel: str, locale: str) -> None:
    text = message(kind, channel, locale).replace(COMMON["status_url"], "")
    assert [word for word in FORBIDDEN if word in text.casefold()] == []


@pytest.mark.parametrize(("kind", "channel", "locale"), ALL)
def test_message_has_an_address_or_a_code_only_when_asked_for(
    kind: str, channel: str, locale: str
) -> None:
    text = message(kind, channel, locale)
    assert (COMMON["code"] in text) == (kind == "code")
    assert "http" not in text or (channel == "telegram" and kind in ASKED_FOR)


@pytest.mark.parametrize("kind", NOTICE_KINDS)
def test_sms_fits_one_segment_in_chinese(kind: str) -> None:
    text = message(kind, "sms", "zh", question=LONGEST[kind == "which"]["zh"])
    assert len(text.encode("utf-16-be")) // 2 <= UCS2_ONE


@pytest.mark.parametrize("kind", NOTICE_KINDS)
def test_sms_fits_one_segment_in_english(kind: str) -> None:
    text = message(kind, "sms", "en", question=LONGEST[kind == "which"]["en"])
    assert set(text) <= GSM7
    assert len(text) <= GSM7_ONE


@pytest.mark.parametrize("locale", FILLED)
@pytest.mark.parametrize("channel", CHANNELS)
def test_received_names_number_promise_and_the_way_to_the_code(channel: str, locale: str) -> None:
    text = message("received", channel, locale, question="")
    assert COMMON["number"] in text
    assert FILLED[locale]["promised_on"] in text
    assert {"zh": "查询码", "en": "CODE"}[locale] in text


@pytest.mark.parametrize("locale", FILLED)
@pytest.mark.parametrize("channel", CHANNELS)
def test_received_reads_well_when_nothing_is_promised(channel: str, locale: str) -> None:
    text = message("received", channel, locale, promised_on="")
    assert {"zh": "最迟", "en": "by"}[locale] not in text
    assert COMMON["number"] in text


@pytest.mark.parametrize("kind", ["added", "news", "question"])
def test_message_names_the_number_when_it_is_about_one(kind: str) -> None:
    for channel in CHANNELS:
        for locale in FILLED:
            assert COMMON["number"] in message(kind, channel, locale)
