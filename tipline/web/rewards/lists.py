"""Lists: candidates, rewards under way, rewards that ended."""

from flask import render_template, request, url_for

from tipline.queries import rewards as query
from tipline.web.access import actor, needs
from tipline.web.rewards import pages
from tipline.web.typed import number


@pages.get("/")
@needs("reward:read")
def candidates() -> str:
    """Tips whose reporter wishes a reward and whose case found something."""
    rows, next_before = query.candidates(actor(), before=before())
    more = url_for("rewards.candidates", before=next_before) if next_before else None
    return render_template("rewards/candidates.html", rows=rows, more=more)


@pages.get("/open")
@needs("reward:read")
def under_way() -> str:
    """Rewards that wait for somebody."""
    rows, next_before = query.rewards_with(actor(), "reward:read", query.OPEN, before=before())
    more = url_for("rewards.under_way", before=next_before) if next_before else None
    return render_template("rewards/list.html", rows=rows, more=more, ended=False)


@pages.get("/ended")
@needs("reward:read")
def ended() -> str:
    """Rewards that were paid, or will not be."""
    rows, next_before = query.rewards_with(actor(), "reward:read", query.ENDED, before=before())
    more = url_for("rewards.ended", before=next_before) if next_before else None
    return render_template("rewards/list.html", rows=rows, more=more, ended=True)


def before() -> int | None:
    """Where this page of a list begins."""
    return number(request.args.get("before", "")) or None
