"""When the desk reads, asks, decides and answers."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tipline.demo import officers, telling
from tipline.demo.diary import Diary
from tipline.runtime import policy


def wait(diary: Diary) -> None:
    """Nothing is decided yet, but the desk may have asked."""
    for which, told in enumerate(diary.life.story.tips):
        if told.asked:
            _consider(diary, which)


def let_go(diary: Diary) -> None:
    """The reporter withdraws; where there is a brief, after the matter was taken on."""
    after = diary.told[0]
    if diary.life.story.brief:
        accept(diary)
        after = diary.at
    telling.take_back(diary, 0, after=after)


def decide(diary: Diary, decision: Callable[..., None]) -> None:
    """Decline or refer every tip of the story."""
    for which in range(len(diary.life.story.tips)):
        diary.do(_consider(diary, which), decision, which=which, by=diary.officer)


def accept(diary: Diary) -> None:
    """Take the first tip on, join the others to it, and let some be withdrawn."""
    story = diary.life.story
    diary.at = diary.joined = _consider(diary, 0)
    diary.do(diary.at, officers.accept, by=diary.officer)
    for which in range(1, len(story.tips)):
        _join(diary, which)
    for which, told in enumerate(story.tips):
        if told.withdraws:
            telling.take_back(diary, which, after=diary.joined)
    if story.handed_back or story.forgotten:
        _lose_a_claim(diary)


def answer(diary: Diary) -> None:
    """Answer every tip within some working days."""
    hours, dice = diary.hours, diary.scene.dice
    for which in range(len(diary.life.story.tips)):
        at = hours.office(diary.at, days=dice.choice((0, 1, 1, 2, 3)))
        diary.do(at, officers.answer, which=which, by=diary.officer)


def _consider(diary: Diary, which: int) -> datetime:
    """The desk reads, asks where it has to, and is ready to decide at the returned instant."""
    told = diary.life.story.tips[which]
    days = diary.life.story.late or diary.scene.dice.choice((0, 0, 0, 1))
    at = _read(diary, which, diary.told[which], days=days)
    if not told.asked:
        return at
    diary.do(at, officers.ask, which=which, by=diary.officer)
    if not told.replied:
        return diary.hours.office(at, days=3)
    return _read(diary, which, telling.reply(diary, which, after=at))


def _read(diary: Diary, which: int, after: datetime, *, days: int = 0) -> datetime:
    """The desk opens the words, and thinks for some minutes."""
    at = diary.hours.office(after, days=days)
    diary.do(at, officers.open_words, which=which, by=diary.officer)
    return at + diary.scene.minutes(3, 25)


def _join(diary: Diary, which: int) -> None:
    at = _consider(diary, which)
    diary.do(at, officers.join, which=which, by=diary.officer)
    diary.joined = max(diary.joined, at)


def _lose_a_claim(diary: Diary) -> None:
    """A colleague claims the case first, and gives it back or forgets it."""
    diary.do(diary.step(0, 1), officers.claim, by=diary.helps)
    if diary.life.story.handed_back:
        diary.do(diary.step(0, 1), officers.hand_back, by=diary.helps)
    else:
        diary.at += timedelta(days=2 * policy().casework.claim_lease_workdays, hours=9)
