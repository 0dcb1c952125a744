"""What arrived by message channels, kept first and thought about later."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class Inbound(Base):
    """One message as it arrived, sealed to the vault key."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        Index(
            "ix_inbound_due",
            "due_at",
            "id",
            sqlite_where=text("state = 'kept'"),
            postgresql_where=text("state = 'kept'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    provider_id: Mapped[str] = mapped_column(String(100))
    sealed: Mapped[bytes]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="kept")
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)


class Conversation(Base):
    """Where the dialogue with one sender stands."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("channel", "sender_mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    sender_mark: Mapped[bytes]
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id"))
    locale: Mapped[str] = mapped_column(String(10))
    heard_at: Mapped[datetime]
