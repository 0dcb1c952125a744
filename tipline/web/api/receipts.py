"""What a reporter does with the receipt code; it stands in the body, never in an address."""

from typing import Any

from flask import Response, jsonify, request

from tipline import clock
from tipline.domain import receipts
from tipline.domain.actors import NotThere
from tipline.queries import status as query
from tipline.queries.status import Opened
from tipline.runtime import policy
from tipline.services import feedback
from tipline.web.access import PUBLIC, needs
from tipline.web.api import failure, pages, said, sent, text_in
from tipline.web.api.tips import written
from tipline.web.guessing import look_up


@pages.post("/status")
@needs(PUBLIC)
def status() -> Response:
    """Everything the reporter may see."""
    content = sent()
    _, opened = _opened(content)
    return jsonify(
        {
            "tip_number": opened.tip.number,
            "received_at": written(opened.tip.received_at),
            "status": opened.tip.status,
            "text": said(policy().statuses[opened.tip.status], content),
            "promises": [
                {
                    "step": each.step,
                    "due_on": each.due_on.isoformat(),
                    "text": said(each.text, content),
                    "state": each.state,
                }
                for each in opened.promises
            ],
            "timeline": [
                {"at": written(each.at), "text": said(each.text, content)}
                for each in opened.timeline
            ],
            "messages": [
                {
                    "at": written(each.at),
                    "from_office": each.from_office,
                    "kind": each.kind,
                    "body": each.body,
                }
                for each in opened.messages
            ],
            "answer": opened.answer,
        }
    )


@pages.post("/messages")
@needs(PUBLIC)
def message() -> tuple[Response, int]:
    """Add words to the tip; with an Idempotency-Key once, however often they are sent."""
    content = sent()
    body = text_in(content, "body")
    if not body.strip():
        return failure(422, "missing", "body is required.", field="body")
    code, opened = _opened(content)
    now = clock.now()
    feedback.add(code, words=body, once=request.headers.get("Idempotency-Key", ""), now=now)
    return _done(opened, now=written(now))


def _done(opened: Opened, *, now: str) -> tuple[Response, int]:
    return jsonify({"tip_number": opened.tip.number, "received_at": now}), 201


def _opened(content: dict[str, Any]) -> tuple[str, Opened]:
    """The code of the request and what it opens; NotThere for a wrong one, however wrong."""
    code = receipts.normalise(text_in(content, "receipt_code"))
    found = look_up(lambda: query.by_code(code) if receipts.is_valid(code) else None)
    if found is None:
        raise NotThere("tip")
    return code, found
