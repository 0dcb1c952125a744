"""Clinics: the suspected places, when and how they work, and the people and firms behind them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.models.base import Base


class Clinic(Base):
    """The suspected place or operation; several cases may be about it in the course of years."""

    __tablename__ = "clinic"
    __table_args__ = (
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_coordinates"),
        Index(
            "ix_clinic_match_due",
            "id",
            sqlite_where=text("match_due"),
            postgresql_where=text("match_due"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(String(12), index=True)
    address: Mapped[str]
    floor: Mapped[str]
    kind: Mapped[str] = mapped_column(String(40), default="unknown")
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    drugs_kept: Mapped[str] = mapped_column(default="")
    match_due: Mapped[bool] = mapped_column(default=False)

    names: Mapped[list["ClinicName"]] = relationship(
        order_by="ClinicName.id", cascade="all, delete-orphan"
    )
    phones: Mapped[list["ClinicPhone"]] = relationship(
        order_by="ClinicPhone.id", cascade="all, delete-orphan"
    )
    habits: Mapped[list["Habit"]] = relationship(order_by="Habit.weekday, Habit.from_hour")
    parties: Mapped[list["ClinicParty"]] = relationship(order_by="ClinicParty.id")

    @property
    def ref(self) -> tuple[str, int]:
        """How the journal names this clinic."""
        return ("clinic", self.id)


class ClinicName(Base):
    """A name under which a clinic is known: on its sign, on its licence, or in people's mouths."""

    __tablename__ = "clinic_name"
    __table_args__ = (UniqueConstraint("clinic_id", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]


class ClinicPhone(Base):
    """A number at which the place itself is called; never one of a reporter."""

    __tablename__ = "clinic_phone"
    __table_args__ = (UniqueConstraint("clinic_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    number: Mapped[str] = mapped_column(String(40))


class Habit(Base):
    """When somebody is there: hours of a weekday (Monday is 0), or of every day without one."""

    __tablename__ = "habit"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_of_a_week"),
        CheckConstraint(
            "from_hour BETWEEN 0 AND 23 AND until_hour BETWEEN 1 AND 24", name="hours_of_a_day"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"), index=True)
    weekday: Mapped[int | None]
    from_hour: Mapped[int]
    until_hour: Mapped[int]
    note: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class Party(Base):
    """A person or an organisation behind clinics, wherever it turns up.

    The identity number is sealed to the desk; its mark tells whether two are the same one.
    """

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint(
            "(identity_mark IS NULL) = (identity_sealed IS NULL)", name="sealed_with_its_mark"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(index=True)
    identity_sealed: Mapped[bytes | None]
    identity_mark: Mapped[bytes | None] = mapped_column(unique=True)

    clinics: Mapped[list["ClinicParty"]] = relationship(
        back_populates="party", order_by="ClinicParty.id"
    )
    records: Mapped[list["PartyRecord"]] = relationship(
        back_populates="party", order_by="PartyRecord.on, PartyRecord.id"
    )

    @property
    def ref(self) -> tuple[str, int]:
        """How the journal names this party."""
        return ("party", self.id)


class ClinicParty(Base):
    """What a party is to a clinic, and from when until when."""

    __tablename__ = "clinic_party"
    __table_args__ = (
        UniqueConstraint("clinic_id", "party_id", "role"),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="ends_after"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[date | None]
    until: Mapped[date | None]

    clinic: Mapped[Clinic] = relationship(back_populates="parties")
    party: Mapped[Party] = relationship(back_populates="clinics")


class PartyRecord(Base):
    """What a party was punished with before, or banned from: the clinic and case where known."""

    __tablename__ = "party_record"
    __table_args__ = (Index("ix_party_record_party_id_kind", "party_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    kind: Mapped[str] = mapped_column(String(20))
    on: Mapped[date]
    note: Mapped[str]
    clinic_id: Mapped[int | None] = mapped_column(ForeignKey("clinic.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]

    party: Mapped[Party] = relationship(back_populates="records")
