"""What a reporter does with the receipt code; it stands in the body, never in an address."""

from datetime import datetime
from typing import Any

from flask import Response, jsonify, request

from tipline import clock
from tipline.domain import receipts
from tipline.domain.actors import NotThere
from tipline.queries import status as query
from tipline.queries.nudging import nudging
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


@pages.post("/nudges")
@needs(PUBLIC)
def nudge() -> tuple[Response, int]:
    """Press for an answer that is overdue, once a working day."""
    code, opened = _opened(sent())
    now = clock.now()
    try:
        nudges = feedback.nudge(code, now=now)
    except feedback.TooEarly:
        return _too_early(opened, now=now)
    answer = {"tip_number": opened.tip.number, "received_at": written(now), "nudges": nudges}
    return jsonify(answer), 201


def _too_early(opened: Opened, *, now: datetime) -> tuple[Response, int]:
    """A nudge counts from the day on which a promise is broken, and once a working day."""
    from_on = nudging(opened.tip, now=now).from_on
    named = {"from_on": from_on.isoformat()} if from_on else {}
    message = "Nothing is overdue, or you asked today already. The promises say when to ask again."
    return failure(409, "too_early", message, **named)


def _done(opened: Opened, *, now: str) -> tuple[Response, int]:
    return jsonify({"tip_number": opened.tip.number, "received_at": now}), 201


def _opened(content: dict[str, Any]) -> tuple[str, Opened]:
    """The code of the request and what it opens; NotThere for a wrong one, however wrong."""
    code = receipts.normalise(text_in(content, "receipt_code"))
    found = look_up(lambda: query.by_code(code))
    if found is None:
        raise NotThere("tip")
    return code, found
