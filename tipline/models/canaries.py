"""Planted tips, by which a leak is traced; and who looked at which case."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class Canary(Base):
    """A tip that supervision planted; nobody else can tell it from others."""

    __tablename__ = "canary"

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id"), unique=True)
    note: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class CaseView(Base):
    """Somebody had the page of a case before them."""

    __tablename__ = "case_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
