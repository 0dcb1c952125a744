"""Staff and offices: who may do what, where."""

import given
import pytest
from flask import Flask

from tipline.db import db
from tipline.domain.actors import NotThere
from tipline.models import Entry, Grant, Office, Staff
from tipline.policy import load
from tipline.queries.offices import liaisons, tree
from tipline.services import staff
from tipline.web.access import actor_of


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
    given.staff("liaison", username="wuguodong", office_id=police)
    assert liaisons() == {police: ["wuguodong"]}


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
        "username": "newcomer",
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


def person_of(staff_id: int) -> Staff:
    return next(each for each in given.every(Staff) if each.id == staff_id)


@pytest.mark.parametrize("role", load().roles)
def test_a_role_gives_the_permissions_of_the_policy_and_no_others(app: Flask, role: str) -> None:
    actor = given.staff(role)
    assert set(actor.reach) == load().roles[role].permissions


def test_a_second_grant_adds_and_never_widens_the_first(app: Flask) -> None:
    here, there = given.office("440902"), given.office("440904")
    actor = given.staff("inspector", office_id=here)
    staff.grant(actor.id, "auditor", there, by="test", now=given.NOW)
    found = actor_of(person_of(actor.id))
    paths = {each.id: each.path for each in given.every(Office)}
    assert found.reach["journal:read"] == (paths[there],)
    assert found.reach["case:claim"] == (paths[here],)


def test_a_role_that_the_policy_no_longer_has_gives_nothing(app: Flask) -> None:
    actor = given.staff("inspector")
    db.session.add(Grant(staff_id=actor.id, office_id=given.ROOT_OFFICE, role="former"))
    db.session.flush()
    assert set(actor_of(db.session.get_one(Staff, actor.id)).reach) == set(actor.reach)


def test_names_are_kept_in_lower_case_and_once(app: Flask) -> None:
    usual = {"name": "", "by": "test", "now": given.NOW, "office_id": 1, "roles": ["auditor"]}
    staff.add("  ZhangSan ", password=given.PASSWORD, **usual)
    with pytest.raises(staff.Refused, match="taken"):
        staff.add("ZHANGSAN", password=given.PASSWORD, **usual)
    assert [(each.username, each.name) for each in given.every(Staff)] == [("zhangsan",) * 2]


def test_a_refused_account_leaves_nothing_behind(app: Flask) -> None:
    before = given.everything()
    usual = {"name": "", "by": "test", "now": given.NOW, "office_id": 1, "roles": ["auditor"]}
    for wrong in ({"password": "short"}, {"roles": ["king"]}, {"office_id": 999}):
        with pytest.raises(staff.Refused):
            staff.add("somebody", **(usual | {"password": given.PASSWORD} | wrong))
    assert given.everything() == before


def test_disabling_enabling_and_resetting_end_every_session(app: Flask) -> None:
    actor = given.staff("auditor")
    seen = {person_of(actor.id).fs_uniquifier}
    staff.set_active(actor.id, False, by="test", now=given.NOW)
    seen.add(person_of(actor.id).fs_uniquifier)
    staff.reset("AUDITOR ", password="another horse battery", by="test", now=given.NOW)
    seen.add(person_of(actor.id).fs_uniquifier)
    assert len(seen) == 3


def test_nobody_is_reset_who_is_not_there(app: Flask) -> None:
    with pytest.raises(staff.Refused, match="no such account"):
        staff.reset("nobody", password=given.PASSWORD, by="test", now=given.NOW)


def test_everything_done_to_accounts_and_offices_is_written_down(app: Flask) -> None:
    actor = given.staff("auditor")
    staff.grant(actor.id, "inspector", 1, by="staff:9", now=given.NOW)
    (_, second) = given.every(Grant)
    staff.revoke(actor.id, second.id, by="staff:9", now=given.NOW)
    staff.require_totp(actor.id, True, by="staff:9", now=given.NOW)
    staff.set_active(actor.id, False, by="staff:9", now=given.NOW)
    staff.set_active(actor.id, True, by="staff:9", now=given.NOW)
    given.office("440902")
    staff.rename_office(1, name="新名", division="44", by="staff:9", now=given.NOW)
    assert [line.event for line in given.every(Entry)] == [
        "staff.added",
        "staff.granted",
        "staff.revoked",
        "staff.totp_required",
        "staff.disabled",
        "staff.enabled",
        "office.added",
        "office.changed",
    ]
    assert given.PASSWORD not in repr([line.facts for line in given.every(Entry)])


def test_the_path_of_an_office_leads_from_the_root_to_it(app: Flask) -> None:
    city = given.office("4409")
    district = given.office("440902", parent_id=city)
    paths = {each.id: each.path for each in given.every(Office)}
    assert paths == {1: "/1/", city: f"/1/{city}/", district: f"/1/{city}/{district}/"}


def test_an_office_needs_a_parent_and_a_department_that_there_are(app: Flask) -> None:
    with pytest.raises(NotThere):
        given.office("4409", parent_id=999)
    with pytest.raises(staff.Refused):
        given.office("4409", department="magic")
    with pytest.raises(NotThere):
        staff.rename_office(999, name="x", division="", by="test", now=given.NOW)
    assert len(given.every(Office)) == 1
