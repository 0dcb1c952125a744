"""Coming back: at which hour nobody can foresee an inspector looks again after a ban."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo


def random_moment(
    seed: str, *, due_on: date, days_before: int, hours: tuple[int, int], zone: ZoneInfo
) -> datetime:
    """A moment on one of the days up to the due day, at any minute within these hours.

    The same secret seed gives the same moment, so that it need not be kept; without the seed
    nobody can work it out.
    """
    dice = Random(seed)
    day = due_on - timedelta(days=dice.randint(0, days_before))
    minute = dice.randint(hours[0] * 60, hours[1] * 60 - 1)
    return datetime.combine(day, time(minute // 60, minute % 60), zone)
