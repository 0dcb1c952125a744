"""Pages for inspectors, for a phone in one hand."""

from flask import Blueprint

pages = Blueprint("field", __name__, url_prefix="/field")

from tipline.web.field import casework, more_time  # noqa: E402, F401
