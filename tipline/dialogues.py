"""What a dialogue is: the questions, where it stands, what was said, and what that does."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

WHICH = "which"  # asked instead of a field: which of several tips is meant
SKIP = "skip"  # pressed instead of an option


@dataclass(frozen=True)
class Option:
    """One answer to choose: what it is called in every language."""

    value: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One field of the questionnaire that is asked on this channel."""

    field: str
    options: tuple[Option, ...] = ()


class Code(StrEnum):
    """What the receipt code in a message turned out to be."""

    NONE = "none"
    OPENS = "opens"
    OPENS_NOTHING = "opens_nothing"
    NOT_NOW = "not_now"  # too many wrong ones came before


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message: its words, what was pressed, and what came along."""

    text: str = ""
    pressed: str = ""
    files: int = 0
    pin: bool = False
    early: bool = False  # written before our last question was asked
    too_large: int = 0
    amends: bool = False
    about: int | None = None  # the tip that what is corrected went to
    opt: str = ""
    code: Code = Code.NONE
    code_tip: int | None = None


@dataclass(frozen=True, kw_only=True)
class State:
    """Where the dialogue with one sender stands; holds no word of theirs.

    `tip` (the one that is being talked about), `tips` (open, the latest last) and `asking` (the
    office waits for an answer on these) are not kept here but looked up for every message.
    """

    tip: int | None = None
    asked: str = ""
    times: int = 0
    passed: tuple[str, ...] = ()
    heard: int = 0
    offered: tuple[int, ...] = ()
    another: bool = False
    tips: tuple[int, ...] = ()
    asking: tuple[int, ...] = ()

    def unasked(self) -> "State":
        """The same where the question was not put after all; what waits to be placed waits on."""
        return self if self.asked == WHICH else replace(self, asked="", times=0, heard=0)

    def kept(self) -> dict[str, Any]:
        """What is kept between two messages."""
        return {name: value for name, value in asdict(self).items() if name not in AFRESH}


AFRESH = ("tip", "tips", "asking")


def state_from(
    kept: dict[str, Any], *, tip: int | None, tips: tuple[int, ...], asking: tuple[int, ...]
) -> State:
    """The state of what was kept, and what was looked up."""
    content: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
    }
    return State(**content, tip=tip, tips=tips, asking=asking)


class Does(StrEnum):
    """What one message of a sender can do."""

    NEW_TIP = "new_tip"
    ADD = "add"
    ANSWER = "answer"
    HOLD = "hold"  # the words wait until it is known which tip they belong to
    RELEASE = "release"  # they go to this tip, or to a new one
    TELL_CODE = "tell_code"
    STOP = "stop"
    START = "start"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One thing to do. Without a tip it is done to the one that is being talked about."""

    does: Does
    words: str = ""
    field: str = ""
    value: str = ""
    tip: int | None = None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One step: what to do, the notice that is the reply, what it asks for, and where we stand."""

    effects: tuple[Effect, ...] = ()
    reply: str = ""
    field: str = ""
    about: int | None = None  # the tip that the reply is about, where it is another one
    state: State = State()


class Dialogue(Protocol):
    """The next step of a dialogue; None was said when there was half an hour of silence."""

    def __call__(self, questions: Sequence[Question], state: State, said: Said | None) -> Turn:
        """Pure: the same answer for the same arguments."""
