"""Is this place licensed?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tipline.db import session
from tipline.domain.places import place_key
from tipline.models import Licence


@dataclass(frozen=True)
class Registered:
    """An institution on the official list at an address."""

    name: str
    number: str
    scope: str
    valid_until: date
    expired: bool


def licences_at(division: str, address: str, *, today: date) -> Sequence[Registered]:
    """The institutions registered at this address; empty where none is known."""
    if not address.strip():
        return []
    here = (Licence.division == division) & (Licence.place_key == place_key(address))
    found = session().scalars(select(Licence).where(here).order_by(Licence.valid_until.desc()))
    return [
        Registered(each.name, each.number, each.scope, each.valid_until, each.valid_until < today)
        for each in found
    ]
