"""A believable bureau: the health commission of Maoming with two months of work behind it."""

from datetime import datetime, timedelta

from flask import current_app

from tipline.demo import history, organisation, register, stories
from tipline.demo.organisation import Person
from tipline.domain import receipts
from tipline.runtime import policy, settings
from tipline.web.staff import start

FOUNDED = timedelta(days=75)
NO_PAGE = "/staff/start"


def prepare(*, now: datetime) -> list[str]:
    """Add the demo bureau once; returns what to print. A story once begun is not told again."""
    if not history.is_begun():
        organisation.add(now=now - FOUNDED)
        register.add(by=organisation.BY, listed_at=now - FOUNDED, now=now)
        history.play(now=now)
    return _welcome()


def example_code() -> str:
    """The receipt code of a tip that was answered, the same in every demo."""
    told = (told for area in stories.areas() for story in area.stories for told in story.tips)
    return next(each.code for each in told if each.code)


def _welcome() -> list[str]:
    url = settings().public_url
    return [
        f"{organisation.places()[0].name} · {url}/",
        f"receipt code of an answered tip: {receipts.grouped(example_code())} · {url}/status",
        f"phone and chat: {url}/simulator",
        f"log-ins, all with the password {organisation.PASSWORD} · {url}/login",
        *(_log_in(person) for person in organisation.people()),
    ]


def _log_in(person: Person) -> str:
    role = policy().roles[person.role]
    name = f"{role.name.zh} {role.name.en}"
    return f"  {person.username:<14}{_first_page(person):<19}{name}, {person.name}"


def _first_page(person: Person) -> str:
    """Where this role is taken after log-in."""
    may, pages = policy().roles[person.role].permissions, current_app.url_map.bind("")
    for permission, endpoint in start.PLACES:
        if permission in may and endpoint in current_app.view_functions:
            return str(pages.build(endpoint))
    return NO_PAGE
