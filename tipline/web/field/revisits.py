"""Re-inspections: what to look at again today, also where the case is closed."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import revisits as query
from tipline.queries import workforce
from tipline.queries.course import unfinished
from tipline.runtime import settings
from tipline.services import revisits
from tipline.services.visits import NotEnough
from tipline.web.access import actor, needs
from tipline.web.field import pages
from tipline.web.field.visits import seen, too_few
from tipline.web.typed import local_instant
from tipline.web.words import _


@pages.get("/revisits")
@needs("case:work")
def revisit_list() -> str:
    """Places to look at again today, and decisions that are not served or paid yet."""
    now = clock.now()
    owed = unfinished(actor(), today=now.astimezone(settings().zone).date())
    rows = query.due(actor(), now=now)
    return render_template("field/revisits/list.html", rows=rows, owed=owed)


@pages.get("/revisits/<int:case_id>/<step>")
@needs("case:work")
def revisit(case_id: int, step: str) -> str:
    """One place, and the form of what was seen there."""
    return _page(case_id, step)


@pages.post("/revisits/<int:case_id>/<step>")
@needs("case:work")
def record_revisit(case_id: int, step: str) -> str | Response:
    """Record it; who is back gets a case of their own."""
    now = clock.now()
    at = local_instant(request.form.get("at", ""), otherwise=now) or now
    told = request.form.get("back", "")
    if told not in ("yes", "no"):
        return _page(case_id, step, {"back": _("请选择有没有又开始。")})
    try:
        new = revisits.record(
            case_id, by=actor(), seen=seen(min(at, now), purpose=step), back=told == "yes", now=now
        )
    except NotEnough:
        return _page(case_id, step, {"other": too_few()})
    flash(_("已记录，新的案件已经放进待领取。") if new else _("已记录。"))
    return redirect(url_for("field.revisit_list"))


def _page(case_id: int, step: str, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "field/revisits/one.html",
        row=query.one(actor(), case_id, step, now=clock.now()),
        colleagues=workforce.colleagues(case_id, actor().id),
        typed=request.form if errors else {},
        errors=errors or {},
    )
