"""Pages for administrators: accounts, grants and the tree of offices; and everybody's own start."""

from flask import Blueprint

pages = Blueprint("staff", __name__, url_prefix="/staff")

from tipline.web.staff import accounts, mine, offices, start  # noqa: E402, F401
