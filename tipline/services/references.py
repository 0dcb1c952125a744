"""References: the name that a delivery has with its provider, signed so that only we give one."""

import hashlib
import hmac

from tipline.runtime import settings

LENGTH = 20


def of(delivery_id: int) -> str:
    """The reference of a delivery; fit for an address, and says nothing of whom it is for."""
    key = f"reference {settings().secret_key}".encode()
    mark = hmac.digest(key, str(delivery_id).encode(), hashlib.sha256).hex()
    return f"{delivery_id}-{mark[:LENGTH]}"


def delivery_in(reference: str) -> int | None:
    """The delivery that we gave this reference to; None if we never gave it."""
    number = reference.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return int(number) if hmac.compare_digest(of(int(number)), _ascii(reference)) else None


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii")
