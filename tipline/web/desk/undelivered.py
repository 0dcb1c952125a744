"""Reporters who could not be reached on their channel; the news waits behind their code."""

from flask import render_template

from tipline.queries.undelivered import undelivered_notices
from tipline.web.access import actor, needs
from tipline.web.desk import pages


@pages.get("/undelivered")
@needs("tip:ask")
def undelivered() -> str:
    """The list of notices that did not arrive."""
    return render_template("desk/undelivered.html", rows=undelivered_notices(actor()))
