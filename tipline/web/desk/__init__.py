"""Pages for the office: taking in, the triage queue, one tip, answers, who was not reached."""

from flask import Blueprint

pages = Blueprint("desk", __name__, url_prefix="/desk")

from tipline.web.desk import (  # noqa: E402, F401
    answers,
    canaries,
    codes,
    deadlines,
    feedback,
    joining,
    journal,
    searching,
    supervision,
    taking_in,
    triage,
    undelivered,
)
