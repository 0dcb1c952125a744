"""Chinese as it is written and spoken: simplified characters, and the sound of a name."""

from functools import cache, lru_cache
from typing import Any

# Many speakers in the south do not tell these apart, and type what they say.
SAME_TO_MANY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


def simplified(text: str) -> str:
    """Traditional characters as simplified ones."""
    converted: str = _converter().convert(text)
    return converted


@lru_cache(maxsize=20_000)
def sound(text: str) -> str:
    """How it is spoken, without tones; what sounds alike is written alike."""
    spoken = "".join(_pinyin()(text))
    for one, other in SAME_TO_MANY:
        spoken = spoken.replace(one, other)
    return spoken


@cache
def _converter() -> Any:
    """Loaded when first needed: only the worker and the desk compare places."""
    import opencc

    return opencc.OpenCC("t2s")


@cache
def _pinyin() -> Any:
    """Loaded when first needed: its tables take a third of a second and 50 MB."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin
