"""What reporters said of the answers, and their alarms."""

import csv
from datetime import datetime, timedelta
from io import StringIO

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tipline import clock
from tipline.queries import feedback as query
from tipline.runtime import policy, runtime
from tipline.services import alarms
from tipline.vault import words
from tipline.web.access import actor, needs
from tipline.web.desk import pages
from tipline.web.words import _, said

PERIODS = (30, 90, 365)


@pages.get("/rates")
@needs("clock:read")
def rates() -> str:
    """The three rates, with what each is a share of."""
    days = _days()
    since = _since(days)
    return render_template(
        "desk/rates.html",
        rates=query.rates(actor(), since=since),
        rows=query.ratings(actor(), since=since),
        days=days,
        periods=PERIODS,
    )


@pages.get("/rates.csv")
@needs("clock:read")
def rates_csv() -> Response:
    """The ratings for an outside evaluator: no number, no word, nobody's identity."""
    out = StringIO()
    table = csv.writer(out)
    table.writerow(["month", "office", "category", "answered", "content"])
    for each in query.ratings(actor(), since=_since(_days())):
        category = said(policy().categories[each.category].label)
        table.writerow([f"{each.at:%Y-%m}", each.office, category, each.answered, each.content])
    table.writerow([f"# {actor().name}", f"{clock.now():%Y-%m-%d}", "", "", ""])
    headers = {"Content-Disposition": "attachment; filename=ratings.csv"}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


@pages.get("/alarms")
@needs("alarm:handle")
def alarm_list() -> str:
    """Alarms from below, their words still sealed."""
    return _alarms(None, {})


@pages.post("/alarms/<int:alarm_id>/open")
@needs("alarm:handle")
def open_alarm(alarm_id: int) -> str:
    """Show what the reporter wrote; that it was opened is recorded first."""
    alarms.open_alarm(alarm_id, by=actor(), now=clock.now())
    return _alarms(alarm_id, {})


@pages.post("/alarms/<int:alarm_id>/handle")
@needs("alarm:handle")
def handle_alarm(alarm_id: int) -> str | AnyResponse:
    """Write down what was done."""
    try:
        alarms.handle(alarm_id, by=actor(), note=request.form.get("note", ""), now=clock.now())
    except alarms.NothingSaid:
        return _alarms(None, {f"note-{alarm_id}": _("请写下做了什么。")})
    flash(_("已记录。"))
    return redirect(url_for("desk.alarm_list"))


def _alarms(opened: int | None, errors: dict[str, str]) -> str:
    told = None
    if opened is not None:
        found = query.alarm(actor(), opened)
        told = words.read(runtime().desk_words.tip_key(found.tip.key_for_desk), found.sealed)
    return render_template(
        "desk/alarms.html",
        rows=query.alarms(actor()),
        opened=opened,
        told=told,
        typed=request.form if errors else {},
        errors=errors,
    )


def _days() -> int:
    typed = request.args.get("days", "")
    return int(typed) if typed in {str(period) for period in PERIODS} else PERIODS[0]


def _since(days: int) -> datetime:
    return clock.now() - timedelta(days=days)
