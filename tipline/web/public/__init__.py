"""Pages for everybody: what this is, the report, and what a reporter does with the code."""

from flask import Blueprint

pages = Blueprint("public", __name__)

from tipline.web.public import home, report, status  # noqa: E402, F401
