"""Tips, how their reporters can be reached, and what is said on both sides."""

from datetime import datetime

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

from tipline.domain import lifecycle
from tipline.domain.countdown import NEVER
from tipline.models.base import Base, NextReceived
from tipline.models.cases import Case


class Tip(Base):
    """What one reporter said, once. Never merged away, never rewritten.

    `sketch` tells whether two reporters used nearly the same words, without telling which;
    `signals` names what made it urgent; a cluster is a burst of tips that say the same.
    """

    __tablename__ = "tip"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 4", name="priority_range"),
        Index(
            "ix_tip_triage",
            "priority",
            "due_at",
            "id",
            sqlite_where=text("status = 'received'"),
            postgresql_where=text("status = 'received'"),
        ),
        Index(
            "ix_tip_match_due",
            "id",
            sqlite_where=text("match_due"),
            postgresql_where=text("match_due"),
        ),
        Index(
            "ix_tip_cluster",
            "cluster_id",
            "id",
            sqlite_where=text("cluster_id IS NOT NULL"),
            postgresql_where=text("cluster_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(15), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), default=lifecycle.TipStatus.RECEIVED)
    kind: Mapped[str] = mapped_column(String(20), default="report")
    source: Mapped[str] = mapped_column(String(40), default="own_channel")
    source_number: Mapped[str] = mapped_column(default="")
    source_received_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[datetime]
    received_no: Mapped[int] = mapped_column(BigInteger, default=NextReceived(), unique=True)
    policy_version: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(40))
    division: Mapped[str] = mapped_column(String(12))
    address: Mapped[str]
    floor: Mapped[str]
    wants_reply: Mapped[bool]
    wants_reward: Mapped[bool]
    priority: Mapped[int] = mapped_column(default=4)
    lane: Mapped[str] = mapped_column(String(10), default="normal")
    due_at: Mapped[datetime] = mapped_column(default=NEVER)
    code_mark: Mapped[bytes] = mapped_column(unique=True)
    code_sealed: Mapped[bytes]
    content_mark: Mapped[bytes]
    public_key: Mapped[bytes]
    key_for_desk: Mapped[bytes]
    key_for_code: Mapped[bytes]
    words_sealed: Mapped[bytes]
    sketch: Mapped[bytes] = mapped_column(default=b"")
    match_due: Mapped[bool] = mapped_column(default=True)
    signals: Mapped[str] = mapped_column(String(200), default="")
    cluster_id: Mapped[int | None]

    case: Mapped[Case] = relationship(back_populates="tips")
    contacts: Mapped[list["Contact"]] = relationship(back_populates="tip", order_by="Contact.id")
    messages: Mapped[list["Message"]] = relationship(order_by="Message.id")

    @property
    def contact(self) -> "Contact | None":
        """The way to reach the reporter that was given first."""
        return self.contacts[0] if self.contacts else None

    @property
    def ref(self) -> tuple[str, int]:
        """How the journal names this tip."""
        return ("tip", self.id)


class Contact(Base):
    """How to reach a reporter, sealed; recognised again only by the worker.

    Without a tip it belongs to somebody who wrote to us about none, or about one with its code.
    Nothing is sent after `stopped_at`.
    """

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("tip_id", "channel"),
        Index("ix_contact_sender", "channel", "sender_mark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int | None] = mapped_column(ForeignKey("tip.id"))
    channel: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes]
    sender_mark: Mapped[bytes | None]
    stopped_at: Mapped[datetime | None]

    tip: Mapped[Tip | None] = relationship(back_populates="contacts")


class Message(Base):
    """Something said about a tip after it was received, sealed to the tip."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("tip_id", "content_mark"),
        Index(
            "uq_message_answer",
            "tip_id",
            unique=True,
            sqlite_where=text("kind = 'answer'"),
            postgresql_where=text("kind = 'answer'"),
        ),
        Index(
            "ix_message_unread",
            "id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    from_office: Mapped[bool]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    sealed: Mapped[bytes]
    content_mark: Mapped[bytes | None]
