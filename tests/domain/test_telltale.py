"""Telltales: what could show who wrote a text is found, and ordinary sentences are left alone."""

from time import process_time

import pytest

from tipline.domain.telltale import IdentityWord, find_telltales
from tipline.domain.words import Text
from tipline.policy import load

PATTERNS = load().identity_words
WHY = Text(zh="原因", en="why")


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("有事打13812345678找我", "13812345678"),
        ("电话 138-1234-5678", "138-1234-5678"),
        ("电话１３８１２３４５６７８", "１３８１２３４５６７８"),
        ("座机0668-2881234", "0668-2881234"),
        ("号码一三八零零一三八零零零", "一三八零零一三八零零零"),
        ("身份证44090219800101123X", "44090219800101123X"),
        ("微信号abc_12345", "微信号abc_12345"),
        ("写信 zhang.san@example.com", "zhang.san@example.com"),
        ("我叫张三丰", "我叫张三丰"),
        ("我妈在那里被骗了", "我妈"),
        ("我家孩子发烧", "我家孩子"),
        ("他给我打针以后就肿了", "给我打针"),
        ("我上次在那里打过针", "我上次"),
        ("7月14日晚上", "7月14日晚上"),
        ("就在我家楼下", "我家楼下"),
        ("我同事也去过", "我同事"),
        ("房东说陈大姐也知道", "陈大姐"),
        ("我投诉过一次", "我投诉过"),
        ("my mother was there", "my mother"),
        ("He treated me badly", "treated me"),
    ],
)
def test_a_telltale_is_found_when_the_text_has_one(text: str, matched: str) -> None:
    assert matched in [tale.matched for tale in find_telltales(text, PATTERNS)]


@pytest.mark.parametrize(
    "text",
    [
        "人民路菜市场后面第二个门，三楼401，每天晚上七点以后有人输液。",
        "两个女的给人打针，没有穿白大褂，药放在床底下。",
        "收费200元一次，已经开了三年多。",
        "A man gives injections on the second floor every evening.",
        "",
    ],
)
def test_nothing_is_found_when_the_text_tells_only_of_the_place(text: str) -> None:
    assert find_telltales(text, PATTERNS) == []


def test_a_telltale_says_where_it_is_and_why() -> None:
    tale = find_telltales("你好，我妈说的", PATTERNS)[0]
    assert (tale.start, tale.end, tale.matched) == (3, 5, "我妈")
    assert tale.reason == next(word.reason for word in PATTERNS if word.id == "kinship")


def test_the_longer_telltale_stays_when_two_begin_together() -> None:
    words = [
        IdentityWord(id="short", reason=WHY, words=("ab",)),
        IdentityWord(id="long", reason=WHY, words=("abcd",)),
    ]
    assert [tale.matched for tale in find_telltales("xabcdx ab", words)] == ["abcd", "ab"]


def test_the_earlier_telltale_stays_when_two_overlap() -> None:
    words = [
        IdentityWord(id="first", reason=WHY, words=("abc",)),
        IdentityWord(id="second", reason=WHY, words=("cdef",)),
    ]
    assert [tale.matched for tale in find_telltales("abcdef", words)] == ["abc"]


def test_words_are_taken_literally_and_capitals_do_not_matter() -> None:
    word = IdentityWord(id="literal", reason=WHY, words=("a.b",))
    assert [tale.matched for tale in find_telltales("A.B axb", [word])] == ["A.B"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({}, "needs words"),
        ({"words": ("",)}, "no empty word"),
        ({"regex": "("}, "cannot be read"),
        ({"regex": "a*"}, "empty text"),
    ],
)
def test_an_identity_word_refuses_what_finds_nothing_or_all(
    content: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        IdentityWord(id="bad", reason=WHY, **content)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", ["我", "1", "一", "a", "a@", "a.", "给我", "我在那", "3111 "])
def test_a_long_text_is_searched_in_good_time_when_it_repeats_itself(part: str) -> None:
    began = process_time()
    find_telltales(part * (10_000 // len(part)), PATTERNS)
    assert process_time() - began < 1
