"""Rewards: what is proposed, approved, claimed and paid, and the ledger of the money."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.domain.lifecycle import RewardStatus
from tipline.models.base import Base

if TYPE_CHECKING:
    from tipline.models.staff import Staff
    from tipline.models.tips import Tip

NOT_INSPECTOR = "part <> 'inspector'"


class Reward(Base):
    """One reward for one tip; money in fen. `facts` hold nothing that tells who the reporter is.

    Rewards of joint reporters are parts of one whole: all name the one of them that came first.
    """

    __tablename__ = "reward"
    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
        CheckConstraint(
            "status IN ('proposed', 'refused') OR amount_fen IS NOT NULL", name="decided_has_amount"
        ),
        CheckConstraint("status <> 'paid' OR voucher IS NOT NULL", name="paid_by_voucher"),
        CheckConstraint("agreed IN ('', 'code', 'counter', 'disputed')", name="agreed_known"),
        Index("ix_reward_status", "status", "id"),
        Index(
            "ix_reward_lapse",
            "claim_until",
            sqlite_where=text("status = 'notified'"),
            postgresql_where=text("status = 'notified'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id"), unique=True)
    scheme: Mapped[str] = mapped_column(String(60))
    policy_version: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20), default=RewardStatus.PROPOSED)
    facts: Mapped[dict[str, Any]]
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str]
    payee_sealed: Mapped[bytes | None]
    claim_until: Mapped[datetime | None]
    voucher: Mapped[str | None] = mapped_column(String(60), unique=True)
    proposed_at: Mapped[datetime]
    joint_id: Mapped[int | None] = mapped_column(ForeignKey("reward.id"), index=True)
    agreed: Mapped[str] = mapped_column(String(10), default="")

    tip: Mapped["Tip"] = relationship()
    parts: Mapped[list["RewardPart"]] = relationship(order_by="RewardPart.id")
    entries: Mapped[list["LedgerEntry"]] = relationship(order_by="LedgerEntry.id")


class RewardPart(Base):
    """Who had which part in a reward; nobody has two, and only inspectors may be several."""

    __tablename__ = "reward_part"
    __table_args__ = (
        UniqueConstraint("reward_id", "staff_id"),
        Index(
            "uq_reward_part_once",
            "reward_id",
            "part",
            unique=True,
            sqlite_where=text(NOT_INSPECTOR),
            postgresql_where=text(NOT_INSPECTOR),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    part: Mapped[str] = mapped_column(String(60))
    document: Mapped[str]
    at: Mapped[datetime]

    staff: Mapped["Staff"] = relationship()


class LedgerEntry(Base):
    """One movement of money, from one account to another, in fen; only ever added."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        Index(
            "uq_ledger_entry_paid",
            "reward_id",
            unique=True,
            sqlite_where=text("kind = 'paid'"),
            postgresql_where=text("kind = 'paid'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    debit: Mapped[str] = mapped_column(String(20))
    credit: Mapped[str] = mapped_column(String(20))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(40))
