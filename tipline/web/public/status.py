"""The status page: everything a reporter does with the code, which is never in an address."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import render_template, request

from tipline import clock
from tipline.domain import receipts
from tipline.domain.words import Text
from tipline.queries import status as query
from tipline.queries.explaining import promised
from tipline.queries.nudging import nudging
from tipline.runtime import policy
from tipline.services import feedback
from tipline.web import guessing
from tipline.web.access import PUBLIC, needs
from tipline.web.public import contacts, draft, files, pages, rewards, verdicts
from tipline.web.words import _
from tipline.web.words import said as _said

PURPOSE = "opened"


@pages.route("/status", methods=["GET", "POST"])
@needs(PUBLIC)
def status() -> str | tuple[str, int]:
    """Open a tip with its code, add to it, withdraw it."""
    if request.method == "GET":
        return _enter()
    now = clock.now()
    code, is_typed = _code(now)
    try:
        opened = guessing.look_up(lambda: query.by_code(code)) if is_typed else query.by_code(code)
    except guessing.MustWait:
        return _form(_("试的次数多了。请过一分钟再试，您写的都还在。")), 429
    if opened is None:
        return _enter(_("没有找到。请核对查询码：一共 22 位数字。"))
    said, errors = _act(code, opened, now=now)
    if said:
        opened = query.by_code(code) or opened
    return _show(opened, code, said=said, errors=errors, now=now)


def _code(now: datetime) -> tuple[str, bool]:
    """The code, and whether it was typed, or carried, encrypted, by the page it was typed on."""
    carried = draft.unlock(request.form.get("opened", ""), PURPOSE, now=now)
    if carried is not None and not carried[1]:
        return str(carried[0]), False
    return receipts.normalise(request.form.get("receipt_code", "")), True


def _act(code: str, opened: query.Opened, *, now: datetime) -> tuple[str | None, dict[str, str]]:
    go = request.form.get("go", "")
    if go not in ACTS or (go == "withdraw" and not opened.open):
        return None, {}
    return ACTS[go](code, now=now)


def _add(code: str, *, now: datetime) -> tuple[str | None, dict[str, str]]:
    body = request.form.get("body", "")
    if not body.strip():
        return None, {"body": _("请先写下要补充的内容。")}
    feedback.add(code, words=body, now=now)
    return _("已收到您的补充。"), {}


def _nudge(code: str, *, now: datetime) -> tuple[str | None, dict[str, str]]:
    try:
        feedback.nudge(code, now=now)
    except feedback.TooEarly:
        return None, {}
    return _("已经替您催办，会报给更上一级的负责人。"), {}


def _withdraw(code: str, *, now: datetime) -> tuple[str | None, dict[str, str]]:
    if not request.form.get("sure"):
        return None, {"sure": _("请勾选确认后再撤回。")}
    feedback.withdraw(code, now=now)
    return _("已撤回。"), {}


ACTS: Mapping[str, Callable[..., tuple[str | None, dict[str, str]]]] = {
    "add": _add,
    "withdraw": _withdraw,
    "nudge": _nudge,
    "claim-reward": rewards.claim,
    "waive-reward": rewards.waive,
    "agree-split": rewards.agree,
    "dispute-split": rewards.dispute,
    "contact": contacts.leave,
    "hand-over": files.hand_over,
    "rate": verdicts.rate,
    "alarm": verdicts.alarm,
}


def again() -> str:
    """Ask for the code once more, with everything typed: the page's token was too old."""
    return _form(_("页面放得太久了。您写的都还在，请输入查询码再发一次。"))


def _enter(error: str | None = None) -> str | tuple[str, int]:
    return (_form(error), 404) if error else _form(None)


def _form(error: str | None) -> str:
    """Where the code is typed; words meant for a tip wait here until it is."""
    return render_template(
        "public/status/enter.html",
        error=error,
        typed=request.form.get("receipt_code", ""),
        body=request.form.get("body", ""),
    )


def _show(
    opened: query.Opened, code: str, *, said: str | None, errors: dict[str, str], now: datetime
) -> str:
    return render_template(
        "public/status/tip.html",
        tip_number=opened.tip.number,
        received_at=opened.tip.received_at,
        status=_status_words(opened.tip.status),
        place=opened.place,
        timeline=[
            (each.at, each.text, each.words and _said(each.words)) for each in opened.timeline
        ],
        promises=opened.promises,
        reasons=promised(opened.tip.id) if request.form.get("go") == "explain" else None,
        nudging=nudging(opened.tip, now=now),
        messages=opened.messages,
        answer=opened.answer,
        reward=rewards.shown(opened.tip.id),
        rated=opened.rated,
        files=opened.files,
        limits=policy().evidence,
        opened=draft.lock(code, PURPOSE, now=now),
        can_add=True,
        can_withdraw=opened.open,
        takes_mail=contacts.takes_mail(),
        typed=request.form if errors else {},
        errors=errors,
        said=said,
    )


def _status_words(name: str) -> Text:
    return policy().statuses[name]
