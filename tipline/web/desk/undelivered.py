"""Reporters who could not be reached on any channel; the news waits behind their code."""

from flask import flash, redirect, render_template, url_for
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
