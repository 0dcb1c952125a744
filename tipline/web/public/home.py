"""The home page, and the quick way out."""

from flask import redirect, render_template, session
from werkzeug.wrappers import Response

from tipline.runtime import policy
from tipline.web.access import PUBLIC, needs
from tipline.web.public import pages


@pages.get("/")
@needs(PUBLIC)
def home() -> str:
    """What this is, who sees what, what cannot be protected."""
    return render_template("public/home.html")


@pages.get("/leave")
@needs(PUBLIC)
def leave() -> Response:
    """Forget this visit and go to a page that says nothing."""
    session.clear()
    response = redirect(policy().leave_url)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
