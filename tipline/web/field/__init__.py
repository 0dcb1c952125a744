"""Pages for inspectors, for a phone in one hand."""

from flask import Blueprint

pages = Blueprint("field", __name__, url_prefix="/field")

from tipline.web.field import casework, legal, more_time, revisits, visits  # noqa: E402, F401
