"""Keyset pages over (priority, due_at, id): the cost of a page never depends on which it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, tuple_

from tipline.db import session

Row = TypeVar("Row")
ROWS = 50


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
    return f"{record.priority}.{int(record.due_at.timestamp() * 1_000_000)}.{record.id}"


def _key(after: str | None) -> tuple[int, datetime, int] | None:
    try:
        priority, micros, record_id = (int(part) for part in (after or "").split("."))
        due_at = datetime.fromtimestamp(micros // 1_000_000, UTC)
        return priority, due_at.replace(microsecond=micros % 1_000_000), record_id
    except (ValueError, OverflowError, OSError):
        return None
