"""Words in two languages, and text that any database can hold."""

import pytest

from tipline.domain.words import Text, as_stored, language_of

HELLO = Text(zh="您好", en="Hello")


@pytest.mark.parametrize(
    ("locale", "words"),
    [("zh", "您好"), ("zh_Hans_CN", "您好"), ("ZH-tw", "您好"), ("en", "Hello"), ("fr", "Hello")],
)
def test_text_speaks_the_language_of_the_locale(locale: str, words: str) -> None:
    assert HELLO.in_locale(locale) == words


@pytest.mark.parametrize(("zh", "en"), [("", "x"), ("好", " ")])
def test_text_refuses_to_be_blank_in_one_language(zh: str, en: str) -> None:
    with pytest.raises(ValueError, match="both languages"):
        Text(zh=zh, en=en)


def test_as_stored_replaces_only_what_no_column_takes() -> None:
    assert as_stored("a\x00b\ud83dc") == "a\ufffdb\ufffdc"
    assert as_stored("人民路\n401 😀\t") == "人民路\n401 😀\t"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Somebody pulls teeth above the market", "en"),
        ("status 1234 5678", "en"),
        ("Zahnarzt ohne Schild, über dem Markt", "en"),
        ("KTV 楼上有人打针", "zh"),
        ("有人打针", "zh"),
        ("12", "zh"),
        ("", "zh"),
        ("Зубы", "zh"),
    ],
)
def test_who_writes_in_latin_letters_alone_is_answered_in_english(text: str, language: str) -> None:
    assert language_of(text) == language
