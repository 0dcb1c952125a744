"""Segments of a text message, by the tables of GSM 03.38 and UCS-2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.domain.segments import count, fills_whole_segments, is_gsm7


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 159 + "€", 2),
        ("字" * 70, 1),
        ("字" * 71, 2),
        ("字" * 134, 2),
        ("字" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 69 + "字", 1),
        ("a" * 70 + "字", 2),
    ],
)
def test_a_message_takes_as_many_segments_as_the_carriers_count(text: str, segments: int) -> None:
    assert count(text) == segments


def test_a_sign_of_two_units_is_never_split() -> None:
    # 66 + a pair leaves one unit of the first segment empty: 67 + 67 would just have held it.
    assert count("字" * 66 + "😀" + "字" * 66) == 3


@given(st.text(max_size=400))
def test_more_words_never_take_fewer_segments(text: str) -> None:
    assert 1 <= count(text) <= count(text + "字")


@given(st.text(alphabet="abc ?", max_size=400))
def test_one_chinese_sign_makes_everything_dearer(text: str) -> None:
    assert is_gsm7(text)
    assert count(text) <= count(text + "字")


@pytest.mark.parametrize(
    ("text", "fills"),
    [
        ("针" * 67, True),
        ("针" * 70, True),
        ("针" * 134, True),
        ("针" * 68, False),
        ("针" * 65 + "😀", True),
        ("a" * 153, True),
        ("a" * 160, True),
        ("a" * 67, False),
        ("", False),
    ],
)
def test_a_part_of_a_longer_message_ends_where_a_segment_ends(text: str, fills: bool) -> None:
    assert fills_whole_segments(text) is fills
