"""Who works here."""

from collections.abc import Sequence

from sqlalchemy import select

from tipline.db import session
from tipline.models import Staff


def everybody() -> Sequence[Staff]:
    """All accounts, by name."""
    return session().scalars(select(Staff).order_by(Staff.username)).all()


def person(staff_id: int) -> Staff | None:
    """One account."""
    return session().get(Staff, staff_id)
