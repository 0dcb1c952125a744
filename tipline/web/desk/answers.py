"""Answers: which are due, and their release."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import triage as query
from tipline.queries.letters import revealing
from tipline.services import answers, postponing
from tipline.web.access import actor, needs
from tipline.web.desk import pages
from tipline.web.desk.triage import page_of
from tipline.web.words import _


@pages.get("/answers")
@needs("answer:release")
def answers_due() -> str:
    """Tips whose reporter waits for an answer."""
    found = query.answers_due(actor(), after=request.args.get("after"), now=clock.now())
    more = url_for("desk.answers_due", after=found.after) if found.after else None
    return render_template("desk/answers/due.html", rows=found.rows, more=more)


@pages.post("/tips/<int:tip_id>/progress")
@needs("answer:release")
def progress(tip_id: int) -> str | Response:
    """Tell the reporter how far it is, before there is an answer."""
    body = request.form.get("body", "")
    if not body.strip():
        return page_of(tip_id, errors={"body": _("请写下进展。")})
    if _needs_a_second_look(tip_id, body):
        return page_of(tip_id, errors={"body": _("请先看看标出的词，确认后再发布。")})
    answers.tell_progress(tip_id, by=actor(), body=body, now=clock.now())
    flash(_("已告知，举报人凭查询码可以看到。"))
    return redirect(url_for("desk.tip", tip_id=tip_id))


@pages.post("/tips/<int:tip_id>/start-again")
@needs("tip:triage")
def start_again(tip_id: int) -> str | Response:
    """New facts by the same reporter: the check starts again from when they came in."""
    try:
        postponing.start_again(tip_id, by=actor(), now=clock.now())
    except postponing.NotPossible:
        words = _("举报人没有补充，或者核查的期限已经过了，不能重新计算。")
        return page_of(tip_id, errors={"start_again": words})
    flash(_("核查期限重新计算了。"))
    return redirect(url_for("desk.tip", tip_id=tip_id))


@pages.post("/tips/<int:tip_id>/answer")
@needs("answer:release")
def answer(tip_id: int) -> str | Response:
    """Release the answer; words that could give the reporter away need a second look."""
    body = request.form.get("answer", "")
    if not body.strip():
        return page_of(tip_id, errors={"answer": _("请写下答复。")})
    if _needs_a_second_look(tip_id, body):
        return page_of(tip_id, errors={"answer": _("请先看看标出的词，确认后再发布。")})
    answers.release(tip_id, by=actor(), body=body, now=clock.now())
    flash(_("答复已发布，举报人凭查询码可以看到。"))
    return redirect(url_for("desk.answers_due"))


def _needs_a_second_look(tip_id: int, body: str) -> bool:
    """Words that could give the reporter away, and nobody has said yet that they may stay."""
    found = revealing(query.tip_for(actor(), tip_id), body)
    return bool(found) and not request.form.get("sure")
