"""What the players of a story need to know while it is played."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tipline.db import session
from tipline.demo.stories import Story
from tipline.domain.actors import Actor
from tipline.models import Tip

FIRST_MESSAGE = "demo-1"


@dataclass(frozen=True)
class Voice:
    """How one reporter turns up: a made-up number or chat, and what they want of us."""

    sender: str
    leaves_number: bool
    knows_kind: bool
    knows_district: bool
    wants_reward: bool


@dataclass(frozen=True)
class Filed:
    """A tip that was taken in; the code only where the reporter has seen it."""

    tip_id: int
    number: str
    code: str = ""


@dataclass
class Life:
    """One story while it is played: its reporters, and their tips so far."""

    story: Story
    division: str
    paper: str
    voices: tuple[Voice, ...]
    filed: dict[int, Filed] = field(default_factory=dict)

    @property
    def placed(self) -> bool:
        """Whether every tip says its district; what does not is read by the city's own desk."""
        told = zip(self.story.tips, self.voices, strict=True)
        return all(voice.knows_district and not each.is_message for each, voice in told)

    def tip_id(self, which: int) -> int:
        """The tip of this reporter."""
        return self.filed[which].tip_id

    def case_id(self, which: int = 0) -> int:
        """The home case of this reporter's tip, as it is now."""
        return session().get_one(Tip, self.tip_id(which)).case_id


@dataclass
class Stage:
    """The people of the bureau by user name, whose reporters cannot be reached, and the codes.

    `now` is the present, at which the play ends.
    """

    people: Mapping[str, Actor]
    now: datetime
    unreachable: set[str] = field(default_factory=set)
    codes: dict[int, str] = field(default_factory=dict)
    heard: int = 0
    rounds: int = 0

    def next_message(self) -> str:
        """The provider's id of the next message that comes in."""
        self.heard += 1
        return f"demo-{self.heard}"
