"""The drawn moment of a re-inspection."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tipline.domain.revisits import random_moment

SHANGHAI, DUE = ZoneInfo("Asia/Shanghai"), date(2026, 8, 2)


def drawn(seed: str) -> tuple[date, int]:
    at = random_moment(seed, due_on=DUE, days_before=3, hours=(7, 22), zone=SHANGHAI)
    return at.date(), at.hour


@given(st.text(max_size=20))
@settings(max_examples=60)
def test_it_lies_on_the_days_up_to_the_due_one_and_within_the_hours(seed: str) -> None:
    day, hour = drawn(seed)
    assert DUE - timedelta(days=3) <= day <= DUE
    assert 7 <= hour < 22
    assert drawn(seed) == (day, hour)


def test_other_seeds_give_other_days_and_hours() -> None:
    found = {drawn(str(seed)) for seed in range(200)}
    assert {day for day, _ in found} == {DUE - timedelta(days=n) for n in range(4)}
    assert len({hour for _, hour in found}) == 15
