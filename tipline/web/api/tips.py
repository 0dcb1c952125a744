"""Intake for other systems: the questionnaire's field names, sent once however often it is sent."""

import hmac
import uuid
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Response, abort, jsonify, request
from werkzeug.exceptions import BadRequest

from tipline import clock
from tipline.queries import promises
from tipline.runtime import policy, settings
from tipline.services import intake
from tipline.services.intake import Receipt
from tipline.vault import sealing
from tipline.web.access import PUBLIC, needs
from tipline.web.api import failure, pages, said, sent
from tipline.web.api.reading import PUBLIC_API, Missing, read


@pages.post("/tips")
@needs(PUBLIC)
def take_in() -> tuple[Response, int]:
    """A tip; the same key and body give the same answer, another body is added to the first tip."""
    code = sealing.code_for(_key(), settings().pepper)
    content, source = sent(), _source()
    try:
        statement, warnings = read(content, code=code, source=source)
    except Missing as missing:
        return failure(422, "missing", f"{missing.field} is required.", field=missing.field)
    receipt = intake.receive(intake.seal(statement), now=clock.now())
    if receipt.more:
        return _conflict(receipt)
    answer = _answer(receipt, code, content)
    return jsonify(answer | ({"warnings": warnings} if warnings else {})), 201


def _conflict(receipt: Receipt) -> tuple[Response, int]:
    message = "This key was used for another text. What you sent now was added to that tip."
    return failure(409, "other_body", message, tip_number=receipt.number)


def _answer(receipt: Receipt, code: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "tip_number": receipt.number,
        "receipt_code": code,
        "received_at": written(receipt.received_at),
        "promises": [
            {
                "step": each.step,
                "due_on": each.due_on.isoformat(),
                "text": said(each.text, content),
            }
            for each in promises.of_tip(receipt.tip_id)
        ],
    }


def written(moment: datetime) -> str:
    """An instant as it is written in answers."""
    return moment.astimezone(settings().zone).isoformat(timespec="seconds")


def _key() -> str:
    """The idempotency key; whoever knows it knows the receipt code."""
    try:
        return str(uuid.UUID(request.headers.get("Idempotency-Key", "")))
    except ValueError:
        raise BadRequest("The header Idempotency-Key must be a UUID, new for each tip.") from None


def _source() -> str:
    """The registered system whose token was shown; without one anybody may send."""
    shown = request.headers.get("Authorization")
    if shown is None:
        return PUBLIC_API
    mark = sha256(shown.removeprefix("Bearer ").strip().encode()).hexdigest()
    for source in policy().sources.values():
        if source.token_sha256 and hmac.compare_digest(source.token_sha256, mark):
            return source.id
    return abort(401, "The bearer token belongs to no registered source.")
