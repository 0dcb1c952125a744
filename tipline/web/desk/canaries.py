"""Canaries: supervision plants tips, and reads who saw them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.domain.actors import NotThere
from tipline.queries.canaries import planted
from tipline.queries.offices import home_division
from tipline.runtime import policy
from tipline.services import canaries, intake
from tipline.services.intake import Statement
from tipline.vault import sealing
from tipline.web.access import actor, needs
from tipline.web.desk import pages
from tipline.web.words import _


@pages.get("/canaries")
@needs("canary:plant")
def canary_list() -> str:
    """The planted tips, and a form for one more."""
    return _list()


@pages.post("/canaries")
@needs("canary:plant")
def plant_canary() -> str | Response:
    """Plant one more."""
    form = request.form
    if not (form.get("address", "").strip() and form.get("facts", "").strip()):
        return _list({"address": _("请填写地点和情况，写得要像真的。")})
    category, division = form.get("category", ""), form.get("division", "")
    said = Statement(
        channel="web",
        locale="zh",
        code=sealing.mint_code(),
        category=category if category in policy().categories else "unknown",
        division=division if division in policy().divisions else "",
        address=form["address"].strip(),
        words={"facts": form["facts"].strip()},
    )
    try:
        canaries.plant(intake.seal(said), by=actor(), note=form.get("note", ""), now=clock.now())
    except NotThere:
        return _list({"division": _("请选择您管辖的区划。")})
    flash(_("已放置。除了督导，没有人看得出它和别的举报有什么不同。"))
    return redirect(url_for("desk.canary_list"))


def _list(errors: dict[str, str] | None = None) -> str:
    return render_template(
        "desk/supervision/canaries.html",
        rows=planted(actor()),
        categories=[(each.id, each.label) for each in policy().categories.values()],
        divisions=policy().divisions.children(home_division()),
        typed=request.form if errors else {},
        errors=errors or {},
    )
