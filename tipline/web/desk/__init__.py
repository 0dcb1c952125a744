"""Pages for the office: the triage queue, one tip, answers, and who could not be reached."""

from flask import Blueprint

pages = Blueprint("desk", __name__, url_prefix="/desk")

from tipline.web.desk import answers, feedback, journal, triage, undelivered  # noqa: E402, F401
