"""Places: two ways to write one address or one phone number are the same."""

import unicodedata

from tipline.domain.matching.addresses import street_of
from tipline.domain.matching.plain import plain


def place_key(address: str) -> str:
    """An address in simplified characters without what people write differently.

    That is width, spaces, punctuation, case, look-alikes, numerals, and the province, city,
    district and town that stand before the street.
    """
    return street_of(plain(address)).replace(" ", "")


def digits_of(phone: str) -> str:
    """A phone number as its digits alone, without the country in front of a mobile number."""
    plain = unicodedata.normalize("NFKC", phone)
    digits = "".join(sign for sign in plain if sign.isascii() and sign.isdigit())
    mobile = digits.removeprefix("0086").removeprefix("86")
    return mobile if len(mobile) == 11 and mobile.startswith("1") else digits
