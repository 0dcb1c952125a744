"""The stories laid out in time: who does what at which instant, up to now."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from random import Random

from tipline.demo import deciding, officers, reporters, stories, telling, working
from tipline.demo.diary import Action, Diary, Scene, opened
from tipline.demo.hours import Hours
from tipline.demo.organisation import roster
from tipline.demo.stage import Life, Voice
from tipline.demo.stories import Area, Story, Told, Until
from tipline.domain.counting import DAY
from tipline.runtime import policy, settings

SEED = 668  # The dialling code of Maoming.
Step = Callable[[Diary], None]
ENDINGS: dict[Until, Step] = {
    "triage": deciding.wait,
    "withdrawn": deciding.let_go,
    "declined": partial(deciding.decide, decision=officers.decline),
    "referred": partial(deciding.decide, decision=officers.refer),
}
STEPS: dict[Until, Step] = {
    "queued": deciding.accept,
    "claimed": working.claim,
    "visited": working.visit,
    "concluded": working.conclude,
    "answered": deciding.answer,
}


def actions(*, now: datetime) -> list[Action]:
    """Everything that happened until now, in order; the same now gives the same list."""
    dice = Random(SEED)
    hours = Hours(dice, policy().calendar, settings().zone)
    scene = Scene(dice, hours, roster(dice), now)
    found = [*_all_stories(scene), *_strangers(scene)]
    return sorted((each for each in found if each.at <= now), key=lambda each: each.at)


def _all_stories(scene: Scene) -> Iterator[Action]:
    serial = 0
    for area in stories.areas():
        for number, story in enumerate(area.stories):
            yield from _lay_out(opened(scene, _life(scene, area, number, serial)))
            serial += len(story.tips)


def _lay_out(diary: Diary) -> list[Action]:
    """All that is done in one story, also what would only be done later."""
    telling.tell(diary)
    for step in _steps(diary.life.story):
        step(diary)
    return diary.actions


def _steps(story: Story) -> list[Step]:
    if story.until in ENDINGS:
        return [ENDINGS[story.until]]
    return list(STEPS.values())[: 1 + list(STEPS).index(story.until)]


def _life(scene: Scene, area: Area, number: int, serial: int) -> Life:
    story = area.stories[number]
    return Life(
        story=story,
        division=story.division or area.division,
        paper=f"{area.paper}〔{{year}}〕{11 + 3 * number}号",
        voices=tuple(
            _voice(scene.dice, told, serial + which) for which, told in enumerate(story.tips)
        ),
    )


def _voice(dice: Random, told: Told, serial: int) -> Voice:
    """Made-up senders: no Chinese mobile number begins with 100, no chat has so long an id."""
    chat = f"{9_000_000_000_000 + serial}"
    number = f"+86100{20_000_000 + serial * 37_117:08d}"
    return Voice(
        sender=chat if told.by == "telegram" else number,
        leaves_number=told.unreachable or (told.by != "hotline" and dice.random() < 0.25),
        knows_kind=dice.random() < 0.75,
        knows_district=told.by != "web" or dice.random() < 0.85,
        wants_reward=told.by in ("web", "phone") and dice.random() < 0.4,
    )


def _strangers(scene: Scene) -> Iterator[Action]:
    for number, stranger in enumerate(stories.strangers()):
        day = scene.hours.day_between(scene.today - 50 * DAY, scene.today - DAY, by=stranger.by)
        at = scene.hours.spoken(day, by=stranger.by)
        sender = f"{9_100_000_000_000 + number}"
        do = partial(reporters.open_chat, by=stranger.by, sender=sender, says=stranger.says)
        yield Action(at, do)
