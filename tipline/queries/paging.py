"""Keyset pages over (priority, due_at, id): the cost of a page never depends on which it is."""

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


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and where the next page begins."""

    rows: Sequence[Row]
    after: str | None


def page_of(query: Select[Any], model: Any, *, after: str | None) -> Page[Any]:
    """One page of records of `model`, most urgent first; a cursor that makes no sense is none."""
    order = (model.priority, model.due_at, model.id)
    if (key := _key(after)) is not None:
        query = query.where(tuple_(*order) > key)
    rows = session().execute(query.order_by(*order).limit(ROWS + 1)).unique().all()
    shown = rows[:ROWS]
    return Page(shown, _cursor(shown[-1][0]) if len(rows) > ROWS else None)


def _cursor(record: Any) -> str:
    return f"{record.priority}.{(record.due_at - EPOCH) // MICROSECOND}.{record.id}"


def _key(after: str | None) -> tuple[int, datetime, int] | None:
    try:
        priority, micros, record_id = (int(part) for part in (after or "").split("."))
        due_at = EPOCH + micros * MICROSECOND
    except (ValueError, OverflowError):
        return None
    in_range = 0 <= priority < LARGEST and 0 <= record_id < LARGEST
    return (priority, due_at, record_id) if in_range else None
