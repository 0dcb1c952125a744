"""The official list of licensed institutions."""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class Licence(Base):
    """An institution that may practise, where, what, and until when."""

    __tablename__ = "licence"
    __table_args__ = (Index("ix_licence_place", "division", "place_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str]
    division: Mapped[str] = mapped_column(String(12))
    address: Mapped[str]
    place_key: Mapped[str]
    scope: Mapped[str]
    valid_until: Mapped[date]
