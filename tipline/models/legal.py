"""The legal course of a case: decisions and their money, things held, transfers to the police."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.models.base import Base
from tipline.models.cases import Measure
from tipline.models.clinics import Party

STILL_HELD = text("ended_at IS NULL")
UNDER_WAY = text("status IN ('proposed', 'approved', 'handed_over')")


class Decision(Base):
    """A penalty decision about one party; revoked and made again it is another one.

    `record_id` is its line on the party's record, while it stands.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("revoked_at IS NULL OR record_id IS NULL", name="revoked_leaves_no_record"),
        CheckConstraint("pay_by IS NULL OR served_at IS NOT NULL", name="owed_once_served"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    document: Mapped[str]
    made_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    served_at: Mapped[datetime | None]
    pay_by: Mapped[date | None]
    demanded_at: Mapped[datetime | None]
    enforced_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str] = mapped_column(default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("party_record.id"))

    party: Mapped[Party | None] = relationship()
    measures: Mapped[list[Measure]] = relationship(order_by=Measure.id)
    payments: Mapped[list["Payment"]] = relationship(order_by="Payment.id")

    @property
    def owed_fen(self) -> int:
        """Fines and confiscated income together."""
        return sum(each.amount_fen or 0 for each in self.measures)

    @property
    def paid_fen(self) -> int:
        """What came in for it so far."""
        return sum(each.amount_fen for each in self.payments)


class Payment(Base):
    """Money that came in for a decision."""

    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date]
    document: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class Holding(Base):
    """Things that were sealed or seized, or registered as evidence; of each kind one at a time."""

    __tablename__ = "holding"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (fate = '')", name="ends_with_a_fate"),
        Index(
            "uq_holding_open",
            "case_id",
            "kind",
            unique=True,
            sqlite_where=STILL_HELD,
            postgresql_where=STILL_HELD,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    document: Mapped[str]
    goods: Mapped[str]
    began_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    fate: Mapped[str] = mapped_column(String(20), default="")


class Transfer(Base):
    """A suspected crime on its way to the police; under way at most once a case and party."""

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint(
            "(decided_by_id IS NULL) = (decided_at IS NULL)", name="decided_by_one_at_a_time"
        ),
        CheckConstraint("decided_by_id <> proposed_by_id", name="not_decided_by_who_proposed"),
        Index(
            "uq_transfer_under_way",
            "case_id",
            "party_id",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    ground: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    documents: Mapped[list[Any]] = mapped_column(JSON, default=list)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")

    party: Mapped[Party | None] = relationship()
