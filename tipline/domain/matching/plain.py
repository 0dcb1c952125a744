"""Plain text: one form for what people write differently (width, look-alikes, numerals, dashes)."""

import re
import unicodedata

LOOK_ALIKES = str.maketrans(
    {
        # Signs that look like a digit or a Latin letter.
        **dict(zip("〇○◯ОοΟ", "000000", strict=True)),
        **dict(zip("АВСЕНІКМРТХаеосрху", "abcehikmptxaeocpxy", strict=True)),
        # Characters that are taken for one another on signs and in haste.
        **dict(zip("末士曰己巳宫囗迁戌戊廷", "未土日已已官口千成成延", strict=True)),
        **dict.fromkeys("‐‑‒–—―－~～至", "-"),
    }
)
DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "幺": 1,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000}
NUMERAL = re.compile(f"[{''.join(DIGITS)}{''.join(UNITS)}]+")
LETTERS_AS_DIGITS = (
    (re.compile("(?<=\\d)o|o(?=\\d)"), "0"),
    (re.compile("(?<=\\d)[li]|[li](?=\\d)"), "1"),
)
BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w-]+(?=\d)")
OTHERS = re.compile(r"[^\w -]+|_|(?<!\d) | (?!\d)|(?<!\d)-|-(?!\d)")


def plain(text: str) -> str:
    """The text in small letters, without punctuation, look-alikes folded, numerals as digits.

    What stood between two digits becomes one space, so that 11号 401 stays two numbers.
    """
    folded = unicodedata.normalize("NFKC", text.translate(LOOK_ALIKES)).casefold()
    folded = NUMERAL.sub(_digits, folded.translate(LOOK_ALIKES))
    for letter, digit in LETTERS_AS_DIGITS:
        folded = letter.sub(digit, folded)
    return OTHERS.sub("", BETWEEN_DIGITS.sub(" ", folded))


def _digits(numeral: re.Match[str]) -> str:
    """十一 is 11, 四零一 is 401, 两百零三 is 203."""
    signs = numeral.group()
    if not any(sign in UNITS for sign in signs):
        return "".join(str(DIGITS[sign]) for sign in signs)
    total = digit = 0
    for sign in signs:
        if sign in UNITS:
            total += (digit or 1) * UNITS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return str(total + digit)
