"""Who works here, as far as an administrator may know."""

from collections.abc import Sequence

from sqlalchemy import select

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.models import Staff

PERMISSION = "staff:manage"


def everybody(actor: Actor) -> Sequence[Staff]:
    """All accounts within reach, by name."""
    people = session().scalars(select(Staff).order_by(Staff.username)).all()
    return [person for person in people if _in_reach(actor, person)]


def person(actor: Actor, staff_id: int) -> Staff:
    """One account within reach; NotThere otherwise."""
    found = session().get(Staff, staff_id)
    if found is None or not _in_reach(actor, found):
        raise NotThere(f"staff {staff_id}")
    return found


def _in_reach(actor: Actor, person: Staff) -> bool:
    """An administrator reaches who works only where the administrator's grants reach."""
    return all(actor.may(PERMISSION, grant.office.path) for grant in person.grants)
