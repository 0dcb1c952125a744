"""Staff and offices: who may do what, where."""

import given
import pytest
from flask import Flask

from tipline.models import Office, Staff
from tipline.queries.offices import liaisons, tree
from tipline.services import staff


def person(username: str) -> Staff:
    """The account as it stands now."""
    return next(each for each in given.every(Staff) if each.username == username)


def test_grant_reaches_its_office_and_those_below_it_only(app: Flask) -> None:
    city = given.office("4409")
    district = given.office("440902", parent_id=city)
    other = given.office("440904", parent_id=city)
    paths = {office.id: office.path for office in given.every(Office)}
    officer = given.staff("triage_officer", office_id=district)
    assert officer.may("tip:triage", paths[district])
    assert not officer.may("tip:triage", paths[city])
    assert not officer.may("tip:triage", paths[other])
    chief = given.staff("triage_officer", username="chief", office_id=city)
    assert chief.may("tip:triage", paths[district])
    assert chief.may("tip:triage", paths[other])


def test_office_with_a_longer_number_is_not_below_one_with_a_shorter(app: Flask) -> None:
    offices = [given.office(f"44{n:02d}") for n in range(12)]
    paths = {office.id: office.path for office in given.every(Office)}
    officer = given.staff("triage_officer", office_id=offices[0])
    reached = [each for each in offices if officer.may("tip:triage", paths[each])]
    assert reached == [offices[0]]


def test_tree_lists_every_office_after_its_parent(app: Flask) -> None:
    city = given.office("4409")
    given.office("440902", parent_id=city)
    seen: set[int] = set()
    for office in tree():
        assert office.parent_id is None or office.parent_id in seen
        seen.add(office.id)


def test_liaison_is_named_at_the_office(app: Flask) -> None:
    police = given.office("4409", department="police")
    given.staff("liaison", username="wu", office_id=police)
    assert liaisons() == {police: ["wu"]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": " "}, "账号"),
        ({"username": "TAKEN"}, "已经"),
        ({"password": "short"}, "密码"),
        ({"roles": ["emperor"]}, "权限"),
        ({"office_id": 4711}, "单位"),
    ],
)
def test_add_says_why_it_refuses(app: Flask, change: dict[str, object], said: str) -> None:
    given.staff("inspector", username="taken")
    usual: dict[str, object] = {
        "username": "new",
        "name": "新人",
        "password": given.PASSWORD,
        "roles": ["inspector"],
        "office_id": 1,
    }
    wanted = usual | change
    with pytest.raises(staff.Refused) as refused:
        staff.add(str(wanted.pop("username")), **wanted, by="test", now=given.NOW)  # type: ignore[arg-type]
    assert said in refused.value.why.zh
    assert len(given.every(Staff)) == 1


def test_reset_takes_codes_away_and_ends_sessions(app: Flask) -> None:
    given.staff("inspector", username="anna")
    before = person("anna").fs_uniquifier
    staff.reset("Anna", password="another long password", by="test", now=given.NOW)
    assert person("anna").fs_uniquifier != before
    assert person("anna").tf_primary_method is None


def test_password_is_kept_as_argon2id(app: Flask) -> None:
    given.staff("inspector", username="anna")
    assert "argon2id" in person("anna").password
