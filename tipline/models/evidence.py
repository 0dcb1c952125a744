"""What came along with a tip: pictures, recordings, documents, each sealed to the tip."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class Evidence(Base):
    """One file as it arrived; with a message, or without one on the status page.

    Its reference at the provider is sealed to the vault key, empty where it was handed to us.
    `file` names the sealed content in the folder of evidence once it was fetched.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index(
            "ix_evidence_wanted",
            "due_at",
            sqlite_where=text("state = 'wanted'"),
            postgresql_where=text("state = 'wanted'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id"), index=True)
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    reference_sealed: Mapped[bytes] = mapped_column(default=b"")
    state: Mapped[str] = mapped_column(String(20), default="wanted")
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    file: Mapped[str] = mapped_column(String(40), default="")
    size: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]
