"""The pool, a claimed case, and what was found and imposed."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import casework as query
from tipline.queries.course import course_of
from tipline.queries.more_time import more_time
from tipline.runtime import policy
from tipline.services import canaries, casework, closing
from tipline.services.claiming import NotNow, TakenByColleague
from tipline.services.closing import NotYet
from tipline.web.access import actor, needs
from tipline.web.field import pages
from tipline.web.words import _


@pages.get("/")
@needs("case:pool")
def pool() -> str:
    """Cases to claim, and the cases already mine."""
    now = clock.now()
    found = query.pool(actor(), after=request.args.get("after"), now=now)
    more = url_for("field.pool", after=found.after) if found.after else None
    mine = query.mine(actor(), now=now)
    best = None if request.args.get("after") else query.next_of(found.rows, mine)
    return render_template(
        "field/casework/pool.html",
        rows=[row for row in found.rows if row is not best],
        mine=mine,
        best=best,
        weight=sum(policy().casework.weights[row.priority] for row in mine),
        most=policy().casework.most_weight,
        more=more,
    )


@pages.post("/cases/<int:case_id>/claim")
@needs("case:claim")
def claim(case_id: int) -> Response | tuple[str, int]:
    """Claim a case; who comes second reads that a colleague was faster."""
    try:
        casework.claim(case_id, by=actor(), now=clock.now())
    except TakenByColleague:
        return render_template("field/casework/taken.html"), 409
    except NotNow as reason:
        flash(_not_now()[str(reason)], "error")
        return redirect(url_for("field.pool"))
    return redirect(url_for("field.case", case_id=case_id))


def _not_now() -> dict[str, str]:
    return {
        "weight": _("您手上的案件已经够多了，请先办完一些再领。"),
        "away": _("您在休假，现在不能领取案件。"),
    }


@pages.get("/cases/<int:case_id>")
@needs("case:work")
def case(case_id: int) -> str:
    """The brief, the countdown and the forms; who had them before them is kept."""
    page = case_page(case_id)
    canaries.note_view(case_id, by=actor(), now=clock.now())
    return page


@pages.post("/cases/<int:case_id>/hand-back")
@needs("case:work")
def hand_back(case_id: int) -> str | Response:
    """Return the case to the pool."""
    reason = request.form.get("reason", "")
    offered = {each.id for each in policy().return_reasons.values() if each.offered}
    if reason not in offered:
        return case_page(case_id, {"reason": _("请选择退回的原因。")})
    casework.hand_back(case_id, by=actor(), reason=reason, now=clock.now())
    flash(_("已退回待领取池。"))
    return redirect(url_for("field.pool"))


@pages.post("/cases/<int:case_id>/finding")
@needs("case:work")
def finding(case_id: int) -> str | Response:
    """Record what was established."""
    chosen = request.form.get("finding", "")
    if chosen not in policy().findings:
        return case_page(case_id, {"finding": _("请选择核查结果。")})
    note = request.form.get("note", "")
    casework.record_finding(case_id, by=actor(), finding=chosen, note=note, now=clock.now())
    return recorded(case_id)


@pages.post("/cases/<int:case_id>/file")
@needs("case:work")
def file(case_id: int) -> Response:
    """Open formal penalty proceedings."""
    casework.file(case_id, by=actor(), now=clock.now())
    return recorded(case_id)


@pages.post("/cases/<int:case_id>/conclude")
@needs("case:work")
def conclude(case_id: int) -> str | Response:
    """End the work on the case; the office writes the answers."""
    try:
        casework.conclude(case_id, by=actor(), now=clock.now())
    except NotYet as missing:
        return case_page(case_id, {"conclude": _missing()[str(missing)]})
    flash(_("已办结，办公室会答复举报人。"))
    return redirect(url_for("field.pool"))


def _missing() -> dict[str, str]:
    return {
        "finding": _("还没有记录核查结果。"),
        "visit": _("还没有记录现场检查。"),
        "measure": _("还没有记录采取的措施。"),
        "decision": _("还没有送达处罚决定。"),
        "transfer": _("还没有移交公安机关。"),
        "transfer_open": _("移送公安机关的事还没有决定或者还没有移交。"),
        "photo": _("还没有现场照片。"),
        "party": _("还没有登记当事人。"),
        "ticks": _("挂牌督办的案件，要先勾选全部办结条件。"),
    }


@pages.post("/cases/<int:case_id>/ticks")
@needs("case:work")
def ticks(case_id: int) -> Response:
    """Tick the conditions of a listed case."""
    chosen = frozenset(request.form.getlist("tick"))
    closing.tick(case_id, by=actor(), ticks=chosen, now=clock.now())
    return recorded(case_id)


def case_page(case_id: int, errors: Mapping[str, str] | None = None) -> str:
    """The page of a case, with what was typed on it when something was missing."""
    current, now = policy(), clock.now()
    return render_template(
        "field/casework/case.html",
        case=query.claimed_case(actor(), case_id, now=now),
        time=more_time(case_id, now=now),
        course=course_of(case_id, viewer_id=actor().id, now=now),
        visits=current.visits,
        kind_options=[(each.id, each.label, each.hint) for each in current.visits.kinds.values()],
        transfer_options=[(each.id, each.label) for each in current.legal.transfers.values()],
        legal=current.legal,
        weekdays=[_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")],
        tick_kinds=[(each.id, each.label) for each in current.ticks.values()],
        outside_kinds=[(each.id, each.label) for each in current.outside_events.values()],
        findings=[(each.id, each.label) for each in current.findings.values()],
        measure_kinds=[
            (each.id, each.label, each.has_amount) for each in current.measures.values()
        ],
        return_reasons=[
            (each.id, each.label) for each in current.return_reasons.values() if each.offered
        ],
        typed=request.form if errors else {},
        errors=errors or {},
    )


def recorded(case_id: int) -> Response:
    """Back to the page, with a word that it was kept."""
    flash(_("已记录。"))
    return redirect(url_for("field.case", case_id=case_id))
