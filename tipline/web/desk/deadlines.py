"""Deadlines: lists and their export, why a date is what it is, and requests for more time."""

import csv
from io import StringIO
from urllib.parse import urlencode

from flask import Response as Download
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import deadlines as query
from tipline.queries import explaining
from tipline.queries.deadlines import VIEWS, Filters, Row
from tipline.services import clocks, exports, postponing
from tipline.services.postponing import NotPossible
from tipline.web.access import actor, needs
from tipline.web.clocks import asked_what_if
from tipline.web.desk import pages
from tipline.web.typed import number
from tipline.web.words import _, moment, said

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@pages.get("/deadlines")
@needs("clock:read")
def deadlines() -> str:
    """Due this week, overdue, on the circular list, or waiting for others."""
    return _list()


@pages.post("/deadlines/export")
@needs("clock:read")
def export_deadlines() -> str | Response:
    """The overdue list by office as a table, with the reason and the exporter's mark."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _list({"reason": _("请写明导出的用途。")})
    view = request.form.get("view", "overdue")
    now, filters = clock.now(), _filters("circular" if view == "circular" else "overdue")
    rows = list(query.whole_list(actor(), filters, now=now))
    exports.record("overdue", rows=len(rows), reason=reason, by=actor(), now=now)
    mark = _("导出人：%(name)s", name=actor().name), moment(now), reason
    return _table(sorted(rows, key=lambda row: row.office), mark)


@pages.get("/clocks/<int:clock_id>")
@needs("clock:read")
def explain_clock(clock_id: int) -> str:
    """Every day that was counted, skipped or added, and what if."""
    found = explaining.clock_for(actor(), clock_id, "clock:read")
    view = explaining.explained(found, asked_what_if())
    return render_template("clocks/explain.html", clock=view, back=url_for("desk.deadlines"))


@pages.get("/requests")
@needs("clock:decide")
def time_requests() -> str:
    """Requests for pauses and extensions that wait for a decision."""
    now = clock.now()
    rows, duties = query.requests(actor(), now=now), query.duties(actor(), now=now)
    return render_template("desk/deadlines/requests.html", rows=rows, duties=duties)


@pages.post("/duties/<int:clock_id>")
@needs("clock:decide")
def report_duty(clock_id: int) -> Response:
    """An office has sent its report; the next period begins."""
    document = request.form.get("document", "")
    clocks.report(clock_id, by=actor(), document=document, now=clock.now())
    flash(_("已记录。"))
    return redirect(url_for("desk.time_requests"))


@pages.post("/requests/<int:request_id>")
@needs("clock:decide")
def decide_request(request_id: int) -> Response:
    """Grant or refuse one."""
    granted = request.form.get("go") == "grant"
    try:
        postponing.decide(request_id, by=actor(), granted=granted, now=clock.now())
    except NotPossible as reason:
        flash(_refusals()[str(reason)], "error")
    else:
        flash(_("已同意，举报人会看到新的日期。") if granted else _("已不同意。"))
    return redirect(url_for("desk.time_requests"))


def _refusals() -> dict[str, str]:
    return {
        "late": _("期限已经过了，不能再同意延长。"),
        "own": _("自己申请的要由别人决定。"),
        "decided": _("已经有人决定过了。"),
        "step": _("这个期限已经不在计算中。"),
        "often": _("这个期限不能再延长了。"),
    }


def _list(errors: dict[str, str] | None = None) -> str:
    view = request.values.get("view", "overdue")
    filters = _filters(view if view in VIEWS else "overdue")
    after = request.args.get("after")
    found = query.worklist(actor(), filters, now=clock.now(), after=after)
    return render_template(
        "desk/deadlines/list.html",
        rows=found.rows,
        more=_next(found.after),
        filters=filters,
        offices=query.offices(actor()),
        errors=errors or {},
    )


def _next(after: str | None) -> str | None:
    """The address of the next page, with the filters of this one."""
    asked = {name: value for name, value in request.args.items() if name != "after"}
    return f"?{urlencode(asked | {'after': after})}" if after else None


def _filters(view: str) -> Filters:
    return Filters(
        view=view,
        office_id=number(request.values.get("office", "")) or None,
        district=request.values.get("district", "").strip(),
        mine=request.values.get("mine") == "yes",
    )


def _table(rows: list[Row], mark: tuple[str, ...]) -> Response:
    """Comma-separated, for a spreadsheet; no cell is a formula."""
    out = StringIO()
    write = csv.writer(out).writerow
    head = _("单位"), _("案件编号"), _("辖区"), _("期限"), _("到期日"), _("超期天数"), _("承办人")
    write([_harmless(cell) for cell in head])
    for row in rows:
        late = -(row.days_left or 0)
        cells = row.office, row.case_number, row.district, said(row.step), row.due_on, late
        write([_harmless(str(cell)) for cell in (*cells, row.holder)])
    write([_harmless(cell) for cell in mark])
    found = Download("\ufeff" + out.getvalue(), mimetype="text/csv; charset=utf-8")
    found.headers["Content-Disposition"] = "attachment; filename=overdue.csv"
    return found


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
