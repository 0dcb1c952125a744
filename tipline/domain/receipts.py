"""Receipt codes: 20 digits and two check digits (ISO 7064 MOD 97-10), written 4-4-4-4-4-2."""

import re
import unicodedata

LENGTH = 22
_CODE_IN_TEXT = re.compile(r"(?<!\d)\d(?:[ \-\u3000]*\d){21}(?![ \-\u3000]*\d)")

_NEARLY_A_CODE = re.compile(r"(?<!\d)\d(?:[ \-\u3000]*\d){19,23}(?![ \-\u3000]*\d)")


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


def looks_like_code(text: str) -> bool:
    """Whether somebody meant to give a code, even if some digits are wrong or missing."""
    return _NEARLY_A_CODE.search(unicodedata.normalize("NFKC", text)) is not None


def without_code(text: str) -> str:
    """The text without its receipt code, or what was meant for one; the rest exactly as it was."""
    written = text if _NEARLY_A_CODE.search(text) else unicodedata.normalize("NFKC", text)
    codes = (each for each in _CODE_IN_TEXT.finditer(written) if is_valid(normalise(each.group())))
    found = next(codes, None) or _NEARLY_A_CODE.search(written)
    return written[: found.start()] + written[found.end() :] if found else text


def grouped(code: str) -> str:
    """The code as it is written down: groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
