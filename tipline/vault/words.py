"""The door of the desk key and of the receipt code: a reporter's own words."""

from typing import Any

from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox

from tipline.vault import keyring, sealing


class DeskWords:
    """Opens the words of any tip for the desk; needs the desk's private key."""

    def __init__(self, private_key_file: str) -> None:
        self._box = SealedBox(PrivateKey(keyring.read(private_key_file)))

    def tip_key(self, for_desk: bytes) -> bytes:
        """The tip's private half, kept for the desk."""
        return self._box.decrypt(for_desk)


def tip_key_by_code(for_code: bytes, *, code: str, pepper: str) -> bytes:
    """The tip's private half, kept for whoever types its code; CryptoError for another code."""
    return SecretBox(sealing.code_key(code, pepper)).decrypt(for_code)


def read(tip_key: bytes, sealed: bytes) -> Any:
    """Words sealed to a tip."""
    return sealing.unseal(tip_key, sealed)
