"""What every record shares: naming of constraints, and instants that are always aware UTC."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON, TypeDecorator

from tipline.domain.words import as_stored

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant; kept in UTC, also where the database knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive value is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again, also where the database has dropped the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of any length; signs that no database can hold are replaced."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Without the signs that would make the statement fail."""
        return None if value is None else as_stored(value)


class NextReceived(ColumnElement[int]):
    """The next number of the one sequence in which words are received, on any channel."""

    inherit_cache = True
    type = BigInteger()


@compiles(NextReceived)
def _next_of_sequence(element: NextReceived, compiler: Any, **_: Any) -> str:
    return "nextval('received_no')"


@compiles(NextReceived, "sqlite")
def _next_of_both_tables(element: NextReceived, compiler: Any, **_: Any) -> str:
    """SQLite has no sequences, but only one writer at a time."""
    return (
        "(SELECT coalesce(max(n), 0) + 1 FROM (SELECT max(received_no) AS n FROM tip"
        " UNION ALL SELECT max(received_no) FROM inbound))"
    )


class Base(DeclarativeBase):
    """The parent of all records."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Instant(), str: Words(), dict[str, Any]: JSON()}
