"""Is this place licensed?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tipline import chinese
from tipline.db import session
from tipline.domain.licences import Standing, standing
from tipline.domain.places import place_key
from tipline.models import Licence
from tipline.runtime import policy


@dataclass(frozen=True)
class Registered:
    """An institution on the official list at an address, and what its licence is worth there."""

    name: str
    number: str
    scope: str
    valid_until: date
    standing: Standing

    @property
    def expired(self) -> bool:
        """Whether its licence has ended."""
        return self.standing is Standing.EXPIRED


def licences_at(
    division: str, address: str, *, today: date, category: str = "unknown"
) -> Sequence[Registered]:
    """The institutions registered at this address; empty where none is known.

    `category` is what is said to be done there.
    """
    if not address.strip():
        return []
    key = place_key(chinese.simplified(address))
    here = (Licence.division == division) & (Licence.place_key == key)
    found = session().scalars(select(Licence).where(here).order_by(Licence.valid_until.desc()))
    needed = policy().categories[category].scope_words
    return [
        Registered(
            each.name,
            each.number,
            each.scope,
            each.valid_until,
            standing(each.scope, each.valid_until, needed=needed, today=today),
        )
        for each in found
    ]
