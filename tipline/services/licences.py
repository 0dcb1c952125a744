"""Licences: the official list of institutions that may practise."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert

from tipline import chinese
from tipline.db import session, use_case
from tipline.domain.licences import Institution
from tipline.domain.places import place_key
from tipline.models import Licence
from tipline.services import journal


@use_case
def replace_list(institutions: Iterable[Institution], *, by: str, now: datetime) -> int:
    """Put a new official list in the place of the old one; returns how many it has."""
    rows = [
        vars(each) | {"place_key": place_key(chinese.simplified(each.address))}
        for each in institutions
    ]
    session().execute(delete(Licence))
    if rows:
        session().execute(insert(Licence), rows)
    journal.record("office.licences", ("office", 1), by=by, now=now, facts={"count": len(rows)})
    return len(rows)
