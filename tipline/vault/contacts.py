"""The door of the vault key: how to reach a reporter. Opened by the worker and the reveal desk."""

import hashlib
import hmac
from typing import Any

from tipline.vault import keyring, sealing


class ContactMismatch(Exception):
    """A sealed contact lies beside another tip than the one it was sealed for."""


class Contacts:
    """Opens sealed contacts and recognises senders; needs the vault's private key."""

    def __init__(self, private_key_file: str) -> None:
        self._private = keyring.read(private_key_file)
        self._senders = hmac.digest(self._private, b"senders", hashlib.sha256)

    def open(self, sealed: bytes) -> Any:
        """What was sealed to the vault."""
        return sealing.unseal(self._private, sealed)

    def address_for(self, number: str, sealed: bytes) -> str:
        """The address sealed for the tip of this number; ContactMismatch if for another."""
        contact = self.open(sealed)
        if contact["number"] != number:
            raise ContactMismatch(number)
        return str(contact["address"])

    def sender_mark(self, channel: str, address: str) -> bytes:
        """Recognises a sender without keeping the address."""
        return hmac.digest(self._senders, f"{channel}\0{address}".encode(), hashlib.sha256)
