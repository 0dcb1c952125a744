"""Flooding: a dialogue gets all its replies, a flood gets one in ten minutes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tipline.domain.flooding import Replies

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
MOST, WITHIN = 15, timedelta(minutes=10)


def replied(seconds: list[int]) -> list[int]:
    """The moments at which a reply is sent, of those at which one was due."""
    count, sent = Replies(), []
    for second in seconds:
        count = count.one_more(most=MOST, within=WITHIN, now=NOW + timedelta(seconds=second))
        if not count.are_too_many(MOST):
            sent.append(second)
    return sent


def test_a_dialogue_gets_every_reply() -> None:
    assert len(replied([20 * number for number in range(MOST)])) == MOST


def test_a_flood_gets_one_reply_in_ten_minutes_from_its_second_while_on() -> None:
    sent = replied(list(range(3600)))
    assert [second for second in sent if second >= 600] == [600, 1200, 1800, 2400, 3000]
    assert len(sent) == MOST + 5


def test_who_was_quiet_for_a_while_after_a_flood_gets_every_reply_again() -> None:
    again = [1300 + 20 * number for number in range(MOST)]
    assert replied([*range(100), *again])[MOST:] == again


@given(st.lists(st.integers(0, 400), max_size=80))
def test_no_while_has_more_replies_than_allowed(gaps: list[int]) -> None:
    seconds = [sum(gaps[: number + 1]) for number in range(len(gaps))]
    sent = replied(seconds)
    assert all(sum(0 <= each - one < 600 for each in sent) <= 2 * MOST for one in sent)
    assert sent[:1] == seconds[:1]
