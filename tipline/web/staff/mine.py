"""Everybody's own page: reminders, and the deadlines of one's own cases."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import deadlines, reminders
from tipline.queries.deadlines import Filters
from tipline.services import reminders as reading
from tipline.web.access import SIGNED_IN, actor, needs
from tipline.web.staff import pages


@pages.get("/mine")
@needs(SIGNED_IN)
def mine() -> str:
    """What I have to see, and what is due on my cases."""
    now = clock.now()
    lists = [
        (view, list(deadlines.whole_list(actor(), Filters(view=view, mine=True), now=now)))
        for view in ("week", "overdue", "waiting")
    ]
    return render_template(
        "staff/mine.html", reminders=reminders.reminders(actor()), lists=lists, until=now
    )


@pages.post("/mine")
@needs(SIGNED_IN)
def seen() -> Response:
    """I have seen what was on the page; what came since stays new."""
    now = clock.now()
    try:
        up_to = min(datetime.fromisoformat(request.form.get("until", "")), now)
    except (ValueError, TypeError):
        up_to = now
    reading.mark_read(by=actor(), up_to=up_to, now=now)
    return redirect(url_for("staff.mine"))
