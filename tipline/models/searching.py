"""What staff can search: briefs, clinics and notes; never a word of a reporter."""

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tipline.models.base import Base


class SearchDocument(Base):
    """The searchable text of one case or clinic, in its plain form."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("about_kind", "about_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    about_kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int]
    text: Mapped[str]


class SearchToken(Base):
    """One pair of characters, or one word, that a document holds."""

    __tablename__ = "search_token"
    __table_args__ = (Index("ix_search_token_token", "token", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[int] = mapped_column(BigInteger)
    document_id: Mapped[int] = mapped_column(ForeignKey("search_document.id"), index=True)
