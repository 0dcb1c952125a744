"""Keys under which tips and clinics about one place find each other."""

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class MatchKey(Base):
    """One key of a tip or a clinic: a hash of part of a place, a name, a number, a sketch."""

    __tablename__ = "match_key"
    __table_args__ = (
        Index("ix_match_key_key", "key", "about_id", "about_kind"),
        Index("ix_match_key_about", "about_kind", "about_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger)
    about_kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int]
