"""When inspectors claim a case, go there, impose and conclude."""

from tipline.demo import officers, postponing
from tipline.demo.diary import Diary
from tipline.demo.hours import MINUTE

MOST_PACE = 4  # working days between two steps, so that the claim does not lapse


def claim(diary: Diary) -> None:
    """Take the case from the pool."""
    diary.do(diary.step(0, 1, 1), officers.claim, by=diary.writes)


def visit(diary: Diary) -> None:
    """Go there as often as the story says; a case that ends with a fine is filed on the way."""
    kinds = [next(iter(visit)) for visit in diary.life.story.visits]
    for number, kind in enumerate(kinds):
        _go(diary, number, kind)
        if diary.life.story.is_filed and kind == "open" and "open" not in kinds[:number]:
            diary.do(diary.step(0), officers.file, by=diary.writes)
    if diary.life.story.longer:
        diary.do(diary.at + 9 * MINUTE, postponing.ask_longer, by=diary.writes)
    if diary.life.story.paused:
        diary.do(diary.at + 9 * MINUTE, postponing.ask_pause, by=diary.writes)
        diary.do(diary.at + 30 * MINUTE, postponing.grant)


def conclude(diary: Diary) -> None:
    """Impose what has to be imposed, say what was found, and end the work."""
    story = diary.life.story
    diary.at = max(diary.at, diary.joined)
    diary.step(*([min(story.pace, MOST_PACE)] if story.pace else [1, 2, 3]))
    for what in story.imposed:
        diary.do(diary.at, officers.impose, by=diary.writes, what=what)
        diary.at += diary.scene.minutes(2, 12)
    diary.do(diary.at, officers.find, by=diary.writes)
    diary.do(diary.step(0, 0, 1), officers.conclude, by=diary.writes)


def _go(diary: Diary, number: int, kind: str) -> None:
    """One visit, written down an hour or more later."""
    days = diary.life.story.pace or diary.scene.dice.choice((1, 1, 2, 3))
    seen_at = diary.hours.outing(diary.at, kind=kind, days=days)
    diary.at = seen_at + diary.scene.minutes(40, 180)
    pair = (diary.writes, diary.helps)
    diary.do(diary.at, officers.visit, pair=pair, number=number, seen_at=seen_at)
