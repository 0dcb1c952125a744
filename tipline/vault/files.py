"""Sealed files: each under a random name, there as a whole or not at all."""

import os
import secrets
from pathlib import Path

from nacl.public import PublicKey, SealedBox


def write(folder: Path, content: bytes, *, public: bytes) -> str:
    """Seal to this public key, write, and return the name; durable when this returns."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(16)
    half = folder / f".{name}"
    with open(half, "xb", opener=_for_its_owner) as file:
        file.write(SealedBox(PublicKey(public)).encrypt(content))
        file.flush()
        os.fsync(file.fileno())
    os.rename(half, folder / name)
    return name


def remove(folder: Path, name: str) -> None:
    """A file that nothing refers to."""
    (folder / name).unlink(missing_ok=True)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
