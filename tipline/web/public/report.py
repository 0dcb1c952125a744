"""The report: one question a page, a page to check, and the receipt."""

from collections.abc import Mapping
from dataclasses import replace

from flask import render_template, request, session
from flask_babel import refresh

from tipline import clock
from tipline.policy.forms import Page
from tipline.queries import promises
from tipline.queries.offices import home_division
from tipline.runtime import policy
from tipline.services import intake
from tipline.vault import sealing
from tipline.web.access import PUBLIC, needs
from tipline.web.public import answers, draft, pages
from tipline.web.public.draft import Draft
from tipline.web.words import LOCALES, _, locale


@pages.route("/report", methods=["GET", "POST"])
@needs(PUBLIC)
def report() -> str | tuple[str, int]:
    """Ask the next question, or take the report in."""
    if request.method == "GET":
        return _ask(_pages()[0], Draft())
    so_far, page = _sent()
    go = request.form.get("go", "next")
    if so_far.late:
        return _check(replace(so_far, late=False), late=True)
    return _from_question(page, so_far, go) if page else _from_check(so_far, go)


def again() -> str:
    """The page that was sent, once more, with everything typed: its token was too old."""
    so_far, page = _sent()
    if page is None:
        return _check(so_far)
    return _ask(page, so_far, {page.fields[0].id: _("页面放得太久了。您填的都还在，请再按一次。")})


def _sent() -> tuple[Draft, Page | None]:
    """The draft with what was typed on the page that was sent, whatever was pressed."""
    so_far = draft.read(request.form.get("draft", ""), now=clock.now())
    page = _page(request.form.get("page", ""))
    return (so_far.with_answers(answers.typed(page, request.form)) if page else so_far), page


def _from_question(page: Page, so_far: Draft, go: str) -> str:
    """Move on only when the answer will do."""
    if go.startswith("lang-"):
        return _ask(page, _in_language(so_far, go))
    if go == "back":
        return _ask(_before(page), so_far)
    if go == "skip":
        so_far = so_far.with_answers(dict.fromkeys(answers.typed(page, request.form), ""))
    elif errors := answers.errors(page, so_far.answers):
        return _ask(page, so_far, errors)
    following = _after(page)
    if following is None or so_far.code:
        return _check(so_far)
    return _ask(following, so_far)


def _from_check(so_far: Draft, go: str) -> str | tuple[str, int]:
    if go.startswith("lang-"):
        return _check(_in_language(so_far, go))
    if go.startswith("change:") and (page := _page(go.removeprefix("change:"))):
        return _ask(page, so_far)
    if go == "back" or not so_far.answers:
        return _ask(_pages()[-1] if so_far.answers else _pages()[0], so_far)
    missing = next((page for page in _pages() if answers.errors(page, so_far.answers)), None)
    if missing is not None:
        return _ask(missing, so_far, answers.errors(missing, so_far.answers))
    return _send(so_far) if so_far.code else _check(so_far)


def _send(so_far: Draft) -> str:
    """The final post answers with the receipt itself; the code is shown nowhere else."""
    said = answers.statement(so_far.answers, code=so_far.code, locale=locale())
    receipt = intake.receive(intake.seal(said), now=clock.now())
    return render_template(
        "public/report/receipt.html",
        tip_number=receipt.number,
        receipt_code=so_far.code,
        received_at=receipt.received_at,
        promises=promises.of_tip(receipt.tip_id),
        again=receipt.again,
        by_channel=said.contact[0] if said.contact and said.wants_reply else None,
    )


def _ask(page: Page, so_far: Draft, errors: Mapping[str, str] | None = None) -> str:
    numbered = [other.id for other in _pages()]
    return render_template(
        "public/report/question.html",
        page=answers.asked(page, home=home_division()),
        values=so_far.answers,
        errors=errors or {},
        draft=draft.write(so_far, now=clock.now()),
        number=numbered.index(page.id) + 1,
        total=len(numbered),
        first=page.id == numbered[0],
        changing=bool(so_far.code),
    )


def _check(so_far: Draft, *, late: bool = False) -> str:
    """The receipt code is minted here: sending the same page twice gives the same receipt."""
    so_far = so_far if so_far.code else replace(so_far, code=sealing.mint_code())
    return render_template(
        "public/report/check.html",
        rows=[row for page in _pages() for row in answers.rows(page, so_far.answers)],
        draft=draft.write(so_far, now=clock.now()),
        errors={},
        late=late,
    )


def _in_language(so_far: Draft, go: str) -> Draft:
    language = go.removeprefix("lang-")
    if language in LOCALES:
        session["lang"] = language
        refresh()
    return so_far


def _pages() -> tuple[Page, ...]:
    return policy().questionnaire.pages


def _page(page_id: str) -> Page | None:
    return next((page for page in _pages() if page.id == page_id), None)


def _before(page: Page) -> Page:
    at = _pages().index(page)
    return _pages()[max(0, at - 1)]


def _after(page: Page) -> Page | None:
    at = _pages().index(page)
    return _pages()[at + 1] if at + 1 < len(_pages()) else None
