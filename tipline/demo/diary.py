"""The diary of one story: its actions so far, and the instant at which it has arrived."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from tipline.demo.hours import MINUTE, Hours
from tipline.demo.organisation import Roster
from tipline.demo.stage import Life
from tipline.demo.stories import Until
from tipline.domain.counting import DAY

IN_HAND: tuple[Until, ...] = ("claimed", "visited")


@dataclass(frozen=True)
class Action:
    """Something that is done at its time; called with the stage and `now`."""

    at: datetime
    do: "partial[None]"


@dataclass(frozen=True)
class Scene:
    """What all stories share while they are laid out."""

    dice: Random
    hours: Hours
    roster: Roster
    now: datetime

    @property
    def is_holiday_lately(self) -> bool:
        """Whether last week had a holiday; claims would lapse if nobody worked through it."""
        week = (self.today - number * DAY for number in range(8))
        return any(self.hours.calendar.is_holiday(day) for day in week)

    @property
    def today(self) -> date:
        """The local date of now."""
        return self.hours.day_of(self.now)

    def minutes(self, least: int, most: int) -> timedelta:
        """Some minutes."""
        return self.dice.randint(least, most) * MINUTE


@dataclass
class Diary:
    """One story while it is laid out: each step is written after the one before it."""

    scene: Scene
    life: Life
    hours: Hours
    officer: str
    writes: str  # the inspector who works the case
    helps: str  # the colleague who comes along
    at: datetime
    joined: datetime  # when the last of the other tips was joined to the first
    told: list[datetime] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)

    def do(self, at: datetime, act: Callable[..., None], /, **given: object) -> None:
        """Write down that this is done at that time."""
        self.actions.append(Action(at, partial(act, life=self.life, **given)))

    def step(self, *days: int) -> datetime:
        """On to a later moment in office hours, one of these numbers of working days away."""
        self.at = self.hours.office(self.at, days=self.scene.dice.choice(days))
        return self.at


def opened(scene: Scene, life: Life) -> Diary:
    """An empty diary, with those of the bureau who will look after the story."""
    on_duty = life.story.until in IN_HAND and scene.is_holiday_lately
    officer = scene.roster.officer(life.division if life.placed else "")
    writes, helps = scene.roster.pair(life.division)
    return Diary(
        scene=scene,
        life=life,
        hours=replace(scene.hours, on_duty=on_duty),
        officer=officer,
        writes=writes,
        helps=helps,
        at=scene.now,
        joined=scene.now,
    )
