"""Sealing: what a process that holds only public keys can do."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any

from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from tipline.domain import receipts


@dataclass(frozen=True)
class TipKeys:
    """A tip's key pair: the public half, and the private one for the desk and for the code."""

    public: bytes
    for_desk: bytes
    for_code: bytes


def mint_code() -> str:
    """A new receipt code: 20 random digits and their check digits, without spaces."""
    return receipts.with_check_digits(f"{secrets.randbelow(10**20):020d}")


def code_for(key: str, pepper: str) -> str:
    """The receipt code that belongs to an idempotency key: the same one every time."""
    number = int.from_bytes(_keyed(pepper, b"code", key.encode()), "big")
    return receipts.with_check_digits(f"{number % 10**20:020d}")


def mint_number(letter: str) -> str:
    """A new number of a tip (T) or case (C), as printed: T4821-3907-2214. Opens nothing."""
    digits = f"{secrets.randbelow(10**12):012d}"
    return f"{letter}{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def seal(public: bytes, content: Any) -> bytes:
    """Content (anything JSON can hold) that only the private half of the key opens."""
    return SealedBox(PublicKey(public)).encrypt(json.dumps(content).encode("ascii"))


def unseal(private: bytes, sealed: bytes) -> Any:
    """What was sealed to the public half of this key; nacl.exceptions.CryptoError otherwise."""
    return json.loads(SealedBox(PrivateKey(private)).decrypt(sealed))


def new_tip_keys(*, code: str, pepper: str, desk_public: bytes) -> TipKeys:
    """A key pair for one tip: opened by the desk, or by whoever types the receipt code."""
    private = PrivateKey.generate()
    return TipKeys(
        public=bytes(private.public_key),
        for_desk=SealedBox(PublicKey(desk_public)).encrypt(bytes(private)),
        for_code=SecretBox(code_key(code, pepper)).encrypt(bytes(private)),
    )


def code_mark(code: str, pepper: str) -> bytes:
    """What the database keeps of a receipt code: enough to find it, useless without the pepper."""
    return _keyed(pepper, b"find", code.encode())


def code_key(code: str, pepper: str) -> bytes:
    """The key under which the tip's private half waits for the code."""
    return _keyed(pepper, b"open", code.encode())


def content_mark(content: Any, pepper: str) -> bytes:
    """Tells whether the same words were sent again, without keeping them."""
    return _keyed(pepper, b"same", json.dumps(content, sort_keys=True).encode("ascii"))


def words_key(pepper: str) -> bytes:
    """The key under which the words of a tip are sketched."""
    return _keyed(pepper, b"words", b"")


def identity_mark(identity: str, pepper: str) -> bytes:
    """Tells whether a party is known already, without keeping its identity number."""
    return _keyed(pepper, b"party", identity.encode())


def _keyed(pepper: str, purpose: bytes, content: bytes) -> bytes:
    return hmac.digest(pepper.encode(), purpose + b"\0" + content, hashlib.sha256)
