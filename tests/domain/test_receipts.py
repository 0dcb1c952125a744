"""Receipt codes: a slip of the pen opens nothing, and any way of writing one down is understood."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tipline.domain.receipts import code_in, grouped, is_valid, normalise, with_check_digits

DIGITS = st.text("0123456789", min_size=20, max_size=20)
CODES = DIGITS.map(with_check_digits)
FULL_WIDTH = str.maketrans("0123456789 -", "０１２３４５６７８９　－")
# What may stand around a code in a message: anything but digits, and signs that join digits.
PROSE = st.text(
    st.characters(exclude_categories=["Nd", "Nl", "No", "Cs"], exclude_characters=" -\u3000"),
    max_size=20,
)


@pytest.mark.parametrize(("digits", "code"), [("794", "79444"), ("0", "098"), ("1", "195")])
def test_check_digits_follow_iso_7064_mod_97_10(digits: str, code: str) -> None:
    assert with_check_digits(digits) == code


@given(DIGITS)
def test_a_code_is_valid_when_it_has_its_check_digits(digits: str) -> None:
    code = with_check_digits(digits)
    assert (len(code), code[:20]) == (22, digits)
    assert is_valid(code)


@given(CODES, st.integers(0, 21), st.integers(1, 9))
def test_a_code_is_refused_when_any_one_digit_is_wrong(code: str, place: int, by: int) -> None:
    wrong = str((int(code[place]) + by) % 10)
    assert not is_valid(code[:place] + wrong + code[place + 1 :])


@given(CODES, st.integers(0, 20))
def test_a_code_is_refused_when_two_neighbours_change_places(code: str, place: int) -> None:
    one, other = code[place], code[place + 1]
    assume(one != other)
    assert not is_valid(code[:place] + other + one + code[place + 2 :])


@pytest.mark.parametrize("typed", ["", "1", "9" * 21, "9" * 23, "１" * 22, "²" * 22, "x" * 22])
def test_a_code_is_refused_when_it_is_not_22_plain_digits(typed: str) -> None:
    assert not is_valid(typed)


@given(CODES)
def test_a_code_is_written_in_groups_of_four(code: str) -> None:
    assert re.fullmatch(r"(\d{4} ){5}\d{2}", grouped(code))
    assert grouped(code).replace(" ", "") == code


@given(CODES)
def test_normalise_forgives_every_way_of_writing_a_code(code: str) -> None:
    spaced, dashed = grouped(code), grouped(code).replace(" ", "-")
    ways = [code, spaced, dashed, f"  {spaced}\n", spaced.translate(FULL_WIDTH), "—".join(code)]
    assert {normalise(way) for way in ways} == {code}


@given(CODES, PROSE, PROSE)
def test_a_code_is_found_in_a_longer_text(code: str, before: str, after: str) -> None:
    spaced = grouped(code)
    for way in (code, spaced, spaced.replace(" ", "-"), spaced.translate(FULL_WIDTH)):
        assert code_in(f"{before}{way}{after}") == code


def test_a_code_is_found_when_the_text_holds_other_numbers_too() -> None:
    code = with_check_digits("12345678901234567890")
    assert code_in(f"电话13800138000，7月14日，查询码{grouped(code)}。三楼401") == code


@given(CODES, st.integers(0, 21), st.integers(1, 9))
def test_no_code_is_found_when_it_was_mistyped(code: str, place: int, by: int) -> None:
    wrong = str((int(code[place]) + by) % 10)
    assert code_in(f"查询码 {code[:place]}{wrong}{code[place + 1 :]}") is None


@given(CODES, st.text("0123456789", min_size=1, max_size=5))
def test_no_code_is_found_inside_a_longer_number(code: str, more: str) -> None:
    assert code_in(code + more) is None
    assert code_in(more + code) is None


@given(st.text())
def test_a_code_that_is_found_in_any_text_at_all_is_valid(text: str) -> None:
    found = code_in(text)
    assert found is None or (is_valid(found) and found in normalise(text))
