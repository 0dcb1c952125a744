"""What staff may do: a permission holds at its offices and below them, and nowhere else."""

import pytest

from tipline.domain.actors import Actor

ACTOR = Actor(7, "anna", {"tip:read": ("/1/2/",), "case:claim": ("/1/3/", "/1/4/5/")})


@pytest.mark.parametrize(
    ("permission", "path", "allowed"),
    [
        ("tip:read", "/1/2/", True),
        ("tip:read", "/1/2/9/", True),
        ("tip:read", "/1/2/9/10/", True),
        ("tip:read", "/1/", False),
        ("tip:read", "/1/3/", False),
        ("tip:read", "/1/22/", False),
        ("tip:read", "/11/2/", False),
        ("tip:read", "", False),
        ("case:claim", "/1/3/", True),
        ("case:claim", "/1/4/5/6/", True),
        ("case:claim", "/1/4/", False),
        ("case:claim", "/1/2/", False),
        ("case:work", "/1/2/", False),
        ("", "/1/2/", False),
    ],
)
def test_a_permission_holds_at_its_offices_and_below(
    permission: str, path: str, allowed: bool
) -> None:
    assert ACTOR.may(permission, path) is allowed


@pytest.mark.parametrize(
    ("permission", "allowed"), [("tip:read", True), ("case:claim", True), ("case:work", False)]
)
def test_without_an_office_it_is_asked_whether_it_holds_anywhere(
    permission: str, allowed: bool
) -> None:
    assert ACTOR.may(permission) is allowed


def test_nobody_may_do_anything_without_a_grant() -> None:
    assert not Actor(1, "new", {}).may("tip:read")
    assert not Actor(1, "new", {"tip:read": ()}).may("tip:read", "/1/")


def test_the_journal_names_a_person_by_number() -> None:
    assert ACTOR.by == "staff:7"
