"""The vault: what is sealed opens through its own door and through no other."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from tipline.domain import receipts
from tipline.vault import keyring, sealing, words
from tipline.vault.contacts import ContactMismatch, Contacts
from tipline.vault.words import DeskWords

PEPPER = "a pepper that is long enough for a test"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
CODES = st.text("0123456789", min_size=20, max_size=20).map(receipts.with_check_digits)
VAULT, DESK = PrivateKey.generate(), PrivateKey.generate()


@pytest.fixture(scope="module")
def contacts(tmp_path_factory: pytest.TempPathFactory) -> Contacts:
    return Contacts(kept(tmp_path_factory.mktemp("vault"), VAULT))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> DeskWords:
    return DeskWords(kept(tmp_path_factory.mktemp("desk"), DESK))


def kept(folder: Path, key: PrivateKey) -> str:
    path = folder / "key"
    path.write_text(keyring.encode(bytes(key)), encoding="ascii")
    return str(path)


def sealed_contact(number: str, address: str) -> bytes:
    content = {"number": number, "channel": "sms", "address": address}
    return sealing.seal(bytes(VAULT.public_key), content)


@given(JSON)
def test_whatever_is_sealed_comes_back_exactly(content: object) -> None:
    sealed = sealing.seal(bytes(VAULT.public_key), content)
    assert sealing.unseal(bytes(VAULT), sealed) == content


@given(st.text(min_size=1))
def test_what_is_sealed_shows_nothing_and_never_looks_the_same(text: str) -> None:
    public = bytes(VAULT.public_key)
    first, second = sealing.seal(public, text * 10), sealing.seal(public, text * 10)
    assert first != second
    assert json.dumps(text * 10).encode() not in first


@given(st.text(), st.integers(0, 10_000), st.integers(1, 255))
def test_nothing_opens_when_a_single_byte_was_changed(text: str, place: int, by: int) -> None:
    sealed = bytearray(sealing.seal(bytes(VAULT.public_key), text))
    sealed[place % len(sealed)] ^= by
    with pytest.raises(CryptoError):
        sealing.unseal(bytes(VAULT), bytes(sealed))


def test_nothing_opens_with_another_key() -> None:
    sealed = sealing.seal(bytes(VAULT.public_key), "x")
    with pytest.raises(CryptoError):
        sealing.unseal(bytes(DESK), sealed)


@given(CODES, st.text())
def test_words_open_for_the_desk_and_for_the_code(desk: DeskWords, code: str, text: str) -> None:
    keys = sealing.new_tip_keys(code=code, pepper=PEPPER, desk_public=bytes(DESK.public_key))
    sealed = sealing.seal(keys.public, text)
    by_code = words.tip_key_by_code(keys.for_code, code=code, pepper=PEPPER)
    assert words.read(desk.tip_key(keys.for_desk), sealed) == text
    assert words.read(by_code, sealed) == text


@given(CODES, CODES)
def test_another_code_opens_nothing(code: str, other: str) -> None:
    keys = sealing.new_tip_keys(code=code, pepper=PEPPER, desk_public=bytes(DESK.public_key))
    if code != other:
        with pytest.raises(CryptoError):
            words.tip_key_by_code(keys.for_code, code=other, pepper=PEPPER)


def test_the_right_code_opens_nothing_without_the_pepper() -> None:
    code = sealing.mint_code()
    keys = sealing.new_tip_keys(code=code, pepper=PEPPER, desk_public=bytes(DESK.public_key))
    with pytest.raises(CryptoError):
        words.tip_key_by_code(keys.for_code, code=code, pepper=PEPPER + "x")


def test_words_do_not_open_when_the_keys_of_two_tips_were_swapped(desk: DeskWords) -> None:
    one, other = (
        sealing.new_tip_keys(
            code=sealing.mint_code(), pepper=PEPPER, desk_public=bytes(DESK.public_key)
        )
        for _ in range(2)
    )
    sealed = sealing.seal(one.public, "x")
    with pytest.raises(CryptoError):
        words.read(desk.tip_key(other.for_desk), sealed)


def test_a_contact_opens_only_beside_the_tip_it_was_left_for(contacts: Contacts) -> None:
    sealed = sealed_contact("T1111-2222-3333", "+8613800138000")
    assert contacts.address_for("T1111-2222-3333", sealed) == "+8613800138000"
    for other in ("T9999-2222-3333", "", "t1111-2222-3333"):
        with pytest.raises(ContactMismatch):
            contacts.address_for(other, sealed)


def test_a_swapped_contact_says_nothing_of_whom_it_would_have_reached(contacts: Contacts) -> None:
    with pytest.raises(ContactMismatch) as refused:
        contacts.address_for("T9999-2222-3333", sealed_contact("T1111-2222-3333", "+86138001"))
    assert "138001" not in str(refused.value)


@given(st.text(), st.text(), st.text(), st.text())
def test_a_sender_is_known_again_by_channel_and_address(
    contacts: Contacts, channel: str, address: str, channel2: str, address2: str
) -> None:
    if "\0" in channel + channel2 or not (channel + address + channel2 + address2).isascii():
        return
    same = (channel, address) == (channel2, address2)
    marks = contacts.sender_mark(channel, address), contacts.sender_mark(channel2, address2)
    assert (marks[0] == marks[1]) is same


def test_a_sender_cannot_be_looked_for_without_the_private_key(
    contacts: Contacts, tmp_path: Path
) -> None:
    other = Contacts(kept(tmp_path, PrivateKey.generate()))
    phone = "+8613800138000"
    assert contacts.sender_mark("sms", phone) != other.sender_mark("sms", phone)


@given(CODES)
def test_marks_and_keys_of_a_code_tell_nothing_of_each_other(code: str) -> None:
    mark, key = sealing.code_mark(code, PEPPER), sealing.code_key(code, PEPPER)
    assert len(mark) == len(key) == 32
    assert mark not in (key, sealing.content_mark(code, PEPPER))
    assert sealing.code_mark(code, PEPPER + "x") != mark


@given(JSON, JSON)
def test_the_same_words_are_known_again_and_others_are_not(one: object, other: object) -> None:
    marks = sealing.content_mark(one, PEPPER), sealing.content_mark(other, PEPPER)
    texts = json.dumps(one, sort_keys=True), json.dumps(other, sort_keys=True)
    assert (marks[0] == marks[1]) is (texts[0] == texts[1])


def test_codes_and_numbers_are_new_each_time_and_have_their_form() -> None:
    codes = {sealing.mint_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(receipts.is_valid(code) for code in codes)
    assert {len(sealing.mint_number("T")) for _ in range(1000)} == {15}


def test_keys_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    made = keyring.make_missing(tmp_path / "keys")
    assert keyring.make_missing(tmp_path / "keys") == made
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}
    assert set(modes.values()) == {0o600}
    assert set(modes) == {"secret_key", "pepper", "vault.key", "desk.key", "payer.key"}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_no_private_key_is_among_the_settings(tmp_path: Path) -> None:
    made = keyring.make_missing(tmp_path)
    for name in ("vault", "desk", "payer"):
        private = (tmp_path / f"{name}.key").read_text(encoding="ascii")
        assert private not in made.values()
        assert b64encode(private.encode()) not in [value.encode() for value in made.values()]
