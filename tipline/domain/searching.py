"""Searching: texts and questions in pairs of characters, so that two-character words are found."""

import hashlib
import re

from tipline.domain.matching.plain import plain

HAN_RUN = re.compile("[\u3400-\u9fff]+")
WORD = re.compile("[^\\W\u3400-\u9fff]+")
MOST_ASKED = 12


def tokens(text: str) -> set[int]:
    """What a text is found by: every two characters that stand together, and every other word."""
    written = " ".join(plain(word) for word in text.split())
    pairs = (run[at : at + 2] for run in HAN_RUN.findall(written) for at in range(len(run) - 1))
    return {_number(token) for token in (*pairs, *WORD.findall(written))}


def asked(question: str) -> list[int]:
    """The tokens that a text must hold for this question; none where it asks too little."""
    return sorted(tokens(question))[:MOST_ASKED]


def _number(token: str) -> int:
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "big") >> 1
