"""What is owed to somebody once, and the attempts to bring it: the outbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.models.base import Base
from tipline.models.tips import Contact, Tip


class Notice(Base):
    """A neutral message owed to a reporter, of a kind from the policy's closed list."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("tip_id", "kind", "because"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int | None] = mapped_column(ForeignKey("tip.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    field: Mapped[str] = mapped_column(String(40), default="")  # of the questionnaire, for `ask`
    because: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]

    tip: Mapped[Tip | None] = relationship()
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="notice")


class Delivery(Base):
    """One attempt row of the outbox: a notice on one channel."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index("ix_delivery_provider", "channel", "provider_id"),
        Index(
            "ix_delivery_due",
            "due_at",
            sqlite_where=text("state IN ('pending', 'leased', 'sending', 'ambiguous')"),
            postgresql_where=text("state IN ('pending', 'leased', 'sending', 'ambiguous')"),
        ),
        Index(
            "ix_delivery_undelivered",
            "id",
            sqlite_where=text("state IN ('failed', 'dead')"),
            postgresql_where=text("state IN ('failed', 'dead')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    channel: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="pending")
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    unclear: Mapped[int] = mapped_column(default=0)
    provider_id: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(200), default="")

    notice: Mapped[Notice] = relationship(back_populates="deliveries")
    contact: Mapped[Contact] = relationship()
