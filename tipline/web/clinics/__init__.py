"""Pages of the clinic file, for the office and for the inspector who holds a case there."""

from flask import Blueprint

pages = Blueprint("clinics", __name__, url_prefix="/clinics")

from tipline.web.clinics import file, parties  # noqa: E402, F401
