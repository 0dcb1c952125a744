"""What is owed to somebody once, and the attempts to bring it: the outbox."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.models.base import Base
from tipline.models.tips import Contact, Tip

OPEN = text("state IN ('pending', 'leased', 'sending', 'ambiguous')")


class Notice(Base):
    """A neutral message owed to a reporter, of a kind from the policy's closed list.

    It is dead when every channel was tried in vain; the office may then have it tried once more.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("tip_id", "kind", "because"),
        Index(
            "ix_notice_dead",
            "dead_at",
            sqlite_where=text("dead_at IS NOT NULL"),
            postgresql_where=text("dead_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int | None] = mapped_column(ForeignKey("tip.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    field: Mapped[str] = mapped_column(String(40), default="")  # of the questionnaire, for `ask`
    files: Mapped[int] = mapped_column(default=0)  # that came along with what is replied to
    too_large: Mapped[int] = mapped_column(default=0)  # files that did not
    because: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    dead_at: Mapped[datetime | None]
    replayed_at: Mapped[datetime | None]

    tip: Mapped[Tip | None] = relationship()
    deliveries: Mapped[list["Delivery"]] = relationship(
        back_populates="notice", order_by="Delivery.id"
    )


class Delivery(Base):
    """One row of the outbox: a notice on one channel; `round` 1 when it was tried once more."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel", "round"),
        Index("ix_delivery_provider", "channel", "provider_id"),
        Index(
            "ix_delivery_due",
            "channel",
            "due_at",
            "id",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("addressee.id"))
    channel: Mapped[str] = mapped_column(String(20))
    round: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(20), default="pending")
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    unclear: Mapped[int] = mapped_column(default=0)
    provider: Mapped[str] = mapped_column(String(20), default="")
    provider_id: Mapped[str | None] = mapped_column(String(100))
    segments: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")

    notice: Mapped[Notice] = relationship(back_populates="deliveries")
    contact: Mapped[Contact] = relationship()
    addressee: Mapped["Addressee | None"] = relationship()


class Addressee(Base):
    """Somebody we write to on one channel: recognised by the worker alone, named nowhere.

    `silent` says why nothing may be sent any more; `next_at` when the next message may go.
    """

    __tablename__ = "addressee"
    __table_args__ = (UniqueConstraint("channel", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    mark: Mapped[bytes]
    next_at: Mapped[datetime]
    silent: Mapped[str] = mapped_column(String(20), default="")
    silent_at: Mapped[datetime | None]


class Provider(Base):
    """How one provider fares, known to all workers: its pace, its breaker, its cost today.

    `asked_by` is the worker that alone asks it what came in, until `asked_until`.
    """

    __tablename__ = "provider"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    next_at: Mapped[datetime]
    paused_until: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime]
    counted_on: Mapped[date]
    segments: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[str] = mapped_column(String(40), default="")
    asked_until: Mapped[datetime | None]


class Fading(Base):
    """A message in a chat that carries a code and is taken back when its time is over."""

    __tablename__ = "fading"
    __table_args__ = (
        Index(
            "ix_fading_due",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes]
    message_id: Mapped[str] = mapped_column(String(100))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
