"""Receipt codes: 20 digits and two check digits (ISO 7064 MOD 97-10), written 4-4-4-4-4-2."""

import re
import unicodedata

LENGTH = 22
_CODE_IN_TEXT = re.compile(r"(?<!\d)\d(?:[ \-\u3000]*\d){21}(?![ \-\u3000]*\d)")


def with_check_digits(digits: str) -> str:
    """The code made of these 20 digits."""
    return f"{digits}{98 - int(digits) * 100 % 97:02d}"


def is_valid(code: str) -> bool:
    """Whether the check digits fit; says nothing about whether such a tip exists."""
    return len(code) == LENGTH and code.isascii() and code.isdigit() and int(code) % 97 == 1


def normalise(typed: str) -> str:
    """The digits of what was typed: full-width digits, spaces and dashes are forgiven."""
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(sign for sign in plain if sign.isascii() and sign.isdigit())


def code_in(text: str) -> str | None:
    """The first valid receipt code in a text, or None."""
    for found in _CODE_IN_TEXT.finditer(unicodedata.normalize("NFKC", text)):
        if is_valid(code := normalise(found.group())):
            return code
    return None


def grouped(code: str) -> str:
    """The code as it is written down: groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
