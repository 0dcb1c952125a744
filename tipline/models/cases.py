"""The cases about clinics, and what inspectors did and found."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.domain import lifecycle
from tipline.domain.countdown import NEVER
from tipline.models.base import Base
from tipline.models.clinics import Clinic, Party
from tipline.models.staff import Office, Staff
from tipline.models.visits import Visit

if TYPE_CHECKING:
    from tipline.models.tips import Tip


class Case(Base):
    """What the bureau does about one clinic."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 4", name="priority_range"),
        CheckConstraint(
            "(claimed_by_id IS NULL) = (claimed_at IS NULL)", name="claim_has_person_and_time"
        ),
        CheckConstraint("status <> 'claimed' OR claimed_by_id IS NOT NULL", name="claimed_by_one"),
        CheckConstraint(
            "status <> 'concluded' OR finding IS NOT NULL", name="concluded_by_finding"
        ),
        Index(
            "ix_case_pool",
            "priority",
            "due_at",
            "id",
            sqlite_where=text("status = 'queued'"),
            postgresql_where=text("status = 'queued'"),
        ),
        Index(
            "ix_case_search_due",
            "id",
            sqlite_where=text("search_due"),
            postgresql_where=text("search_due"),
        ),
        Index(
            "ix_case_lease",
            "lease_until",
            sqlite_where=text("status = 'claimed'"),
            postgresql_where=text("status = 'claimed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(15), unique=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), default=lifecycle.CaseStatus.RECEIVED)
    category: Mapped[str] = mapped_column(String(40))
    division: Mapped[str] = mapped_column(String(12))
    priority: Mapped[int] = mapped_column(default=4)
    due_at: Mapped[datetime] = mapped_column(default=NEVER)
    opened_at: Mapped[datetime]
    brief: Mapped[str] = mapped_column(default="")
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    claimed_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    filed_at: Mapped[datetime | None]
    not_filed_at: Mapped[datetime | None]
    ticks: Mapped[list[Any] | None] = mapped_column(JSON)
    finding: Mapped[str | None] = mapped_column(String(40))
    finding_note: Mapped[str] = mapped_column(default="")
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    search_due: Mapped[bool] = mapped_column(default=False)

    clinic: Mapped[Clinic] = relationship(lazy="joined")
    office: Mapped[Office] = relationship()
    claimed_by: Mapped[Staff | None] = relationship()
    tips: Mapped[list["Tip"]] = relationship(back_populates="case", order_by="Tip.id")
    visits: Mapped[list[Visit]] = relationship(order_by=Visit.id)
    measures: Mapped[list["Measure"]] = relationship(order_by="Measure.id")

    @property
    def ref(self) -> tuple[str, int]:
        """How the journal names this case."""
        return ("case", self.id)

    @classmethod
    def is_open_to(cls, staff_id: int) -> ColumnElement[bool]:
        """Whether this inspector has not stepped aside from the case."""
        return ~Recusal.bars(cls.id, staff_id)

    @classmethod
    def cools_off_for(cls, staff_id: int, *, now: datetime) -> ColumnElement[bool]:
        """Whether this inspector dropped the case and may not take it again yet."""
        dropped = (Recusal.case_id == cls.id) & (Recusal.staff_id == staff_id)
        return exists().where(dropped, Recusal.until > now)


class Recusal(Base):
    """An inspector who stepped aside; the case is as good as not there for them from then on.

    Who took a case and dropped it again has to cool off: that ends by itself.
    """

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("case_id", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    at: Mapped[datetime]
    until: Mapped[datetime | None]

    @classmethod
    def bars(cls, case_id: Any, staff_id: Any) -> ColumnElement[bool]:
        """Whether this person stepped aside from this case for good."""
        return exists().where(cls.case_id == case_id, cls.staff_id == staff_id, cls.until.is_(None))


class Measure(Base):
    """What was imposed, on whom if that is known: money in fen, things counted in a unit."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    quantity: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(10), default="")
    due_on: Mapped[date | None]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    note: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))

    party: Mapped[Party | None] = relationship()


class Referral(Base):
    """A case handed to another department."""

    __tablename__ = "referral"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    department: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20), default="peer")
    note: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
