"""More time: asking for an extension or a pause, and the end of a pause."""

from datetime import datetime, time

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import casework as query
from tipline.queries import explaining
from tipline.runtime import policy, settings
from tipline.services import casework, postponing
from tipline.services.postponing import NotPossible
from tipline.web.access import actor, needs
from tipline.web.clocks import asked_what_if
from tipline.web.field import pages
from tipline.web.field.casework import case_page
from tipline.web.typed import day, number
from tipline.web.words import _


def _reasons() -> dict[str, tuple[str, str]]:
    """The field that each reason belongs to, and what to do about it."""
    return {
        "ground": ("ground", _("请从列表里选一个理由。工作忙、人员变动等不能作为理由。")),
        "length": ("n", _("天数超过了规定的上限，请改小。")),
        "document": ("document", _("请填写文书号，暂停要有依据。")),
        "date": ("at", _("请填写日期，不能晚于今天。")),
        "step": ("step", _("这个期限已经不在计算中。")),
        "late": ("step", _("期限已经过了，不能再延长。")),
        "often": ("step", _("这个期限不能再延长了。")),
        "already": ("step", _("已经申请过，正在等负责人决定。")),
    }


@pages.post("/cases/<int:case_id>/extension")
@needs("case:work")
def extension(case_id: int) -> str | Response:
    """Ask for more time on one step."""
    form = request.form
    typed = form.get("n", "").strip()
    try:
        postponing.ask_extension(
            case_id,
            by=actor(),
            step=form.get("step", ""),
            ground=form.get("ground", ""),
            n=number(typed) if len(typed) < 5 else 0,
            document=form.get("document", ""),
            now=clock.now(),
        )
    except NotPossible as reason:
        return _not_possible(case_id, reason)
    return _done(case_id, _("已报负责人决定。"))


@pages.post("/cases/<int:case_id>/pause")
@needs("case:work")
def pause(case_id: int) -> str | Response:
    """Ask not to count the time of a test or hearing."""
    form, now = request.form, clock.now()
    began_at = _day(form.get("at", ""), now)
    if began_at is None:
        return _not_possible(case_id, NotPossible("date"))
    try:
        postponing.ask_pause(
            case_id,
            by=actor(),
            ground=form.get("ground", ""),
            document=form.get("document", ""),
            began_at=began_at,
            now=now,
        )
    except NotPossible as reason:
        return _not_possible(case_id, reason)
    return _done(case_id, _("已报负责人决定。"))


@pages.post("/cases/<int:case_id>/resume")
@needs("case:work")
def resume(case_id: int) -> str | Response:
    """The time runs again."""
    form, now = request.form, clock.now()
    ended_at = _day(form.get("at", ""), now)
    if ended_at is None:
        return _not_possible(case_id, NotPossible("date"))
    try:
        postponing.resume(
            case_id,
            by=actor(),
            ground=form.get("ground", ""),
            document=form.get("document", ""),
            ended_at=ended_at,
            now=now,
        )
    except NotPossible as reason:
        return _not_possible(case_id, reason)
    return _done(case_id, _("期限继续计算，举报人会看到新的日期。"))


@pages.post("/cases/<int:case_id>/outside")
@needs("case:work")
def outside(case_id: int) -> str | Response:
    """Note what happened elsewhere; deadlines that follow from it begin by themselves."""
    form, now = request.form, clock.now()
    kind, at = form.get("kind", ""), _day(form.get("at", ""), now)
    if kind not in policy().outside_events:
        return case_page(case_id, {"kind": _("请选择发生了什么。")})
    if at is None or at > now:
        return case_page(case_id, {"at": _("请填写日期，不能晚于今天。")})
    on = _day(form.get("on", ""), now) if form.get("on") else None
    casework.note_outside_event(
        case_id,
        by=actor(),
        kind=kind,
        at=at,
        document=form.get("document", ""),
        now=now,
        on=on.astimezone(settings().zone).date() if on else None,
    )
    return _done(case_id, _("已记录。"))


@pages.get("/cases/<int:case_id>/clocks/<int:clock_id>")
@needs("case:work")
def explain(case_id: int, clock_id: int) -> str:
    """Why a deadline of one's own case is what it is."""
    query.claimed_case(actor(), case_id, now=clock.now())
    found = explaining.clock_of_case(clock_id, case_id)
    return render_template(
        "clocks/explain.html",
        clock=explaining.explained(found, asked_what_if()),
        back=url_for("field.case", case_id=case_id),
    )


def _day(typed: str, now: datetime) -> datetime | None:
    """The begin of a local day, today at once; None when it is not one."""
    if not typed:
        return now
    found = day(typed)
    return datetime.combine(found, time(), settings().zone) if found else None


def _not_possible(case_id: int, reason: NotPossible) -> str:
    field, words = _reasons()[str(reason)]
    return case_page(case_id, {field: words})


def _done(case_id: int, words: str) -> Response:
    flash(words)
    return redirect(url_for("field.case", case_id=case_id))
