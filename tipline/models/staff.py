"""Offices in a tree, the people who work in them, and what each may do where."""

from collections.abc import Iterable
from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    String,
    UniqueConstraint,
    false,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tipline.models.base import Base


class Office(Base):
    """A node of the tree, province to township; other departments stand beside the bureau."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    path: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str]
    department: Mapped[str] = mapped_column(String(40))
    division: Mapped[str] = mapped_column(String(12), index=True)

    divisions: Mapped[list["OfficeDivision"]] = relationship(order_by="OfficeDivision.id")

    @classmethod
    def is_below(cls, paths: Iterable[str]) -> ColumnElement[bool]:
        """Whether this office lies below one of these, and is not it; the root has none above."""
        is_root = cls.parent_id.is_(None)
        below = (
            cls.path.startswith(path, autoescape=True) & ((cls.path != path) | is_root)
            for path in paths
        )
        return or_(false(), *below)


class OfficeDivision(Base):
    """A division within an office."""

    __tablename__ = "office_division"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    name: Mapped[str]


class Role(Base, RoleMixin):
    """Asked for by the accounts library and left empty: what staff may do stands in Grant."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class Staff(Base, UserMixin):
    """Somebody who works here."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("username = lower(username)", name="username_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(255), unique=True)  # type: ignore[assignment]
    name: Mapped[str] = mapped_column(String(100))
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    totp_required: Mapped[bool] = mapped_column(default=False)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_counter: Mapped[int | None]  # the half minute whose one-time code was used last
    created_at: Mapped[datetime]

    grants: Mapped[list["Grant"]] = relationship(
        back_populates="staff", foreign_keys="Grant.staff_id", lazy="selectin"
    )

    @property
    def roles(self) -> list[RoleMixin]:
        """Always empty; see Grant."""
        return []

    @roles.setter
    def roles(self, value: list[RoleMixin]) -> None:
        """The accounts library sets an empty list; there is nothing to keep."""


class Grant(Base):
    """A role that somebody holds at an office and everything below it."""

    __tablename__ = "staff_grant"
    __table_args__ = (UniqueConstraint("staff_id", "office_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    role: Mapped[str] = mapped_column(String(40))

    staff: Mapped[Staff] = relationship(back_populates="grants", foreign_keys=staff_id)
    office: Mapped[Office] = relationship(lazy="joined")
