"""How many parts a text message takes: 160 or 153 signs of GSM-7, else 70 or 67 of UCS-2."""

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_DOUBLE = frozenset("\f^{}\\[~]|€")
ONE_GSM7, EACH_GSM7 = 160, 153
ONE_UCS2, EACH_UCS2 = 70, 67


def is_gsm7(text: str) -> bool:
    """Whether every sign is in the alphabet of the cheaper encoding."""
    return set(text) <= GSM7 | GSM7_DOUBLE


def count(text: str) -> int:
    """The segments that the text takes; a sign of two units is never split between two."""
    if is_gsm7(text):
        return _parts([1 + (sign in GSM7_DOUBLE) for sign in text], ONE_GSM7, EACH_GSM7)
    return _parts([1 + (ord(sign) > 0xFFFF) for sign in text], ONE_UCS2, EACH_UCS2)


def fills_whole_segments(text: str) -> bool:
    """Whether a text ends exactly where a segment ends, as the parts of a longer one do."""
    gsm7 = is_gsm7(text)
    units = sum(1 + ((sign in GSM7_DOUBLE) if gsm7 else (ord(sign) > 0xFFFF)) for sign in text)
    return units > 0 and any(
        units % each == 0 for each in ((ONE_GSM7, EACH_GSM7) if gsm7 else (ONE_UCS2, EACH_UCS2))
    )


def _parts(units: list[int], one: int, each: int) -> int:
    if sum(units) <= one:
        return 1
    parts, room = 1, each
    for unit in units:
        if unit > room:
            parts, room = parts + 1, each
        room -= unit
    return parts
