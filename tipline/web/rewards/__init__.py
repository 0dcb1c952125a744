"""Pages for rewards: who may be owed one, what was proposed and approved, and the payer's own."""

from flask import Blueprint

pages = Blueprint("rewards", __name__, url_prefix="/rewards")

from tipline.web.rewards import deciding, lists, paying, proposing  # noqa: E402, F401
