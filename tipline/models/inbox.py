"""What arrived by message channels, kept first and thought about later."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base, NextReceived

PARTS = text("is_part AND state = 'kept'")


class Inbound(Base):
    """One message as it arrived, sealed to the vault key.

    The marks are keyed hashes made by the worker: of the sender, of what the provider calls the
    message, and of what was sent together. `forgotten_at` is when the provider deleted it.
    """

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
        Index(
            "ix_inbound_held",
            "channel",
            "sender_mark",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_inbound_parts",
            "channel",
            "sender_mark",
            sqlite_where=PARTS,
            postgresql_where=PARTS,
        ),
        Index("ix_inbound_message", "message_mark"),
        Index("ix_inbound_tip", "tip_id"),
        Index("ix_inbound_album", "album_mark"),
        Index(
            "ix_inbound_remembered",
            "channel",
            "id",
            sqlite_where=text("forgotten_at IS NULL"),
            postgresql_where=text("forgotten_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    provider_id: Mapped[str] = mapped_column(String(100))
    sealed: Mapped[bytes]
    received_at: Mapped[datetime]
    received_no: Mapped[int] = mapped_column(BigInteger, default=NextReceived(), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="kept")
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sender_mark: Mapped[bytes | None]
    tip_id: Mapped[int | None] = mapped_column(ForeignKey("tip.id"))
    is_part: Mapped[bool] = mapped_column(default=False)
    message_mark: Mapped[bytes | None]
    album_mark: Mapped[bytes | None]
    forgotten_at: Mapped[datetime | None]


class Conversation(Base):
    """Where the dialogue with one sender stands; `closes_at` while something is being asked.

    `replies` were due since `replies_since`: from who floods us all is kept, and little answered.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("channel", "sender_mark"),
        Index(
            "ix_conversation_closing",
            "closes_at",
            sqlite_where=text("closes_at IS NOT NULL"),
            postgresql_where=text("closes_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    sender_mark: Mapped[bytes]
    tip_id: Mapped[int | None] = mapped_column(ForeignKey("tip.id"))
    locale: Mapped[str] = mapped_column(String(10))
    heard_at: Mapped[datetime]
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    wrong_codes: Mapped[int] = mapped_column(default=0)
    wrong_since: Mapped[datetime | None]
    replies: Mapped[int] = mapped_column(default=0)
    replies_since: Mapped[datetime | None]
