"""Keyset pages: the cost of a page never depends on which it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, tuple_

from tipline.db import session

Row = TypeVar("Row")
ROWS = 50
LARGEST = 2**31
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
URGENT = ("priority", "due_at", "id")
EARLIEST = ("due_at", "id")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and where the next page begins."""

    rows: Sequence[Row]
    after: str | None


def page_of(
    query: Select[*tuple[Any, ...]], model: Any, *, after: str | None, by: tuple[str, ...] = URGENT
) -> Page[Any]:
    """One page of records of `model` in this order; a cursor that makes no sense is none."""
    order = [getattr(model, name) for name in by]
    if (key := _key(after, by)) is not None:
        query = query.where(tuple_(*order) > key)
    rows = session().execute(query.order_by(*order).limit(ROWS + 1)).unique().all()
    shown = rows[:ROWS]
    return Page(shown, _cursor(shown[-1][0], by) if len(rows) > ROWS else None)


def _cursor(record: Any, by: tuple[str, ...]) -> str:
    values = (getattr(record, name) for name in by)
    numbers = (
        (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value for value in values
    )
    return ".".join(map(str, numbers))


def _key(after: str | None, by: tuple[str, ...]) -> tuple[int | datetime, ...] | None:
    parts = (after or "").split(".")
    try:
        return tuple(_value(name, int(part)) for name, part in zip(by, parts, strict=True))
    except (ValueError, OverflowError):
        return None


def _value(name: str, number: int) -> int | datetime:
    if name.endswith("_at"):
        return EPOCH + number * MICROSECOND
    if not 0 <= number < LARGEST:
        raise ValueError(name)
    return number
