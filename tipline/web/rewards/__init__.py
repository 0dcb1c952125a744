"""Pages for rewards."""

from flask import Blueprint, render_template, request, url_for

from tipline.queries import rewards as query
from tipline.web.access import actor, needs

pages = Blueprint("rewards", __name__, url_prefix="/rewards")


@pages.get("/")
@needs("reward:read")
def candidates() -> str:
    """Tips whose reporter wishes a reward and whose case found something."""
    before = request.args.get("before", "")
    rows, next_before = query.candidates(
        actor(), before=int(before) if before.isdecimal() and len(before) < 10 else None
    )
    more = url_for("rewards.candidates", before=next_before) if next_before else None
    return render_template("rewards/candidates.html", rows=rows, more=more)
