"""For operators: the questionnaire, filled in for somebody on the phone or at the counter."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import render_template, request

from tipline import clock
from tipline.queries import promises
from tipline.queries.licences import Registered, licences_at
from tipline.queries.offices import home_division
from tipline.runtime import policy, settings
from tipline.services import intake
from tipline.services.intake import Statement
from tipline.vault import sealing
from tipline.web.access import actor, needs
from tipline.web.desk import pages
from tipline.web.public import answers, draft
from tipline.web.words import _, locale

OWN = "own_channel"
PURPOSE = "taking in"
LONGEST_NUMBER = 60


@pages.get("/take-in")
@needs("tip:take_in")
def take_in() -> str:
    """The whole questionnaire on one page, in the order in which people talk."""
    return _form(sealing.mint_code(), {}, {})


@pages.post("/take-in")
@needs("tip:take_in")
def write_down() -> str:
    """Take the tip in and show its receipt, to be read out; the same page again is the same tip."""
    carried = draft.unlock(request.form.get("draft", ""), PURPOSE, now=clock.now())
    code = str(carried[0]) if carried else sealing.mint_code()
    given, errors = _read()
    if errors:
        return _form(code, given, errors)
    sealed = intake.seal(_statement(given, code))
    receipt = intake.receive(sealed, now=clock.now(), by=actor().by)
    return render_template(
        "desk/taking_in/receipt.html",
        tip_number=receipt.number,
        receipt_code=code,
        received_at=receipt.received_at,
        promises=promises.of_tip(receipt.tip_id),
        again=receipt.again,
        licences=_licences(given),
    )


def _licences(given: Mapping[str, str]) -> Sequence[Registered]:
    """Who is registered at the place of which was told."""
    today = clock.now().astimezone(settings().zone).date()
    kind = given.get("category", "")
    return licences_at(
        given.get("division", ""),
        given.get("address", ""),
        today=today,
        category=kind if kind in policy().categories else "unknown",
    )


def _read() -> tuple[dict[str, str], dict[str, str]]:
    """What was typed, and what is missing or cannot be used."""
    given: dict[str, str] = {}
    errors: dict[str, str] = {}
    for page in policy().questionnaire.pages:
        given |= answers.typed(page, request.form)
        errors |= answers.errors(page, given)
    return given, errors


def _statement(given: Mapping[str, str], code: str) -> Statement:
    source = request.form.get("source", "")
    known = source if source in policy().sources else OWN
    return replace(
        answers.statement(given, code=code, locale=locale()),
        channel="desk" if request.form.get("came_by") == "desk" else "phone",
        source=known,
        source_number=request.form.get("source_number", "").strip()[:LONGEST_NUMBER],
    )


def _form(code: str, given: Mapping[str, str], errors: Mapping[str, str]) -> str:
    home, questions = home_division(), policy().questionnaire.pages
    return render_template(
        "desk/taking_in/form.html",
        asked=[answers.asked(page, home=home) for page in questions],
        values=given,
        errors=errors,
        ways=_ways(),
        sources=[(OWN, _("自己打来或走来的")), *_sources()],
        typed=request.form,
        draft=draft.lock(code, PURPOSE, now=clock.now()),
    )


def _ways() -> list[tuple[str, str]]:
    return [("phone", _("电话")), ("desk", _("窗口"))]


def _sources() -> list[tuple[str, object]]:
    return [(source.id, source.name) for source in policy().sources.values()]
