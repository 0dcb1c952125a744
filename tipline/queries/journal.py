"""The journal as it is read."""

from collections.abc import Sequence

from sqlalchemy import select

from tipline.db import session
from tipline.models import Entry

ROWS = 100
LARGEST_ID = 2**31 - 1


def latest(*, before: int | None) -> tuple[Sequence[Entry], int | None]:
    """A page of lines, the latest first, and where the next page begins."""
    query = select(Entry).order_by(Entry.id.desc()).limit(ROWS + 1)
    if before is not None:
        query = query.where(Entry.id < min(before, LARGEST_ID))
    found = session().scalars(query).all()
    more = found[ROWS - 1].id if len(found) > ROWS else None
    return found[:ROWS], more
