"""Places: two ways to write one address or one phone number are the same."""

import unicodedata


def place_key(address: str) -> str:
    """The address without what people write differently: width, spaces, punctuation, case."""
    plain = unicodedata.normalize("NFKC", address).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def digits_of(phone: str) -> str:
    """A phone number as its digits alone, without the country in front of a mobile number."""
    plain = unicodedata.normalize("NFKC", phone)
    digits = "".join(sign for sign in plain if sign.isascii() and sign.isdigit())
    mobile = digits.removeprefix("0086").removeprefix("86")
    return mobile if len(mobile) == 11 and mobile.startswith("1") else digits
