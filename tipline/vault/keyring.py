"""Keys of the embedded default: made once, kept in files that only their owner reads."""

import os
import secrets
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey

PAIRS = {"vault": "vault_private_key_file", "desk": "desk_key_file", "payer": "payer_key_file"}


def make_missing(folder: Path) -> dict[str, str]:
    """Settings that point at the keys in `folder`, which are made where they are missing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = {
        "secret_key": _kept(folder / "secret_key", lambda: secrets.token_urlsafe(48)),
        "pepper": _kept(folder / "pepper", lambda: secrets.token_urlsafe(48)),
    }
    for name, setting in PAIRS.items():
        path = folder / f"{name}.key"
        private = _kept(path, lambda: encode(bytes(PrivateKey.generate())))
        found[setting] = str(path)
        found[f"{name}_public_key"] = encode(bytes(PrivateKey(decode(private)).public_key))
    return found


def read(path: str) -> bytes:
    """The private key kept in a file."""
    return decode(Path(path).read_text(encoding="ascii").strip())


def public_half(path: str) -> str:
    """The public half, as text, of the private key kept in a file; empty when there is none."""
    try:
        return encode(bytes(PrivateKey(read(path)).public_key))
    except (OSError, ValueError, CryptoError):
        return ""


def is_key(text: str) -> bool:
    """Whether this text is a key at all."""
    try:
        return len(decode(text)) == PublicKey.SIZE
    except ValueError:
        return False


def encode(key: bytes) -> str:
    """A key as text."""
    return urlsafe_b64encode(key).decode("ascii")


def decode(text: str) -> bytes:
    """A key from its text."""
    return urlsafe_b64decode(text.encode("ascii"))


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The content of the file; written first, by whoever comes first, where it is missing."""
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent)  # readable for its owner alone
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_text(encoding="ascii").strip()
