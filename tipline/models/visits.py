"""Visits: planned and made, by whom, and the photos that were taken there."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.models.base import Base
from tipline.models.staff import Staff


class VisitPlan(Base):
    """A visit that is planned: how, when, and with whom."""

    __tablename__ = "visit_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    planned_at: Mapped[datetime]
    partners: Mapped[str]
    note: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Visit(Base):
    """An inspection by at least two; `purpose` names the clock that it was made for, if any.

    `client_id` is the number that a device gave it, so that what is sent twice is kept once.
    """

    __tablename__ = "visit"
    __table_args__ = (CheckConstraint("people >= 2", name="by_two_at_least"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    note: Mapped[str]
    partners: Mapped[str] = mapped_column(default="")
    people: Mapped[int]
    vehicles: Mapped[int] = mapped_column(default=0)
    checklist: Mapped[dict[str, Any]] = mapped_column(default=dict)
    purpose: Mapped[str] = mapped_column(String(40), default="")
    client_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))

    present: Mapped[list["VisitOfficer"]] = relationship(order_by="VisitOfficer.id")

    @property
    def officers(self) -> str:
        """The names of those who were there."""
        return "、".join(each.staff.name for each in self.present)


class VisitOfficer(Base):
    """Somebody of ours who was there."""

    __tablename__ = "visit_officer"
    __table_args__ = (UniqueConstraint("visit_id", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff] = relationship(lazy="joined")


class CasePhoto(Base):
    """A photo that an inspector took: sealed to the desk, with the hash of what was taken."""

    __tablename__ = "case_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    file: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class Resurgence(Base):
    """A case about a place that was back after a former case."""

    __tablename__ = "resurgence"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), unique=True)
    former_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
