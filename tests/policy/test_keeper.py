"""The keeper: a changed policy comes into force by itself, a wrong one never."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tipline.policy import Keeper, PolicyError
from tipline.policy.loader import DEFAULT

START = 1_000_000_000


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def ticks() -> Iterator[int]:
    return iter(range(START, START + 100))


def lease(folder: Path, days: object, changed_at: int) -> None:
    path = folder / "casework.yaml"
    text = (DEFAULT / "casework.yaml").read_text(encoding="utf-8")
    changed = text.replace("claim_lease_workdays: 5", f"claim_lease_workdays: {days}")
    path.write_text(changed, encoding="utf-8")
    os.utime(path, (changed_at, changed_at))


def test_keeper_takes_up_a_change_when_two_seconds_have_passed(
    tmp_path: Path, hand: Hand, ticks: Iterator[int]
) -> None:
    lease(tmp_path, 3, next(ticks))
    keeper = Keeper(tmp_path, monotonic=hand)
    lease(tmp_path, 4, next(ticks))
    hand.seconds = 1.9
    assert keeper.current().casework.claim_lease_workdays == 3
    hand.seconds = 2.0
    assert keeper.current().casework.claim_lease_workdays == 4


def test_keeper_takes_up_a_file_when_it_is_added_and_when_it_is_gone(
    tmp_path: Path, hand: Hand, ticks: Iterator[int]
) -> None:
    keeper = Keeper(tmp_path, monotonic=hand)
    packaged = keeper.current().version
    lease(tmp_path, 4, next(ticks))
    hand.seconds = 2
    assert keeper.current().version != packaged
    (tmp_path / "casework.yaml").unlink()
    hand.seconds = 4
    assert keeper.current().version == packaged


def test_keeper_keeps_the_old_policy_and_says_why_when_the_new_one_is_wrong(
    tmp_path: Path, hand: Hand, ticks: Iterator[int]
) -> None:
    lease(tmp_path, 3, next(ticks))
    keeper = Keeper(tmp_path, monotonic=hand)
    lease(tmp_path, 0, next(ticks))
    hand.seconds = 2
    with capture_logs() as logs:
        assert keeper.current().casework.claim_lease_workdays == 3
        hand.seconds = 4
        assert keeper.current().casework.claim_lease_workdays == 3
    assert [(line["event"], line["mistakes"]) for line in logs] == [
        (
            "policy_refused",
            ["casework.yaml: casework: claim_lease_workdays takes a number from 1 to 90"],
        )
    ]


def test_keeper_takes_up_the_policy_when_the_mistake_is_mended(
    tmp_path: Path, hand: Hand, ticks: Iterator[int]
) -> None:
    lease(tmp_path, 3, next(ticks))
    keeper = Keeper(tmp_path, monotonic=hand)
    for seconds, days in ((2, "much"), (4, 5)):
        lease(tmp_path, days, next(ticks))
        hand.seconds = seconds
        with capture_logs():
            keeper.current()
    assert keeper.current().casework.claim_lease_workdays == 5


def test_keeper_keeps_the_old_policy_when_the_folder_is_taken_away(
    tmp_path: Path, hand: Hand, ticks: Iterator[int]
) -> None:
    folder = tmp_path / "policy"
    folder.mkdir()
    lease(folder, 3, next(ticks))
    keeper = Keeper(folder, monotonic=hand)
    folder.rename(tmp_path / "away")
    hand.seconds = 2
    with capture_logs() as logs:
        assert keeper.current().casework.claim_lease_workdays == 3
    assert logs[0]["mistakes"] == [
        "policy: -: cannot be opened as a folder: No such file or directory"
    ]


def test_keeper_reads_nothing_again_when_nothing_changed(tmp_path: Path, hand: Hand) -> None:
    keeper = Keeper(tmp_path, monotonic=hand)
    first = keeper.current()
    hand.seconds = 10
    assert keeper.current() is first


def test_keeper_refuses_to_start_when_the_policy_is_wrong(
    tmp_path: Path, ticks: Iterator[int]
) -> None:
    lease(tmp_path, 0, next(ticks))
    with pytest.raises(PolicyError, match="casework.yaml"):
        Keeper(tmp_path)
