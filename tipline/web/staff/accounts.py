"""Accounts: who works here, and what each may do where."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import staff as query
from tipline.queries.offices import tree_for
from tipline.runtime import policy
from tipline.services import staff
from tipline.web.access import actor, needs
from tipline.web.staff import pages
from tipline.web.typed import number
from tipline.web.words import _, said


@pages.get("/")
@needs("staff:manage")
def accounts() -> str:
    """All accounts."""
    return _list({})


@pages.post("/")
@needs("staff:manage")
def add() -> str | Response:
    """Add an account."""
    form = request.form
    if not _reaches(number(request.form.get("office_id", ""))):
        return _list({"office_id": _("请选择单位。")})
    try:
        person_id = staff.add(
            form.get("username", ""),
            name=form.get("name", ""),
            password=form.get("password", ""),
            roles=[form["role"]] if form.get("role") else [],
            office_id=number(request.form.get("office_id", "")),
            by=actor().by,
            now=clock.now(),
        )
    except staff.Refused as refused:
        return _list({"username": said(refused.why)})
    flash(_("账号已添加。"))
    return redirect(url_for("staff.account", staff_id=person_id))


@pages.get("/<int:staff_id>")
@needs("staff:manage")
def account(staff_id: int) -> str:
    """One account."""
    return _one(staff_id, {})


@pages.post("/<int:staff_id>/disable")
@needs("staff:manage")
def disable(staff_id: int) -> str | Response:
    """Disable the account; its sessions end at once."""
    _within_reach(staff_id)
    try:
        staff.set_active(staff_id, False, by=actor().by, now=clock.now())
    except staff.Refused as refused:
        return _one(staff_id, {"active": said(refused.why)})
    return _changed(staff_id)


@pages.post("/<int:staff_id>/enable")
@needs("staff:manage")
def enable(staff_id: int) -> Response:
    """Enable the account again."""
    _within_reach(staff_id)
    staff.set_active(staff_id, True, by=actor().by, now=clock.now())
    return _changed(staff_id)


@pages.post("/<int:staff_id>/totp")
@needs("staff:manage")
def require_totp(staff_id: int) -> Response:
    """Require a one-time code at log-in, or no longer."""
    _within_reach(staff_id)
    required = request.form.get("required") == "yes"
    staff.require_totp(staff_id, required, by=actor().by, now=clock.now())
    return _changed(staff_id)


@pages.post("/<int:staff_id>/grants")
@needs("staff:manage")
def grant(staff_id: int) -> str | Response:
    """Grant a role at an office and everything below it."""
    _within_reach(staff_id)
    role, office_id = request.form.get("role", ""), number(request.form.get("office_id", ""))
    if not _reaches(office_id):
        return _one(staff_id, {"office_id": _("请选择单位。")})
    try:
        staff.grant(staff_id, role, office_id, by=actor().by, now=clock.now())
    except staff.Refused as refused:
        return _one(staff_id, {"role": said(refused.why)})
    return _changed(staff_id)


@pages.post("/<int:staff_id>/grants/<int:grant_id>/revoke")
@needs("staff:manage")
def revoke(staff_id: int, grant_id: int) -> str | Response:
    """Take a grant away."""
    _within_reach(staff_id)
    try:
        staff.revoke(staff_id, grant_id, by=actor().by, now=clock.now())
    except staff.Refused as refused:
        return _one(staff_id, {"role": said(refused.why)})
    return _changed(staff_id)


def _reaches(office_id: int) -> bool:
    return any(office.id == office_id for office in tree_for(actor(), query.PERMISSION))


def _within_reach(staff_id: int) -> None:
    query.person(actor(), staff_id)


def _list(errors: dict[str, str]) -> str:
    return render_template(
        "staff/accounts.html",
        rows=query.everybody(actor()),
        roles=_roles(),
        offices=_offices(),
        typed=request.form if errors else {},
        errors=errors,
    )


def _one(staff_id: int, errors: dict[str, str]) -> str:
    return render_template(
        "staff/account.html",
        person=query.person(actor(), staff_id),
        role_names=policy().roles,
        roles=_roles(),
        offices=_offices(),
        typed=request.form if errors else {},
        errors=errors,
    )


def _roles() -> list[tuple[str, object]]:
    return [(role.id, role.name) for role in policy().roles.values()]


def _offices() -> list[tuple[int, str]]:
    return [(office.id, office.name) for office in tree_for(actor(), query.PERMISSION)]


def _changed(staff_id: int) -> Response:
    flash(_("已保存。"))
    return redirect(url_for("staff.account", staff_id=staff_id))
