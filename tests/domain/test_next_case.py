"""Which case comes next, how far places lie apart, and who is drawn by lot."""

from random import Random

import pytest

from tipline.domain.claiming import Candidate, distance_km, draw, km_by_division, next_best

SAFE = {"priority": 3, "urgency": "ok", "km": None}


def case(id: int, **given: object) -> Candidate:
    return Candidate(id=id, **(SAFE | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "better",
    [
        {"priority": 2, "urgency": "ok", "km": 90.0},
        {"urgency": "late", "km": 90.0},
        {"urgency": "soon"},
        {"km": 2.0},
    ],
)
def test_danger_comes_before_slack_and_slack_before_nearness(better: dict[str, object]) -> None:
    best = next_best([case(1, km=5.0), case(2, **better), case(3, urgency="ok")])
    assert best is not None
    assert best.id == 2


def test_there_is_no_next_case_in_an_empty_pool() -> None:
    assert next_best([]) is None


def test_maoming_lies_some_340_kilometres_from_shenzhen() -> None:
    assert distance_km((21.66, 110.92), (22.54, 114.06)) == pytest.approx(338, abs=5)


def test_only_the_same_district_is_known_to_be_near() -> None:
    assert km_by_division("440902", "440902") is not None
    assert km_by_division("440902", "440904") is None
    assert km_by_division("", "") is None


def test_the_lot_falls_among_those_who_carry_least_and_on_each_of_them() -> None:
    drawn = {draw({1: 2, 2: 0, 3: 0}, Random(seed)) for seed in range(40)}
    assert drawn == {2, 3}
    assert draw({}, Random(1)) is None
