"""The outbox: late and repeated news cannot turn back what is settled, and waiting has an end."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.domain.sending import (
    AMBIGUITY_WAIT,
    LEASE,
    MOST_ATTEMPTS,
    MOVES,
    OPEN,
    RETRY_CAP,
    Sending,
    leads_to,
    may_move,
    retry_after,
)

SETTLED = {Sending.DELIVERED, Sending.FAILED, Sending.DEAD}
SHARES = st.floats(0, 1)
ATTEMPTS = st.integers(0, 100)


@given(st.lists(st.sampled_from(Sending)))
def test_no_path_leaves_the_table_whatever_is_tried(tries: list[Sending]) -> None:
    state = Sending.PENDING
    for wanted in tries:
        before = state
        if may_move(state, wanted):
            state = wanted
        assert state == before or state in MOVES[before]
        assert before not in SETTLED or state == before


def test_exactly_what_is_settled_goes_nowhere() -> None:
    assert {state for state in Sending if not MOVES[state]} == SETTLED


@given(st.permutations([Sending.ACCEPTED, Sending.DELIVERED, Sending.DELIVERED, Sending.FAILED]))
def test_callbacks_in_any_order_leave_one_final_state(order: list[Sending]) -> None:
    state = Sending.ACCEPTED
    for reported in order:
        state = reported if may_move(state, reported) else state
    first = next(each for each in order if each is not Sending.ACCEPTED)
    assert state is first


def test_nothing_is_sent_without_an_attempt_that_was_written_down_first() -> None:
    for after in (Sending.ACCEPTED, Sending.FAILED, Sending.AMBIGUOUS):
        assert not may_move(Sending.PENDING, after)
        assert not may_move(Sending.LEASED, after)
    assert [state for state in Sending if may_move(state, Sending.SENDING)] == [Sending.LEASED]


def test_what_was_refused_for_good_is_never_tried_again() -> None:
    assert not may_move(Sending.FAILED, Sending.PENDING)
    assert not may_move(Sending.FAILED, Sending.LEASED)


@given(ATTEMPTS, SHARES)
def test_a_retry_waits_between_nothing_and_the_cap(attempts: int, share: float) -> None:
    assert timedelta(0) <= retry_after(attempts, share) <= RETRY_CAP


@given(SHARES)
def test_retries_wait_longer_each_time_until_the_cap(share: float) -> None:
    waits = [retry_after(attempts, share) for attempts in range(MOST_ATTEMPTS)]
    assert all(earlier <= later for earlier, later in pairwise(waits))


def test_the_longest_wait_doubles_until_the_cap() -> None:
    longest = [retry_after(attempts, 1) for attempts in range(12)]
    assert longest[0] == timedelta(seconds=5)
    assert all(later in (2 * earlier, RETRY_CAP) for earlier, later in pairwise(longest))
    assert longest[-1] == retry_after(10**6, 1) == RETRY_CAP


@given(ATTEMPTS, SHARES)
def test_the_share_spreads_retries_over_the_whole_wait(attempts: int, share: float) -> None:
    whole = retry_after(attempts, 1)
    assert retry_after(attempts, 0) == timedelta(0)
    assert retry_after(attempts, share) == whole * share


def test_attempts_go_on_for_the_better_part_of_a_day_before_we_give_up() -> None:
    expected = sum((retry_after(n, 0.5) for n in range(1, MOST_ATTEMPTS)), timedelta())
    assert timedelta(hours=8) < expected < timedelta(hours=24)


def test_an_unclear_attempt_is_left_alone_for_ten_minutes() -> None:
    assert timedelta(minutes=10) == AMBIGUITY_WAIT > LEASE


@given(st.sampled_from(Sending), st.sampled_from(Sending))
def test_a_report_may_tell_of_several_moves_at_once_but_of_none_that_is_not_there(
    now: Sending, then: Sending
) -> None:
    by_hand: set[Sending] = set(MOVES[now])
    for _ in Sending:
        by_hand |= {further for each in by_hand for further in MOVES[each]}
    assert leads_to(now, then) == (then in by_hand)
    assert not may_move(now, then) or leads_to(now, then)


@pytest.mark.parametrize("now", sorted(SETTLED))
@pytest.mark.parametrize("then", Sending)
def test_nothing_leads_away_from_what_is_settled(now: Sending, then: Sending) -> None:
    assert not leads_to(now, then)


def test_whatever_is_open_may_still_turn_out_to_have_arrived() -> None:
    for now in OPEN:
        assert leads_to(now, Sending.DELIVERED)
        assert leads_to(now, Sending.FAILED)
