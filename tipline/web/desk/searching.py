"""The search: what was typed travels in the body, so that it is in no address and no log."""

from flask import render_template, request

from tipline.queries.searching import Found
from tipline.queries.searching import search as find
from tipline.web.access import actor, needs
from tipline.web.desk import pages

LONGEST = 60


@pages.get("/search")
@needs("case:read")
def search() -> str:
    """An empty search."""
    return render_template("desk/search.html", asked="", found=None)


@pages.post("/search")
@needs("case:read")
def search_for() -> str:
    """What was found, page by page."""
    asked, after = request.form.get("q", "")[:LONGEST].strip(), request.form.get("after", "")
    begin = int(after) if after.isdecimal() and len(after) < 10 else None
    found: Found = find(actor(), asked, after=begin)
    return render_template("desk/search.html", asked=asked, found=found)
