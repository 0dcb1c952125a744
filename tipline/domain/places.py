"""Places: two ways to write one address are one place."""

import unicodedata


def place_key(address: str) -> str:
    """The address without what people write differently: width, spaces, punctuation, case."""
    plain = unicodedata.normalize("NFKC", address).casefold()
    return "".join(sign for sign in plain if sign.isalnum())
