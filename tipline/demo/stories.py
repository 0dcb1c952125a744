"""The stories of the demo as they are written down: who said what, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

import yaml
from pydantic import TypeAdapter

FOLDER = Path(__file__).parent

By = Literal["web", "sms", "telegram", "phone", "hotline"]
Until = Literal[
    "triage",
    "declined",
    "referred",
    "withdrawn",
    "queued",
    "claimed",
    "visited",
    "concluded",
    "answered",
]
Form = TypeVar("Form")


class Strict:
    """A key that is not known is a mistake."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True, kw_only=True)
class Told(Strict):
    """What one reporter says, and what is said afterwards; `after` is days after the first."""

    by: By
    says: str
    place: str = ""
    floor: str = ""
    landmark: str = ""
    when: str = ""
    who: str = ""
    locale: str = "zh"
    after: int | None = None
    code: str = ""
    adds: tuple[str, ...] = ()
    asked: str = ""
    replied: str = ""
    wants_code: bool = False
    withdraws: bool = False
    unreachable: bool = False

    @property
    def is_message(self) -> bool:
        """Whether it comes through the inbox and not through a form."""
        return self.by in ("sms", "telegram")


@dataclass(frozen=True, kw_only=True)
class Story(Strict):
    """One place: what was reported about it and how far the office got.

    `age` is how many days ago it began; `imposed` holds yuan where money belongs to it, a note
    where not; `pace` is how many working days pass between two steps of the inspector.
    `paused` is the ground on which the case waits, `longer` that of a wish for more time.
    """

    place: str
    floor: str = ""
    division: str = ""
    kind: str
    until: Until
    age: int | None = None
    due_today: bool = False
    late: int = 0
    pace: int | None = None
    brief: str = ""
    priority: int | None = None
    reason: str = ""
    department: str = ""
    note: str = ""
    handed_back: str = ""
    forgotten: bool = False
    paused: str = ""
    longer: str = ""
    visits: tuple[Mapping[Literal["open", "undercover"], str], ...] = ()
    filed: bool = False
    finding: str = ""
    found: str = ""
    imposed: Mapping[str, int | str | None] = field(default_factory=dict)
    tips: tuple[Told, ...]

    @property
    def is_filed(self) -> bool:
        """Whether penalty proceedings are opened after the first open visit; no fine without."""
        return self.filed or "fine" in self.imposed


@dataclass(frozen=True, kw_only=True)
class Area(Strict):
    """The stories of one district; `paper` begins the numbers of its decisions."""

    division: str
    paper: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, kw_only=True)
class Stranger(Strict):
    """Somebody who opened the chat and has not said anything yet."""

    by: By
    says: str


def read(name: str, form: type[Form]) -> Form:
    """One data file of the demo; ValidationError when it is not of this form."""
    content = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return TypeAdapter(form).validate_python(content)


@cache
def areas() -> tuple[Area, ...]:
    """Every district with its stories, in the order of the file names."""
    return tuple(read(path.name, Area) for path in sorted(FOLDER.glob("tips_*.yaml")))


def strangers() -> tuple[Stranger, ...]:
    """Those who only opened the chat."""
    return read("strangers.yaml", tuple[Stranger, ...])
