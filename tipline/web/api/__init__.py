"""For other systems: tips, and what their reporters do with the receipt code, as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException

from tipline.domain.actors import NotThere
from tipline.domain.words import Text
from tipline.web.accounts import csrf
from tipline.web.guessing import MustWait

pages = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(pages)

LOCALES = ("zh", "en")
REASONS = {
    404: ("no_match", "No tip is opened by this receipt code."),
    413: ("too_large", "The request is too large. Shorten the text or send it in parts."),
    429: ("wait", "Too many wrong codes. Try again in a minute."),
}


def failure(status: int, error: str, message: str, **more: Any) -> tuple[Response, int]:
    """What went wrong, in a word for machines and a sentence that says what to do."""
    return jsonify({"error": error, "message": message, **more}), status


def sent() -> dict[str, Any]:
    """The JSON object in the body."""
    try:
        content = request.get_json(force=True, silent=True)
    except RecursionError:
        content = None
    if not isinstance(content, dict):
        raise BadRequest("The body must be one JSON object.")
    return content


def text_in(content: dict[str, Any], name: str) -> str:
    """A text of the request, exactly as it was sent; empty where there is none."""
    value = content.get(name)
    return value if isinstance(value, str) else ""


def locale_in(content: dict[str, Any]) -> str:
    """The language in which the answer speaks."""
    return "en" if content.get("locale") == "en" else "zh"


def said(text: Text, content: dict[str, Any]) -> str:
    """A text of the policy in that language."""
    return text.in_locale(locale_in(content))


@pages.errorhandler(HTTPException)
def _http(error: HTTPException) -> tuple[Response, int]:
    status = error.code or 500
    return failure(status, *REASONS.get(status, ("bad_request", error.description or "")))


@pages.errorhandler(MustWait)
def _must_wait(error: MustWait) -> tuple[Response, int]:
    return failure(429, *REASONS[429])


@pages.errorhandler(NotThere)
def _not_there(error: NotThere) -> tuple[Response, int]:
    return failure(404, *REASONS[404])


from tipline.web.api import described, receipts, tips  # noqa: E402, F401
