"""Reporters who could not be reached on any channel; the news waits behind their code."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries.undelivered import undelivered_notices
from tipline.services import replaying
from tipline.web.access import actor, needs
from tipline.web.desk import pages
from tipline.web.words import _


@pages.get("/undelivered")
@needs("tip:ask")
def undelivered() -> str:
    """The list of notices that did not arrive, and why."""
    return render_template("desk/undelivered.html", rows=undelivered_notices(actor()))


@pages.post("/undelivered/<int:notice_id>/replay")
@needs("tip:ask")
def replay(notice_id: int) -> Response:
    """Try one of them once more."""
    replaying.replay(notice_id, by=actor(), now=clock.now())
    flash(_("已重新发送。如果还是送不到，会再回到这里。"))
    return redirect(url_for("desk.undelivered"))


@pages.post("/undelivered/<int:notice_id>/reached")
@needs("tip:ask")
def reached(notice_id: int) -> Response:
    """Somebody told the reporter by other means, and says how."""
    how = request.form.get("how", "")
    if how not in replaying.HOW:
        flash(_("请选择是怎样通知到的，再记一次。"), "error")
        return redirect(url_for("desk.undelivered"))
    replaying.reached(notice_id, by=actor(), how=how, now=clock.now())
    flash(_("记下了：已经通知到。"))
    return redirect(url_for("desk.undelivered"))
