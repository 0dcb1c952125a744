"""When the reporters of a story speak: the first, those after them, and what they add."""

from datetime import datetime

from tipline.demo import officers, reporters
from tipline.demo.diary import Diary
from tipline.demo.stories import Told, Until
from tipline.domain.counting import DAY

FIRST_CHECK_WORKDAYS = 15
# Between how many days ago a story that got this far began.
AGES: dict[Until, tuple[int, int]] = {
    "declined": (2, 58),
    "referred": (2, 58),
    "withdrawn": (5, 50),
    "queued": (1, 9),
    "claimed": (2, 5),
    "visited": (5, 9),
    "concluded": (12, 24),
    "answered": (28, 60),
}


def tell(diary: Diary) -> None:
    """Everybody speaks, and perhaps says more."""
    for which, told in enumerate(diary.life.story.tips):
        at = _again_at(diary, told) if which else _first_at(diary, told)
        diary.told.append(at)
        diary.do(at, reporters.tell, which=which)
        _say_more(diary, which, told)


def take_back(diary: Diary, which: int, *, after: datetime) -> None:
    """The reporter withdraws within some days."""
    at = _within_days(diary, which, 2, after=after)
    diary.do(at, reporters.withdraw, which=which)


def reply(diary: Diary, which: int, *, after: datetime) -> datetime:
    """The reporter answers the question; returns when."""
    at = _within_days(diary, which, 1, after=after)
    diary.do(at, reporters.say, which=which, words=diary.life.story.tips[which].replied)
    return at


def _first_at(diary: Diary, told: Told) -> datetime:
    story, hours, today = diary.life.story, diary.hours, diary.scene.today
    if story.due_today:
        return hours.spoken(hours.workdays_before(today, FIRST_CHECK_WORKDAYS), by=told.by)
    if story.age is not None:
        return hours.spoken(today - story.age * DAY, by=told.by)
    if story.until == "triage":
        return hours.before(diary.scene.now, by=told.by)
    latest, earliest = AGES[story.until]
    day = hours.day_between(today - earliest * DAY, today - latest * DAY, by=told.by)
    return hours.spoken(day, by=told.by)


def _again_at(diary: Diary, told: Told) -> datetime:
    """When the next one speaks up; in any case before now."""
    first, now, dice = diary.told[0], diary.scene.now, diary.scene.dice
    after = dice.choice((0, 0, 1, 1, 2, 3)) if told.after is None else told.after
    day = diary.hours.day_of(first) + after * DAY
    at = diary.hours.spoken(day, by=told.by, after=first)
    return at if at < now else first + (now - first) * dice.random()


def _say_more(diary: Diary, which: int, told: Told) -> None:
    at = diary.told[which]
    if told.wants_code:
        at += diary.scene.minutes(1, 20)
        diary.do(at, reporters.say, which=which, words=reporters.ASKS_FOR_CODE)
    for words in told.adds:
        at += diary.scene.minutes(2, 240)
        diary.do(at, reporters.say, which=which, words=words)
    if told.adds:
        read_at = diary.hours.office(at)
        diary.do(read_at, officers.open_words, which=which, by=diary.officer)


def _within_days(diary: Diary, which: int, most: int, *, after: datetime) -> datetime:
    hours, told = diary.hours, diary.life.story.tips[which]
    day = hours.day_of(after) + diary.scene.dice.randint(0, most) * DAY
    return hours.spoken(day, by=told.by, after=after)
