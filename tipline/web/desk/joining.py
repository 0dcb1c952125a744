"""Which tips and cases belong together; every join can be undone."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import triage as query
from tipline.services import clinics, judging, triage
from tipline.web.access import actor, needs
from tipline.web.desk import pages
from tipline.web.desk.triage import done, page_of
from tipline.web.typed import number
from tipline.web.words import _


@pages.post("/tips/<int:tip_id>/join")
@needs("tip:triage")
def join(tip_id: int) -> str | Response:
    """Make another case the home of this tip."""
    case_id = number(request.form.get("case_id", ""))
    if not case_id:
        return page_of(tip_id, errors={"case_id": _("请选择要并入的案件。")})
    triage.join(tip_id, case_id, by=actor(), now=clock.now())
    return done(_("已并入。举报人的编号、查询码和期限不变。"))


@pages.post("/tips/<int:tip_id>/unjoin")
@needs("tip:triage")
def unjoin(tip_id: int) -> Response:
    """Give the tip its former case back."""
    triage.unjoin(tip_id, by=actor(), now=clock.now())
    flash(_("已撤销并案。"))
    return redirect(url_for("desk.tip", tip_id=tip_id))


@pages.post("/tips/<int:tip_id>/same-clinic")
@needs("tip:triage")
def same_clinic(tip_id: int) -> Response:
    """The case of this tip is about a clinic that has a file already."""
    case_id = query.tip_for(actor(), tip_id).case_id
    clinic_id = number(request.form.get("clinic_id", ""))
    clinics.place(case_id, clinic_id, by=actor(), now=clock.now())
    flash(_("已归入同一个档案。举报各自独立，随时可以放回。"))
    return redirect(url_for("desk.tip", tip_id=tip_id))


@pages.post("/tips/<int:tip_id>/promote")
@needs("tip:triage")
def promote(tip_id: int) -> Response:
    """Take a tip out of the slow lane."""
    judging.promote(tip_id, by=actor(), now=clock.now())
    flash(_("已移出待甄别，按正常缓急排队。"))
    return redirect(url_for("desk.tip", tip_id=tip_id))
