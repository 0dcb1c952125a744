"""The official list of licensed institutions in the demo."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tipline.demo import stories
from tipline.demo.stories import Strict
from tipline.domain.licences import Institution
from tipline.runtime import settings
from tipline.services import licences


@dataclass(frozen=True, kw_only=True)
class Licensed(Strict):
    """One institution; `days` is how long its licence is valid from now, below zero it ran out."""

    number: str
    name: str
    division: str
    address: str
    scope: str
    days: int

    def as_of(self, today: date) -> Institution:
        """The line of the list, with a date."""
        until = today + timedelta(days=self.days)
        return Institution(self.number, self.name, self.division, self.address, self.scope, until)


def read() -> tuple[Licensed, ...]:
    """Every institution on the list."""
    return stories.read("licences.yaml", tuple[Licensed, ...])


def add(*, by: str, listed_at: datetime, now: datetime) -> None:
    """Load the list as it was taken over then; its licences run out seen from now."""
    today = now.astimezone(settings().zone).date()
    found = [each.as_of(today) for each in read()]
    licences.replace_list(found, by=by, now=listed_at)
