"""Staff and offices: accounts, what each may do where, and the tree."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime

from flask_security import hash_password
from sqlalchemy import delete, select

from tipline.db import session, use_case
from tipline.domain.actors import NotThere
from tipline.domain.words import Text
from tipline.models import Grant, Office, OfficeDivision, Staff
from tipline.runtime import policy
from tipline.services import casework, journal

SHORTEST_PASSWORD = 10
USERNAME = re.compile(r"[a-z0-9]{4,32}")
ADMINISTRATOR = "administrator"
DIVISION = re.compile(r"[0-9]{2,12}")


class Refused(Exception):
    """The account or office cannot be made or changed like this; `why` says it in words."""

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.why = Text(zh=zh, en=en)


@use_case
def add(
    username: str,
    *,
    name: str,
    password: str,
    roles: Iterable[str],
    office_id: int,
    by: str,
    now: datetime,
) -> int:
    """Add an account with roles at an office and everything below it; returns its id."""
    username = username.strip().lower()
    _ensure_new(username)
    person = Staff(
        username=username,
        name=name.strip() or username,
        password=_hashed(password),
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
    )
    session().add(person)
    session().flush()
    for role in roles:
        _grant(person, role, office_id)
    _record("staff.added", person, by=by, now=now)
    return person.id


@use_case
def reset(username: str, *, password: str, by: str, now: datetime) -> None:
    """Set a new password, take the one-time codes away and end all sessions."""
    person = session().scalar(select(Staff).where(Staff.username == username.strip().lower()))
    if person is None:
        raise Refused(zh=f"没有这个账号：{username}", en=f"{username}: no such account")
    person.password = _hashed(password)
    person.tf_primary_method = person.tf_totp_secret = person.totp_counter = None
    person.fs_uniquifier = secrets.token_hex(32)
    _record("staff.reset", person, by=by, now=now)


@use_case
def set_active(staff_id: int, active: bool, *, by: str, now: datetime) -> None:
    """Disable an account, which ends its sessions and returns its cases, or enable it again."""
    person = _person(staff_id)
    person.active = active
    if not active:
        _ensure_an_administrator_is_left(person)
        person.fs_uniquifier = secrets.token_hex(32)
        casework.return_all_of(staff_id, by=by, now=now)
    _record("staff.enabled" if active else "staff.disabled", person, by=by, now=now)


@use_case
def require_totp(staff_id: int, required: bool, *, by: str, now: datetime) -> None:
    """Require a one-time code at log-in, to be set up the next time the person works here."""
    person = _person(staff_id)
    person.totp_required = required
    _record("staff.totp_required", person, by=by, now=now, required=required)


@use_case
def grant(staff_id: int, role: str, office_id: int, *, by: str, now: datetime) -> None:
    """Grant a role at an office and everything below it."""
    person = _person(staff_id)
    _grant(person, role, office_id)
    _record("staff.granted", person, by=by, now=now, role=role, office=office_id)


@use_case
def revoke(staff_id: int, grant_id: int, *, by: str, now: datetime) -> None:
    """Take one grant away."""
    gone = delete(Grant).where(Grant.id == grant_id, Grant.staff_id == staff_id)
    person = _person(staff_id)
    session().execute(gone)
    _ensure_an_administrator_is_left(person)
    _record("staff.revoked", person, by=by, now=now, grant=grant_id)


@use_case
def add_office(
    name: str,
    *,
    parent_id: int,
    department: str,
    division: str,
    divisions: Iterable[str] = (),
    by: str,
    now: datetime,
) -> int:
    """Add an office below another one; returns its id."""
    parent = session().get(Office, parent_id)
    if parent is None:
        raise NotThere(f"office {parent_id}")
    if department not in policy().departments:
        raise Refused(zh="请选择部门。", en="choose a department")
    _ensure_division(division)
    office = Office(
        parent_id=parent.id, path="", name=name.strip(), department=department, division=division
    )
    office.divisions = [OfficeDivision(name=each) for each in divisions]
    session().add(office)
    office.path = f"{parent.path}{secrets.token_hex(8)}/"
    session().flush()
    office.path = f"{parent.path}{office.id}/"
    facts = {"parent": parent.id, "department": department}
    journal.record("office.added", ("office", office.id), by=by, now=now, facts=facts)
    return office.id


@use_case
def rename_office(office_id: int, *, name: str, division: str, by: str, now: datetime) -> None:
    """Change an office's name and the area it stands for."""
    office = session().get(Office, office_id)
    if office is None:
        raise NotThere(f"office {office_id}")
    _ensure_division(division)
    office.name, office.division = name.strip(), division
    journal.record("office.changed", ("office", office.id), by=by, now=now)


def _ensure_an_administrator_is_left(changed: Staff) -> None:
    """Somebody must be left who can let people in."""
    if all(held.role != ADMINISTRATOR for held in changed.grants):
        return
    session().flush()
    held = select(Grant.id).join(Grant.staff).where(Grant.role == ADMINISTRATOR, Staff.active)
    if session().scalar(held.limit(1)) is None:
        raise Refused(
            zh="至少要留一位在用的系统管理员。", en="one active administrator must be left"
        )


def _ensure_division(division: str) -> None:
    """An area is named by its official number, or not at all."""
    if division and not DIVISION.fullmatch(division):
        raise Refused(zh="区划代码是 2 到 12 位数字。", en="a division takes 2 to 12 digits")


def _person(staff_id: int) -> Staff:
    person = session().get(Staff, staff_id)
    if person is None:
        raise NotThere(f"staff {staff_id}")
    return person


def _ensure_new(username: str) -> None:
    if not USERNAME.fullmatch(username):
        raise Refused(
            zh="账号用 4 到 32 个小写字母或数字。",
            en="the name to log in with takes 4 to 32 letters or digits",
        )
    if session().scalar(select(Staff.id).where(Staff.username == username)) is not None:
        raise Refused(zh=f"账号 {username} 已经有人用了。", en=f"{username}: this name is taken")


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(
            zh=f"密码至少要 {SHORTEST_PASSWORD} 位。",
            en=f"the password needs at least {SHORTEST_PASSWORD} characters",
        )
    return str(hash_password(password))


def _grant(person: Staff, role: str, office_id: int) -> None:
    if role not in policy().roles:
        known = ", ".join(policy().roles)
        raise Refused(zh="请选择权限。", en=f"{role or 'no role'}: not one of {known}")
    if session().get(Office, office_id) is None:
        raise Refused(zh="请选择单位。", en=f"office {office_id}: no such office")
    held = {(found.role, found.office_id) for found in person.grants}
    if (role, office_id) not in held:
        person.grants.append(Grant(role=role, office_id=office_id))


def _record(event: str, person: Staff, *, by: str, now: datetime, **facts: object) -> None:
    journal.record(event, ("staff", person.id), by=by, now=now, facts=facts)
