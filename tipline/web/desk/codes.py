"""For operators: somebody on the phone has a receipt code. It opens the state, and no word."""

from flask import render_template, request

from tipline import clock
from tipline.domain import receipts
from tipline.domain.actors import NotThere
from tipline.queries import promises
from tipline.queries import status as query
from tipline.queries.nudging import nudging
from tipline.runtime import policy
from tipline.services import feedback
from tipline.web.access import actor, needs
from tipline.web.desk import pages
from tipline.web.guessing import MustWait, look_up
from tipline.web.public import draft
from tipline.web.words import _

PURPOSE = "verified"


@pages.get("/code")
@needs("tip:take_in")
def code() -> str:
    """Where the code is typed that somebody reads out."""
    return _ask()


@pages.post("/code")
@needs("tip:take_in")
def verify_code() -> str | tuple[str, int]:
    """Whether the code fits, and what may be said on the phone; words can be added with it."""
    carried = draft.unlock(request.form.get("verified", ""), PURPOSE, now=clock.now())
    if carried is not None and not carried[1]:
        return _opened(str(carried[0]))
    try:
        typed = look_up(_valid_code)
    except MustWait:
        return _ask(_("试的次数多了。请过一分钟再试。")), 429
    if typed is None:
        return _ask(_("没有找到。请核对查询码：一共 22 位数字。")), 404
    return _opened(typed)


def _valid_code() -> str | None:
    """The code that was typed, once it is recorded that it was verified; None for a wrong one."""
    typed = receipts.normalise(request.form.get("receipt_code", ""))
    try:
        feedback.verify(typed, by=actor(), now=clock.now())
    except NotThere:
        return None
    return typed


def _opened(code: str) -> str:
    said, errors = _act(code)
    tip, now = query.tip_of(code), clock.now()
    if tip is None:
        raise NotThere("tip")
    return render_template(
        "desk/codes/tip.html",
        tip_number=tip.number,
        received_at=tip.received_at,
        status=policy().statuses[tip.status],
        promises=promises.of_tip(tip.id),
        may_nudge=nudging(tip, now=now).now_allowed,
        verified=draft.lock(code, PURPOSE, now=now),
        said=said,
        errors=errors,
    )


def _act(code: str) -> tuple[str | None, dict[str, str]]:
    """What the caller asks for."""
    go, body, now = request.form.get("go", ""), request.form.get("body", ""), clock.now()
    if go == "nudge":
        return _nudge(code)
    if go != "add":
        return None, {}
    if not body.strip():
        return None, {"body": _("请先写下要补充的内容。")}
    feedback.add(code, words=body, by=actor().by, now=now)
    return _("已记下补充的话。"), {}


def _nudge(code: str) -> tuple[str | None, dict[str, str]]:
    try:
        feedback.nudge(code, now=clock.now())
    except feedback.TooEarly:
        return _("今天已经催过了。"), {}
    return _("已经催办。"), {}


def _ask(error: str | None = None) -> str:
    return render_template(
        "desk/codes/enter.html", error=error, typed=request.form.get("receipt_code", "")
    )
