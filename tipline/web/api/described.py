"""The description of the interface, made from the questionnaire in force."""

from typing import Any

from flask import Response, jsonify

from tipline.policy.forms import Field
from tipline.runtime import policy, settings
from tipline.services import asking
from tipline.web.access import PUBLIC, needs
from tipline.web.api import LOCALES, pages
from tipline.web.api.reading import KINDS, LONGEST_NUMBER

TEXT = {"type": "string"}
DATE, TIME = {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}
CODE = {"type": "string", "description": "22 digits; spaces and dashes are forgiven"}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A UUID, new for each tip. Keep it secret: the receipt code follows from it.",
    "schema": {"type": "string", "format": "uuid"},
}


@pages.get("/openapi.json")
@needs(PUBLIC)
def openapi() -> Response:
    """What other systems can send and what they are answered."""
    return jsonify(
        {
            "openapi": "3.1.0",
            "info": {"title": "Tipline", "version": "1"},
            "servers": [{"url": f"{settings().public_url}/api/v1"}],
            "paths": {
                "/tips": {"post": _tips()},
                "/status": {"post": _by_code("Look at a tip", {}, 200, _status())},
                "/messages": {
                    "post": _by_code("Add words to a tip", {"body": TEXT}, 201, _done())
                    | {"parameters": [KEY | {"required": False}]}
                },
                "/nudges": {"post": _nudges()},
            },
            "components": {
                "schemas": {"Error": _error_object()},
                "securitySchemes": {"source": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _tips() -> dict[str, Any]:
    return {
        "summary": "Hand over a tip",
        "parameters": [KEY | {"required": True}],
        "security": [{}, {"source": []}],
        "requestBody": _json(_object(_fields(), required=_required())),
        "responses": {
            "201": _answer("Taken in; sent again it is answered the same", _receipt()),
            "400": _error("No JSON object, or no UUID in Idempotency-Key"),
            "401": _error("The bearer token belongs to no registered source"),
            "409": _error("The key was used for another body, which was added to the first tip"),
            "413": _error("Too large"),
            "422": _error("A required field is missing; `field` names it"),
        },
    }


def _by_code(
    summary: str, more: dict[str, Any], status: int, answer: dict[str, Any]
) -> dict[str, Any]:
    """An act with the receipt code."""
    sent = {"receipt_code": CODE, **more}
    return {
        "summary": summary,
        "requestBody": _json(
            _object(sent | {"locale": {"enum": list(LOCALES)}}, required=list(sent))
        ),
        "responses": {
            str(status): _answer("Done", answer),
            "400": _error("No JSON object"),
            "404": _error("This code opens nothing"),
            "413": _error("Too large"),
            "429": _error("Too many wrong codes"),
        }
        | ({"422": _error("A required field is missing; `field` names it")} if more else {}),
    }


def _nudges() -> dict[str, Any]:
    counted = {"tip_number": TEXT, "received_at": TIME, "nudges": {"type": "integer"}}
    act = _by_code("Press for an overdue answer", {}, 201, _object(counted, 3))
    early = _error("Nothing is overdue, or pressed today; `from_on` says when it counts")
    return act | {"responses": act["responses"] | {"409": early}}


def _fields() -> dict[str, Any]:
    """The questionnaire, and what only other systems send."""
    asked = policy().questionnaire.fields.values()
    channels = {"enum": ["sms", "telegram", "email"]}
    return {
        **{field.id: _field(field) for field in asked if field.kind != "contact"},
        "contact": _object({"channel": channels, "address": TEXT}, 2),
        "locale": {"enum": list(LOCALES), "default": LOCALES[0]},
        "kind": {"enum": list(KINDS), "default": KINDS[0]},
        "source_number": TEXT | {"maxLength": LONGEST_NUMBER},
        "source_received_at": TIME,
    }


def _field(field: Field) -> dict[str, Any]:
    title = {"title": field.label.en}
    if field.kind == "yes_no":
        return {"type": "boolean"} | title
    if field.kind == "division":
        return TEXT | {"pattern": "^[0-9]{6}$"} | title
    options = [option.value for option in asking.options(field)]
    return ({"enum": options} if options else TEXT) | title


def _required() -> list[str]:
    return [field.id for field in policy().questionnaire.fields.values() if field.required]


def _receipt() -> dict[str, Any]:
    promise = _object({"step": TEXT, "due_on": DATE, "text": TEXT}, 3)
    warning = _object({"field": TEXT, "message": TEXT}, 2)
    answer = {
        "tip_number": TEXT,
        "receipt_code": CODE,
        "received_at": TIME,
        "promises": _list(promise),
        "warnings": _list(warning),
    }
    return _object(answer, 4)


def _status() -> dict[str, Any]:
    promise = {"step": TEXT, "due_on": DATE, "text": TEXT, "state": TEXT}
    message = {"at": TIME, "from_office": {"type": "boolean"}, "kind": TEXT, "body": TEXT}
    answer = {
        "tip_number": TEXT,
        "received_at": TIME,
        "status": {"enum": list(policy().statuses)},
        "text": TEXT,
        "promises": _list(_object(promise, 4)),
        "timeline": _list(_object({"at": TIME, "text": TEXT}, 2)),
        "messages": _list(_object(message, 4)),
        "answer": {"type": ["string", "null"]},
    }
    return _object(answer, len(answer))


def _done() -> dict[str, Any]:
    return _object({"tip_number": TEXT, "received_at": TIME}, 2)


def _object(
    properties: dict[str, Any], first: int = 0, *, required: list[str] | None = None
) -> dict[str, Any]:
    """An object whose first properties, or those named, are always there."""
    needed = list(properties)[:first] if required is None else required
    return {"type": "object", "properties": properties, "required": needed}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _error_object() -> dict[str, Any]:
    more = {"field": TEXT, "tip_number": TEXT, "from_on": DATE}
    return _object({"error": TEXT, "message": TEXT, **more}, 2)


def _error(description: str) -> dict[str, Any]:
    return _answer(description, {"$ref": "#/components/schemas/Error"})
