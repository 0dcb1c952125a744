"""What words mean to the dialogue, in Chinese and in English; carriers' own words mean nothing."""

import unicodedata
from collections.abc import Sequence

from tipline.dialogues import SKIP, Question, Said
from tipline.domain import receipts

ASKS_FOR_CODE = frozenset({"查询码", "查码", "查詢碼", "code"})
GREETINGS = frozenset({"/start", "/help", ""})
STOPS = frozenset({"stop", "stopall", "unsubscribe", "退订", "退訂", "td", "t"})
STARTS = frozenset({"start", "unstop"})
ANOTHER = frozenset({"新的", "另一件", "new", "/new"})
SKIPS = frozenset({"0", "跳过", "跳過", "不知道", "不清楚", "skip", "/skip"})
LOOKS = ("查询", "查詢", "查", "status", "/status", "进度")
ADDS = ("补充", "補充", "add", "/add")
ENOUGH_SIGNS = 6
SPACES = " \t\r\n\u3000:："
IGNORED = "“”\"'。.!！，,：:"


def plain(text: str) -> str:
    """The text without what people write differently."""
    return unicodedata.normalize("NFKC", text).strip().strip(IGNORED).strip().casefold()


def is_stop(said: Said) -> bool:
    """Whether nothing shall be sent any more."""
    return said.opt == "stop" or plain(said.text) in STOPS


def is_start(said: Said) -> bool:
    """Whether things may be sent again."""
    return said.opt == "start" or plain(said.text) in STARTS


def asks_for_code(said: Said) -> bool:
    """Whether the receipt code is wanted."""
    return plain(said.text) in ASKS_FOR_CODE and not said.files


def is_another(said: Said) -> bool:
    """Whether the next message is about something else."""
    return plain(said.text) in ANOTHER and not said.files


def is_greeting(said: Said) -> bool:
    """Whether nothing was said at all."""
    return plain(said.text) in GREETINGS and not (said.files or said.pressed or said.pin)


def is_skip(said: Said, field: str) -> bool:
    """Whether this question shall be passed over."""
    return said.pressed == f"{field}={SKIP}" or plain(said.text) in SKIPS


def says_enough(said: Said) -> bool:
    """Whether the first words tell something; a greeting or two signs do not."""
    return sum(sign.isalnum() for sign in said.text) >= ENOUGH_SIGNS and not said.pin


def beside_code(text: str) -> tuple[bool, str]:
    """Whether a text looks at the tip of its code, and what it says beside both."""
    rest = receipts.without_code(text).strip(SPACES)
    for word in (*LOOKS, *ADDS):
        if rest.casefold().startswith(word):
            return word in LOOKS, rest[len(word) :].strip(SPACES)
    return not rest, rest


def chosen(questions: Sequence[Question], asked: Question, said: Said) -> tuple[str, str]:
    """The field and the option that were chosen; the open field and nothing where none was."""
    if said.pressed:
        field, value = pressed(questions, said)
        return (field, value) if value else (asked.field, "")
    word = plain(said.text)
    if word.isdecimal() and word.isascii() and 1 <= int(word[:3]) <= len(asked.options):
        return asked.field, asked.options[int(word[:3]) - 1].value
    for option in asked.options:
        if word in (plain(name) for name in option.names):
            return asked.field, option.value
    return asked.field, ""


def pressed(questions: Sequence[Question], said: Said) -> tuple[str, str]:
    """The field and the option of a button; the skip button has no option."""
    field, _, value = said.pressed.partition("=")
    known = {each.field: [option.value for option in each.options] for each in questions}
    return field, value if value in known.get(field, ()) else ""


def place_of(said: Said, *, most: int) -> int | None:
    """Which of so many things was chosen, counted from 0; None for anything else."""
    word = plain(said.pressed.removeprefix("which=") or said.text)
    if word in ANOTHER:
        return most - 1
    chosen = int(word) if word.isascii() and word.isdecimal() and len(word) < 3 else 0
    return chosen - 1 if 1 <= chosen <= most else None
