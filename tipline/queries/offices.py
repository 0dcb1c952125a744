"""The tree of offices."""

from sqlalchemy import select

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.models import Grant, Office, Staff


def home_division() -> str:
    """The division of the bureau at the root of the tree; empty for the whole country."""
    root = select(Office.division).where(Office.parent_id.is_(None)).order_by(Office.id)
    return session().scalars(root.limit(1)).first() or ""


def tree() -> list[Office]:
    """All offices, each below its parent."""
    return list(session().scalars(select(Office).order_by(Office.path)))


def tree_for(actor: Actor, permission: str) -> list[Office]:
    """The offices at which this person holds the permission, each below its parent."""
    return [office for office in tree() if actor.may(permission, office.path)]


def ensure_reach(actor: Actor, permission: str, office_id: int) -> None:
    """NotThere unless this person holds the permission at the office."""
    office = session().get(Office, office_id)
    if office is None or not actor.may(permission, office.path):
        raise NotThere(f"office {office_id}")


def liaisons() -> dict[int, list[str]]:
    """The names of the liaisons of each office."""
    found: dict[int, list[str]] = {}
    held = select(Grant.office_id, Staff.name).join(Grant.staff).where(Grant.role == "liaison")
    for office_id, name in session().execute(held.where(Staff.active)):
        found.setdefault(office_id, []).append(name)
    return found
