"""Sealing: round trips, and nothing for the wrong key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from tipline.vault import sealing, words

PEPPER, OTHER_PEPPER = "p" * 40, "q" * 40
DESK = PrivateKey.generate()


@given(st.text())
def test_any_text_comes_back_exactly(text: str) -> None:
    sealed = sealing.seal(bytes(DESK.public_key), {"facts": text})
    assert sealing.unseal(bytes(DESK), sealed) == {"facts": text}


def test_words_open_with_the_code_and_with_the_desk_key_only() -> None:
    code, other = sealing.mint_code(), sealing.mint_code()
    keys = sealing.new_tip_keys(code=code, pepper=PEPPER, desk_public=bytes(DESK.public_key))
    sealed = sealing.seal(keys.public, "原话")
    by_code = words.tip_key_by_code(keys.for_code, code=code, pepper=PEPPER)
    assert words.read(by_code, sealed) == "原话"
    for wrong_code, pepper in ((other, PEPPER), (code, OTHER_PEPPER)):
        with pytest.raises(CryptoError):
            words.tip_key_by_code(keys.for_code, code=wrong_code, pepper=pepper)


def test_words_of_one_tip_do_not_open_with_the_key_of_another() -> None:
    code = sealing.mint_code()
    one, other = (
        sealing.new_tip_keys(code=code, pepper=PEPPER, desk_public=bytes(DESK.public_key))
        for _ in range(2)
    )
    key = words.tip_key_by_code(one.for_code, code=code, pepper=PEPPER)
    with pytest.raises(CryptoError):
        words.read(key, sealing.seal(other.public, "原话"))


def test_mark_of_a_code_depends_on_the_pepper_and_is_not_its_key() -> None:
    code = sealing.mint_code()
    assert sealing.code_mark(code, PEPPER) != sealing.code_mark(code, OTHER_PEPPER)
    assert sealing.code_mark(code, PEPPER) != sealing.code_key(code, PEPPER)


def test_codes_and_numbers_are_never_the_same() -> None:
    assert len({sealing.mint_code() for _ in range(1000)}) == 1000
    assert len({sealing.mint_number("T") for _ in range(1000)}) == 1000
