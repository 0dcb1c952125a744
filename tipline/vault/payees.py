"""The door of the payer's key: to whom a reward is paid. Opened by the payer's page alone."""

from tipline.vault import keyring, sealing


class PayeeMismatch(Exception):
    """A sealed payee lies beside another tip than the one it was sealed for."""


class Payees:
    """Opens sealed payees; needs the payer's private key."""

    def __init__(self, private_key_file: str) -> None:
        self._private = keyring.read(private_key_file)

    def of_tip(self, number: str, sealed: bytes) -> dict[str, str]:
        """The payee sealed for the tip of this number; PayeeMismatch if for another."""
        opened: dict[str, str] = sealing.unseal(self._private, sealed)
        if opened.pop("number") != number:
            raise PayeeMismatch(number)
        return opened
