"""The pool, a claimed case, and what was found and imposed."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import casework as query
from tipline.queries.more_time import more_time
from tipline.runtime import policy, settings
from tipline.services import casework
from tipline.services.claiming import NotNow, TakenByColleague
from tipline.web.access import actor, needs
from tipline.web.amounts import fen
from tipline.web.field import pages
from tipline.web.words import _

VISIT_KINDS = ("open", "undercover")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


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
    """The brief, the countdown and the forms."""
    return case_page(case_id)


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


@pages.post("/cases/<int:case_id>/visit")
@needs("case:work")
def visit(case_id: int) -> str | Response:
    """Record an inspection."""
    form, now = request.form, clock.now()
    at = _local_instant(form.get("at", ""), otherwise=now)
    if at is None or not EARLIEST <= at <= now:
        return case_page(case_id, {"at": _("请填写检查的日期和时间，不能晚于现在。")})
    kind = form.get("kind", "")
    casework.record_visit(
        case_id,
        by=actor(),
        kind=kind if kind in VISIT_KINDS else VISIT_KINDS[0],
        at=at,
        officers=form.get("officers", ""),
        note=form.get("note", ""),
        now=now,
    )
    return _recorded(case_id)


@pages.post("/cases/<int:case_id>/measure")
@needs("case:work")
def measure(case_id: int) -> str | Response:
    """Record what was imposed."""
    kind = policy().measures.get(request.form.get("kind", ""))
    if kind is None:
        return case_page(case_id, {"kind": _("请选择采取的措施。")})
    amount = fen(request.form.get("amount_yuan", "")) if kind.has_amount else None
    if kind.has_amount and amount is None:
        return case_page(case_id, {"amount_yuan": _("请填写金额（元），例如 51500 或 51500.50。")})
    note = request.form.get("note", "")
    casework.record_measure(
        case_id, by=actor(), kind=kind.id, amount_fen=amount, note=note, now=clock.now()
    )
    return _recorded(case_id)


@pages.post("/cases/<int:case_id>/finding")
@needs("case:work")
def finding(case_id: int) -> str | Response:
    """Record what was established."""
    chosen = request.form.get("finding", "")
    if chosen not in policy().findings:
        return case_page(case_id, {"finding": _("请选择核查结果。")})
    note = request.form.get("note", "")
    casework.record_finding(case_id, by=actor(), finding=chosen, note=note, now=clock.now())
    return _recorded(case_id)


@pages.post("/cases/<int:case_id>/file")
@needs("case:work")
def file(case_id: int) -> Response:
    """Open formal penalty proceedings."""
    casework.file(case_id, by=actor(), now=clock.now())
    return _recorded(case_id)


@pages.post("/cases/<int:case_id>/conclude")
@needs("case:work")
def conclude(case_id: int) -> str | Response:
    """End the work on the case; the office writes the answers."""
    try:
        casework.conclude(case_id, by=actor(), now=clock.now())
    except casework.NotYet as missing:
        words = {
            "finding": _("还没有记录核查结果。"),
            "visit": _("还没有记录现场检查。"),
        }
        return case_page(case_id, {"conclude": words[str(missing)]})
    flash(_("已办结，办公室会答复举报人。"))
    return redirect(url_for("field.pool"))


def case_page(case_id: int, errors: Mapping[str, str] | None = None) -> str:
    """The page of a case, with what was typed on it when something was missing."""
    current, now = policy(), clock.now()
    return render_template(
        "field/casework/case.html",
        case=query.claimed_case(actor(), case_id, now=now),
        time=more_time(case_id, now=now),
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


def _recorded(case_id: int) -> Response:
    flash(_("已记录。"))
    return redirect(url_for("field.case", case_id=case_id))


def _local_instant(typed: str, *, otherwise: datetime) -> datetime | None:
    """The instant of a local date and time; now when nothing was typed, None when unreadable."""
    if not typed:
        return otherwise
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=settings().zone)
    except ValueError:
        return None
