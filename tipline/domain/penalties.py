"""Penalties: what the law lets a fine be, what late payment costs, and what is suspected crime."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

TransferGround = Literal["two_penalties", "criminal_record"]


@dataclass(frozen=True, kw_only=True)
class FineScale:
    """A fine as so many times the unlawful income, which counts as the floor where it is less.

    Source: Basic Healthcare and Health Promotion Law art 99 (5 to 20 times, income below
    10,000 yuan counts as 10,000); Physicians Law art 59 (2 to 10 times).
    """

    least_times: int
    most_times: int
    floor_yuan: int

    def __post_init__(self) -> None:
        if not 1 <= self.least_times <= self.most_times or self.floor_yuan < 0:
            raise ValueError("needs 1 <= least_times <= most_times and no negative floor")

    def bounds_fen(self, income_fen: int) -> tuple[int, int]:
        """The least and the most that the fine may be, in fen."""
        counted = max(income_fen, self.floor_yuan * 100)
        return counted * self.least_times, counted * self.most_times


def late_fine_fen(
    fine_fen: int,
    *,
    pay_by: date,
    today: date,
    percent_a_day: int,
    owed_fen: int | None = None,
    paid: Collection[tuple[date, int]] = (),
) -> int:
    """What is added to a fine that is paid late, never more than the fine itself, in fen.

    Each day counts by what of the fine was open on it; what came in of all that is owed goes to
    the other money first. Source: Administrative Penalty Law art 72(1)(1): 3 % of the fine a day,
    at most the fine.
    """
    left, since, fen_days = fine_fen if owed_fen is None else owed_fen, pay_by, 0
    for on, fen in (*sorted(paid), (today, 0)):
        fen_days += min(fine_fen, max(0, left)) * max(0, (min(on, today) - since).days)
        since, left = max(since, on), left - fen
    return min(fine_fen, fen_days * percent_a_day // 100)


def transfer_ground(
    *,
    found_on: date,
    penalised_on: Collection[date],
    convicted_on: Collection[date],
    penalties: int,
) -> TransferGround | None:
    """Why practising on this day is suspected crime, given what the party was punished with before.

    After a criminal punishment for the offence at once; after so many administrative penalties the
    next time. Source: Criminal Law art 336; Supreme People's Court interpretation of 2008, revised
    2016, art 2(4); Administrative Penalty Law art 82.
    """
    if any(day < found_on for day in convicted_on):
        return "criminal_record"
    if len({day for day in penalised_on if day < found_on}) >= penalties:
        return "two_penalties"
    return None
