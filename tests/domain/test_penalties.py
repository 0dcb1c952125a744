"""Fines, what being late costs, and when practising again is suspected crime; to the fen."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipline.domain.penalties import FineScale, late_fine_fen, transfer_ground
from tipline.policy import load

LEGAL = load().legal
DUE = date(2026, 7, 28)
FOUND = date(2008, 6, 11)
FENS = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("scale", "income_yuan", "least_yuan", "most_yuan"),
    [
        ("institution", 10_300, 51_500, 206_000),  # Maoming 2020: five times the income
        ("institution", 9_999, 50_000, 200_000),  # counts as 10,000
        ("institution", 0, 50_000, 200_000),
        ("person", 0, 20_000, 100_000),
        ("person", 30_000, 60_000, 300_000),
    ],
)
def test_a_fine_is_so_many_times_the_income_which_counts_as_ten_thousand_at_least(
    scale: str, income_yuan: int, least_yuan: int, most_yuan: int
) -> None:
    bounds = LEGAL.fine_scales[scale].scale.bounds_fen(income_yuan * 100)
    assert bounds == (least_yuan * 100, most_yuan * 100)


@pytest.mark.parametrize(
    ("days", "yuan"), [(-3, 0), (0, 0), (1, 1_500), (10, 15_000), (33, 49_500), (34, 50_000)]
)
def test_being_late_costs_three_per_cent_a_day_and_never_more_than_the_fine(
    days: int, yuan: int
) -> None:
    today = DUE + timedelta(days=days)
    added = late_fine_fen(50_000_00, pay_by=DUE, today=today, percent_a_day=3)
    assert added == yuan * 100


@given(FENS, st.integers(0, 4000))
@settings(max_examples=60)
def test_what_is_added_grows_from_day_to_day_up_to_the_fine(fine_fen: int, days: int) -> None:
    def added(n: int) -> int:
        return late_fine_fen(fine_fen, pay_by=DUE, today=DUE + timedelta(days=n), percent_a_day=3)

    assert 0 <= added(days) <= added(days + 1) <= fine_fen
    assert added(34 + days) == fine_fen


@pytest.mark.parametrize(
    ("penalised", "convicted", "ground"),
    [
        ([], [], None),
        (["2006-05-26"], [], None),
        (["2006-05-26", "2006-05-26"], [], None),  # two decisions of one day are one time
        (["2006-05-26", "2008-06-11"], [], None),  # the one of today is no earlier one
        (["2006-05-26", "2007-05-23"], [], "two_penalties"),
        (["2006-05-26"], ["2007-01-01"], "criminal_record"),
        (["2006-05-26", "2007-05-23"], ["2007-01-01"], "criminal_record"),
        ([], ["2009-01-01"], None),
    ],
)
def test_the_third_time_after_two_penalties_or_the_next_after_a_conviction_is_suspected_crime(
    penalised: list[str], convicted: list[str], ground: str | None
) -> None:
    found = transfer_ground(
        found_on=FOUND,
        penalised_on=[date.fromisoformat(day) for day in penalised],
        convicted_on=[date.fromisoformat(day) for day in convicted],
        penalties=LEGAL.penalties_before_transfer,
    )
    assert found == ground


def test_a_scale_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="least_times"):
        FineScale(least_times=5, most_times=2, floor_yuan=10_000)


def test_what_being_late_cost_stays_when_the_fine_comes_in_and_less_is_late_after_a_part() -> None:
    def added(*paid: tuple[int, int]) -> int:
        came_in = [(DUE + timedelta(days=days), yuan * 100) for days, yuan in paid]
        today = DUE + timedelta(days=20)
        return late_fine_fen(
            10_000_00, pay_by=DUE, today=today, percent_a_day=3, owed_fen=12_000_00, paid=came_in
        )

    assert added() == 6_000_00
    assert added((10, 12_000)) == 3_000_00  # ten days on the whole fine, and no more
    assert added((10, 7_000)) == 3_000_00 + 1_500_00  # then ten days on five thousand
    assert added((-2, 2_000)) == 6_000_00  # what was confiscated comes first
    assert added((0, 12_000)) == 0
