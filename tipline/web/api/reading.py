"""From JSON to a statement: what can be used is, and everything else is kept and named."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tipline.policy.forms import Field
from tipline.runtime import policy
from tipline.services import asking
from tipline.services.intake import Statement
from tipline.web.api import LOCALES, locale_in
from tipline.web.contacts import contact_of
from tipline.web.public import answers

PUBLIC_API = "public_api"
KINDS = ("report", "complaint", "petition")
LONGEST_NUMBER = 60
Warnings = list[dict[str, str]]


class Missing(Exception):
    """A tip needs this field."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read(content: dict[str, Any], *, code: str, source: str) -> tuple[Statement, Warnings]:
    """The statement, and a warning for each field that could not be used as it is."""
    warnings: Warnings = []
    given = _answers(content, warnings)
    said = answers.statement(given, code=code, locale=locale_in(content))
    said = replace(
        said,
        channel="api",
        source=source,
        words=said.words | _left_over(content, given),
        request=json.dumps(content, sort_keys=True),
    )
    for name, take in OTHERS.items():
        if content.get(name) is not None:
            said = _taken(said, name, take, content[name], warnings)
    for name in sorted(set(content) - set(policy().questionnaire.fields) - set(OTHERS)):
        warnings.append(_warning(name, "is not known; its text is kept"))
    return said, warnings


def _answers(content: dict[str, Any], warnings: Warnings) -> dict[str, str]:
    """The answers by field name, as the form would send them."""
    given = {}
    for field in policy().questionnaire.fields.values():
        if field.kind == "contact":
            continue
        value = _answer(field, content.get(field.id))
        if value is not None:
            given[field.id] = value
        elif field.required:
            raise Missing(field.id)
        elif content.get(field.id) is not None:
            warnings.append(_warning(field.id, "cannot be used; its text is kept"))
    return given


def _answer(field: Field, value: Any) -> str | None:
    """The value of one field; None where there is none, or none that can be used."""
    if field.kind == "yes_no":
        return {True: answers.YES, False: answers.NO}[value] if isinstance(value, bool) else None
    if not isinstance(value, str) or not value.strip():
        return None
    if field.kind == "division":
        return value if policy().divisions.is_county(value) else None
    options = [option.value for option in asking.options(field)]
    return value if not options or value in options else None


def _left_over(content: dict[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """What could not be used is kept among the words, under its own name."""
    left = {name: value for name, value in content.items() if name not in {*given, *OTHERS}}
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in left.items()
        if value not in (None, "")
    }


def _taken(said: Statement, name: str, take: "Take", value: Any, warnings: Warnings) -> Statement:
    taken = take(said, value)
    if taken is None:
        warnings.append(_warning(name, WHY[name]))
    return taken or said


def _warning(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}


Take = Callable[[Statement, Any], Statement | None]


def _contact(said: Statement, value: Any) -> Statement | None:
    found = (
        contact_of(value.get("channel"), value.get("address")) if isinstance(value, dict) else None
    )
    return replace(said, contact=found) if found else None


def _locale(said: Statement, value: Any) -> Statement | None:
    return said if value in LOCALES else None


def _kind(said: Statement, value: Any) -> Statement | None:
    return replace(said, kind=value) if value in KINDS else None


def _source_number(said: Statement, value: Any) -> Statement | None:
    usable = isinstance(value, str) and 0 < len(value) <= LONGEST_NUMBER
    registered = said.source != PUBLIC_API
    return replace(said, source_number=value) if usable and registered else None


def _source_received_at(said: Statement, value: Any) -> Statement | None:
    try:
        at = datetime.fromisoformat(value) if said.source != PUBLIC_API else None
    except (TypeError, ValueError):
        return None
    return replace(said, source_received_at=at) if at and at.tzinfo else None


OTHERS: Mapping[str, Take] = {
    "contact": _contact,
    "locale": _locale,
    "kind": _kind,
    "source_number": _source_number,
    "source_received_at": _source_received_at,
}
WHY = {
    "contact": "cannot be used; nothing will be sent, the code still works",
    "locale": "is neither zh nor en; zh is used",
    "kind": f"is none of {', '.join(KINDS)}; report is used",
    "source_number": f"takes a text of up to {LONGEST_NUMBER} signs from a registered source",
    "source_received_at": "takes an ISO time with its zone from a registered source",
}
