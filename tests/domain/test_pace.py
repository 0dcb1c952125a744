"""Pace and breaker: an even flow, and a provider that fails is left alone for a while."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tipline.domain import pace

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
RATES = st.floats(0.1, 200)


@given(RATES, st.lists(st.tuples(st.floats(0, 5), st.integers(0, 50)), max_size=40))
def test_never_more_goes_than_the_pace_allows_and_one_burst(
    per_second: float, visits: list[tuple[float, int]]
) -> None:
    next_at = now = NOW
    gone = 0
    for later, wanted in visits:
        now += timedelta(seconds=later)
        taken = min(wanted, pace.free(next_at, now=now, per_second=per_second))
        next_at = pace.next_after(next_at, now=now, per_second=per_second, taken=taken)
        gone += taken
    lasted = (now - NOW).total_seconds()
    assert gone <= per_second * lasted + max(per_second, 1) + 1e-3


@given(RATES)
def test_who_waits_long_enough_may_always_send(per_second: float) -> None:
    assert pace.free(NOW, now=NOW, per_second=per_second) >= 1


def test_a_breaker_is_open_for_its_time_and_then_lets_one_try() -> None:
    later = NOW + timedelta(minutes=10)
    assert not pace.is_open(4, later, now=NOW, most=5)
    assert pace.is_open(5, later, now=NOW, most=5)
    assert not pace.is_trying(5, later, now=NOW, most=5)
    assert pace.is_trying(5, later, now=later, most=5)
    assert not pace.is_open(5, later, now=later, most=5)
