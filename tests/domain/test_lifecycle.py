"""The states of tips and cases: no path leaves the tables, and what has ended stays ended."""

from collections.abc import Callable, Mapping
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.domain.lifecycle import (
    CASE_MOVES,
    REWARD_MOVES,
    TIP_MOVES,
    CaseStatus,
    IllegalTransition,
    TipStatus,
    ensure_case_move,
    ensure_reward_move,
    ensure_tip_move,
)

KINDS = [
    pytest.param(TIP_MOVES, ensure_tip_move, id="tip"),
    pytest.param(CASE_MOVES, ensure_case_move, id="case"),
    pytest.param(REWARD_MOVES, ensure_reward_move, id="reward"),
]
Moves = Mapping[StrEnum, frozenset[StrEnum]]
Ensure = Callable[[str, StrEnum], StrEnum]


def reachable(moves: Moves, start: StrEnum) -> set[StrEnum]:
    """Every state that can come after this one."""
    found, open_ends = set(), [start]
    while open_ends:
        ahead = moves[open_ends.pop()] - found
        found |= ahead
        open_ends += ahead
    return found


@pytest.mark.parametrize(("moves", "ensure"), KINDS)
def test_exactly_the_moves_of_the_table_are_allowed(moves: Moves, ensure: Ensure) -> None:
    for now in moves:
        for then in moves:
            if then in moves[now]:
                assert ensure(now, then) is then
            else:
                with pytest.raises(IllegalTransition, match=f"from {now} to {then}"):
                    ensure(now, then)


@given(st.lists(st.sampled_from(TipStatus)))
def test_no_path_of_a_tip_leaves_the_table_whatever_is_tried(tries: list[TipStatus]) -> None:
    assert_path_stays_in(TIP_MOVES, ensure_tip_move, TipStatus.RECEIVED, tries)


@given(st.lists(st.sampled_from(CaseStatus)))
def test_no_path_of_a_case_leaves_the_table_whatever_is_tried(tries: list[CaseStatus]) -> None:
    assert_path_stays_in(CASE_MOVES, ensure_case_move, CaseStatus.RECEIVED, tries)


def assert_path_stays_in(
    moves: Moves, ensure: Ensure, start: StrEnum, tries: list[StrEnum]
) -> None:
    status, visited = start, {start}
    for wanted in tries:
        before = status
        try:
            status = ensure(status, wanted)
        except IllegalTransition:
            assert wanted not in moves[before]
        else:
            assert wanted in moves[before]
        visited.add(status)
    assert visited <= {start} | reachable(moves, start)


@pytest.mark.parametrize("ended", ["declined", "referred", "withdrawn"])
def test_a_tip_that_has_ended_stays_as_it_is(ended: str) -> None:
    for then in TipStatus:
        with pytest.raises(IllegalTransition):
            ensure_tip_move(ended, then)


@pytest.mark.parametrize("ended", ["declined", "referred"])
def test_a_case_that_has_ended_stays_as_it_is(ended: str) -> None:
    for then in CaseStatus:
        with pytest.raises(IllegalTransition):
            ensure_case_move(ended, then)


def test_a_case_that_was_joined_by_mistake_waits_for_triage_again() -> None:
    assert CASE_MOVES[CaseStatus.JOINED] == {CaseStatus.RECEIVED}


def test_what_was_closed_opens_again_by_a_dispute_or_when_the_police_send_it_back() -> None:
    assert TIP_MOVES[TipStatus.ANSWERED] == {TipStatus.ACCEPTED}
    assert CASE_MOVES[CaseStatus.CLOSED] == {CaseStatus.QUEUED, CaseStatus.CLAIMED}


@pytest.mark.parametrize(("moves", "ensure"), KINDS)
def test_every_state_can_come_about_and_can_come_to_an_end(moves: Moves, ensure: Ensure) -> None:
    first = next(iter(moves))
    assert reachable(moves, first) | {first} == set(moves)
    ends = {state for state in moves if not moves[state]} | {CaseStatus.CLOSED}
    assert all(state in ends or reachable(moves, state) & ends for state in moves)


def test_a_case_is_closed_only_after_its_conclusion_or_before_triage() -> None:
    before = {state for state, then in CASE_MOVES.items() if CaseStatus.CLOSED in then}
    assert before == {CaseStatus.CONCLUDED, CaseStatus.RECEIVED}
    before = {state for state, then in CASE_MOVES.items() if CaseStatus.CONCLUDED in then}
    assert before == {CaseStatus.CLAIMED}


@pytest.mark.parametrize(("moves", "ensure"), KINDS)
def test_a_status_that_nobody_knows_is_refused(moves: Moves, ensure: Ensure) -> None:
    with pytest.raises(ValueError, match="not a valid"):
        ensure("lost", next(iter(moves)))
