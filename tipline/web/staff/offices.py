"""Offices: the tree from province to township, and the other departments beside it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries.offices import ensure_reach, liaisons, tree_for
from tipline.runtime import policy
from tipline.services import staff
from tipline.web.access import actor, needs
from tipline.web.staff import pages
from tipline.web.typed import number
from tipline.web.words import _, said

PERMISSION = "office:manage"


@pages.get("/offices")
@needs("office:manage")
def offices() -> str:
    """The tree."""
    return _tree({})


@pages.post("/offices")
@needs("office:manage")
def add_office() -> str | Response:
    """Add an office below another one."""
    form = request.form
    if not form.get("name", "").strip():
        return _tree({"name": _("请填写机构名称。")})
    parent_id = number(form.get("parent_id", ""))
    ensure_reach(actor(), PERMISSION, parent_id)
    try:
        staff.add_office(
            form["name"],
            parent_id=parent_id,
            department=form.get("department", ""),
            division=form.get("division", "").strip(),
            divisions=[
                line.strip() for line in form.get("divisions", "").splitlines() if line.strip()
            ],
            by=actor().by,
            now=clock.now(),
        )
    except staff.Refused as refused:
        return _tree({"department": said(refused.why)})
    flash(_("机构已添加。"))
    return redirect(url_for("staff.offices"))


@pages.post("/offices/<int:office_id>")
@needs("office:manage")
def change_office(office_id: int) -> str | Response:
    """Change an office's name and area."""
    name, division = request.form.get("name", ""), request.form.get("division", "").strip()
    if not name.strip():
        return _tree({"name": _("请填写机构名称。")})
    ensure_reach(actor(), PERMISSION, office_id)
    try:
        staff.rename_office(office_id, name=name, division=division, by=actor().by, now=clock.now())
    except staff.Refused as refused:
        return _tree({f"division-{office_id}": said(refused.why)})
    flash(_("已保存。"))
    return redirect(url_for("staff.offices"))


def _tree(errors: dict[str, str]) -> str:
    return render_template(
        "staff/offices.html",
        offices=tree_for(actor(), PERMISSION),
        liaisons=liaisons(),
        departments=[(each.id, each.name) for each in policy().departments.values()],
        typed=request.form if errors else {},
        errors=errors,
    )
