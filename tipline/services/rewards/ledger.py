"""The ledger: every movement of reward money, from one account to another, only ever added."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from tipline.db import session
from tipline.domain.rewards.schemes import fen
from tipline.models import LedgerEntry, Reward
from tipline.runtime import policy, settings

ACCOUNTS = {
    "committed": ("committed", "budget"),
    "released": ("budget", "committed"),
    "paid": ("paid", "committed"),
    "clawed_back": ("recovered", "paid"),
}


class OverBudget(Exception):
    """The year's ceiling would be passed."""


def enter(reward: Reward, kind: str, *, by: str, now: datetime) -> None:
    """Move the reward's amount between two accounts."""
    debit, credit = ACCOUNTS[kind]
    assert reward.amount_fen is not None
    session().add(
        LedgerEntry(
            reward_id=reward.id,
            kind=kind,
            debit=debit,
            credit=credit,
            amount_fen=reward.amount_fen,
            at=now,
            by=by,
        )
    )


def ensure_budget(amount_fen: int, *, now: datetime) -> None:
    """OverBudget when committing this much more would pass this year's ceiling."""
    ceiling = policy().rewards.yearly_ceiling_yuan
    if ceiling is not None and committed_in_year(now) + amount_fen > fen(ceiling):
        raise OverBudget


def committed_in_year(now: datetime) -> int:
    """What the local year of this instant has committed so far and not released, in fen."""
    zone = settings().zone
    begins = datetime(now.astimezone(zone).year, 1, 1, tzinfo=zone).astimezone(UTC)
    sums = select(LedgerEntry.kind, func.sum(LedgerEntry.amount_fen)).where(
        LedgerEntry.at >= begins, LedgerEntry.kind.in_(("committed", "released"))
    )
    found = {kind: int(total) for kind, total in session().execute(sums.group_by(LedgerEntry.kind))}
    return found.get("committed", 0) - found.get("released", 0)
