"""Rewards: floors, caps, bands, shares; never a fen more than the rule gives."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies

from tipline.domain.rewards import Facts, Scheme, quote, split
from tipline.domain.rewards.amounts import part_of
from tipline.domain.rewards.schemes import (
    Band,
    ByBand,
    ByTarget,
    Claim,
    Discretionary,
    Eligibility,
    FixedByOutcome,
    Insider,
    Percent,
    Share,
    Tier,
)
from tipline.domain.words import Text

MONEY = strategies.integers(0, 10**13)
PERCENT = strategies.decimals(Decimal("0.01"), Decimal(100), places=2)
TAX = ByBand(
    type="by_band",
    base="fine",
    method="progressive",
    bands=(
        Band(up_to_yuan=Decimal(10_000), percent=Decimal(10)),
        Band(up_to_yuan=Decimal(50_000), percent=Decimal(5)),
        Band(percent=Decimal(1)),
    ),
)


def scheme(formula: Any, **more: Any) -> Scheme:
    """A scheme with this formula and no conditions."""
    usual = {
        "id": "made_up",
        "title": Text(zh="试", en="made up"),
        "jurisdiction": "",
        "source": "",
        "confidence": "general",
        "eligibility": Eligibility(),
        "claim": Claim(window=30, unit="workday"),
    }
    return Scheme(**(usual | more), formula=formula)


def percent(value: Decimal) -> Percent:
    return Percent(type="percent", base="fine", percent=value)


def due(made: Scheme, **facts: Any) -> int:
    amount = quote(made, Facts(**facts)).amount_fen
    assert amount is not None
    return amount


@pytest.mark.parametrize(
    ("fine_yuan", "due_yuan"),
    [(0, 0), (10_000, 1000), (10_001, 1000.05), (50_000, 3000), (150_000, 4000)],
)
def test_segments_each_count_at_their_own_percentage(fine_yuan: int, due_yuan: float) -> None:
    assert due(scheme(TAX), fine_fen=fine_yuan * 100) == due_yuan * 100


def test_each_kind_of_target_has_its_own_percentage() -> None:
    formula = ByTarget(
        type="by_target",
        base="fine",
        targets={"person": Share(percent=Decimal(5)), "institution": Share(percent=Decimal(2))},
    )
    assert due(scheme(formula), fine_fen=100_000, target="person") == 5000
    assert due(scheme(formula), fine_fen=100_000, target="institution") == 2000
    assert not quote(scheme(formula), Facts(fine_fen=100_000)).eligible


def test_below_the_threshold_nothing_is_due() -> None:
    made = scheme(percent(Decimal(5)), threshold_yuan=Decimal(1000), floor_yuan=Decimal(200))
    assert not quote(made, Facts(fine_fen=99_999)).eligible
    assert due(made, fine_fen=100_000) == 20_000


def test_an_insider_may_have_points_of_the_percentage_on_top() -> None:
    made = scheme(percent(Decimal(5)), insider=Insider(added_points=Decimal("1.5")))
    assert due(made, fine_fen=100_000, insider=True) == 6500


def test_the_best_tier_that_was_reached_counts() -> None:
    tiers = (
        Tier(outcome=("penalty",), amount_yuan=Decimal(500)),
        Tier(outcome=("judgment",), amount_yuan=Decimal(900)),
    )
    made = scheme(FixedByOutcome(type="fixed_by_outcome", tiers=tiers))
    assert due(made, outcome=("penalty",)) == 50_000
    assert due(made, outcome=("penalty", "judgment")) == 90_000


@given(MONEY, PERCENT)
def test_a_percentage_never_pays_more_than_the_rule(base: int, share: Decimal) -> None:
    paid = part_of(base, share)
    assert paid <= base * share / 100 < paid + 1


@given(MONEY, MONEY, PERCENT)
def test_a_larger_base_never_gives_less(one: int, other: int, share: Decimal) -> None:
    low, high = sorted((one, other))
    for formula in (percent(share), TAX):
        assert due(scheme(formula), fine_fen=low) <= due(scheme(formula), fine_fen=high)


@given(MONEY, PERCENT, strategies.integers(0, 10**6), strategies.integers(0, 10**6))
def test_an_amount_lies_between_floor_and_cap(
    base: int, share: Decimal, floor: int, more: int
) -> None:
    cap = floor + more
    made = scheme(percent(share), floor_yuan=Decimal(floor), cap_yuan=Decimal(cap))
    for facts in ({}, {"insider": True}):
        assert floor * 100 <= due(made, fine_fen=base, **facts) <= cap * 100


@given(MONEY, strategies.lists(strategies.integers(0, 1000), min_size=1).filter(sum))
def test_the_parts_of_joint_reporters_sum_to_the_whole(amount: int, shares: list[int]) -> None:
    parts = split(amount, shares)
    assert sum(parts) == amount
    whole = sum(shares)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * whole - amount * share) < whole


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1]])
def test_shares_that_are_none_are_refused(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="shares"):
        split(100, shares)


@pytest.mark.parametrize(
    "bands",
    [
        (Band(up_to_yuan=Decimal(1), amount_yuan=Decimal(1)),),
        (Band(amount_yuan=Decimal(1)), Band(amount_yuan=Decimal(2))),
        (
            Band(up_to_yuan=Decimal(2), amount_yuan=Decimal(1)),
            Band(up_to_yuan=Decimal(1), amount_yuan=Decimal(1)),
            Band(amount_yuan=Decimal(2)),
        ),
    ],
)
def test_bands_rise_and_only_the_last_is_open(bands: tuple[Band, ...]) -> None:
    with pytest.raises(ValueError, match="band"):
        ByBand(type="by_band", base="fine", bands=bands)


@pytest.mark.parametrize(
    "wrong", [{"fine_fen": -1}, {"rank": 0}, {"joint": 0}, {"counts": {"x": -1}}]
)
def test_facts_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="number|negative"):
        Facts(**wrong)


def test_a_range_needs_everybody_whom_its_highest_sum_needs() -> None:
    formula = Discretionary(type="discretionary", min_yuan=Decimal(100), max_yuan=None)
    found = quote(scheme(formula), Facts())
    assert found.range_fen == (10_000, None)
    assert [each.by for each in found.approvals] == ["reward_approver"]
