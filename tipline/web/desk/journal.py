"""The journal, for auditors."""

from flask import render_template, request, url_for

from tipline.queries.journal import latest
from tipline.web.access import actor, needs
from tipline.web.desk import pages


@pages.get("/journal")
@needs("journal:read")
def journal() -> str:
    """What happened, the latest first."""
    before = request.args.get("before", "")
    begin = int(before) if before.isdecimal() and len(before) < 10 else None
    rows, next_before = latest(actor(), before=begin)
    more = url_for("desk.journal", before=next_before) if next_before else None
    return render_template("desk/journal.html", rows=rows, more=more)
