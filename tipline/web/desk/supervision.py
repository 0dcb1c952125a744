"""Supervision: who carries what, and cases that are assigned, taken over or listed."""

from random import SystemRandom

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import supervision as query
from tipline.queries import workforce
from tipline.runtime import policy
from tipline.services import supervising, transferring
from tipline.services.supervising import CannotAssign
from tipline.services.transferring import NotComplete
from tipline.web.access import actor, needs
from tipline.web.desk import pages
from tipline.web.typed import day, number
from tipline.web.words import _


@pages.get("/supervision")
@needs("case:assign")
def supervision() -> str:
    """Inspectors with what they carry, districts, and the open cases."""
    now, listed = clock.now(), request.args.get("listed") == "yes"
    found = query.open_cases(actor(), listed=listed, after=request.args.get("after"), now=now)
    return render_template(
        "desk/supervision/overview.html",
        people=workforce.workloads(actor(), now=now),
        districts=workforce.by_district(actor(), now=now),
        rows=found.rows,
        more=_more(found.after, listed=listed),
        listed=listed,
        read=workforce.words_read(actor()),
        most=policy().casework.most_weight,
        skills=policy().skills.values(),
    )


@pages.get("/supervision/<int:case_id>")
@needs("case:assign")
def oversee(case_id: int) -> str:
    """One case, and what a supervisor can do about it."""
    return _one(case_id)


@pages.post("/supervision/<int:case_id>/assign")
@needs("case:assign")
def assign_case(case_id: int) -> str | Response:
    """Give the case to an inspector, or let the lot decide."""
    now = clock.now()
    try:
        if request.form.get("go") == "lot":
            supervising.assign_by_lot(case_id, by=actor(), dice=SystemRandom(), now=now)
        else:
            reason = request.form.get("reason", "")
            to = number(request.form.get("to", ""))
            supervising.assign(case_id, by=actor(), to=to, reason=reason, now=now)
    except CannotAssign as refused:
        return _one(case_id, {"to": _refusals()[str(refused)]})
    return _done(case_id)


@pages.post("/supervision/<int:case_id>/take-over")
@needs("case:assign")
def take_over_case(case_id: int) -> str | Response:
    """Draw the case up to the supervisor's own office."""
    reason = request.form.get("reason", "")
    if not reason.strip():
        return _one(case_id, {"reason": _("请写明接办的原因。")})
    try:
        supervising.take_over(case_id, by=actor(), reason=reason, now=clock.now())
    except CannotAssign as refused:
        return _one(case_id, {"reason": _refusals()[str(refused)]})
    return _done(case_id)


@pages.post("/supervision/<int:case_id>/list")
@needs("case:assign")
def list_for_supervision(case_id: int) -> str | Response:
    """List the case, or take it off the list."""
    if request.form.get("go") == "lift":
        supervising.unlist(case_id, by=actor(), now=clock.now())
        return _done(case_id)
    level, reason = request.form.get("level", ""), request.form.get("reason", "")
    due_on = day(request.form.get("due_on", ""))
    if level not in policy().supervision_levels:
        return _one(case_id, {"level": _("请选择督办级别。")})
    if not reason.strip():
        return _one(case_id, {"reason": _("请写明督办的原因。")})
    if due_on is None:
        return _one(case_id, {"due_on": _("请填写督办的期限，不能早于今天。")})
    try:
        supervising.list_case(
            case_id, by=actor(), level=level, reason=reason, due_on=due_on, now=clock.now()
        )
    except CannotAssign as refused:
        return _one(case_id, {"due_on": _refusals()[str(refused)]})
    return _done(case_id)


@pages.get("/transfers")
@needs("transfer:decide")
def transfers() -> str:
    """Transfers to the police that wait for the head."""
    return render_template(
        "desk/supervision/transfers.html",
        rows=query.transfers_to_decide(actor()),
        penalties=policy().legal.penalties_before_transfer,
    )


@pages.post("/transfers/<int:transfer_id>")
@needs("transfer:decide")
def decide_transfer(transfer_id: int) -> Response:
    """Approve or refuse one."""
    granted = request.form.get("go") == "grant"
    try:
        transferring.decide(transfer_id, by=actor(), granted=granted, now=clock.now())
    except NotComplete:
        flash(_("自己提出的要由别人决定。"), "error")
    else:
        flash(_("已批准，要在二十四小时内移交。") if granted else _("已决定不移送。"))
    return redirect(url_for("desk.transfers"))


@pages.post("/supervision/staff/<int:staff_id>")
@needs("case:assign")
def change_inspector(staff_id: int) -> Response:
    """Enter leave, or say which skills somebody has."""
    now = clock.now()
    if request.form.get("go") == "skills":
        skills = frozenset(request.form.getlist("skill"))
        supervising.set_skills(staff_id, by=actor(), skills=skills, now=now)
        flash(_("已保存。"))
        return redirect(url_for("desk.supervision"))
    first_on, last_on = day(request.form.get("first_on", "")), day(request.form.get("last_on", ""))
    if first_on is None or last_on is None or last_on < first_on:
        flash(_("请填写休假的第一天和最后一天。"), "error")
    else:
        supervising.set_leave(staff_id, by=actor(), first_on=first_on, last_on=last_on, now=now)
        flash(_("已保存。"))
    return redirect(url_for("desk.supervision"))


def _more(after: str | None, *, listed: bool) -> str | None:
    """The next page of the cases, listed ones only if those are shown."""
    if after is None:
        return None
    only = "yes" if listed else None
    return url_for("desk.supervision", after=after, listed=only, _anchor="cases")


def _refusals() -> dict[str, str]:
    return {
        "not_theirs": _("请选择能办理这个辖区案件的执法人员。"),
        "aside": _("他已经回避，不能再承办。"),
        "away": _("他今天休假，请另选一人。"),
        "nobody": _("现在没有人可以抽取，请直接指派。"),
        "same_office": _("这个案件已经在您的单位。"),
        "not_open": _("这个案件已经办结。"),
        "listed": _("这个案件已经挂牌。"),
        "past": _("请填写督办的期限，不能早于今天。"),
    }


def _one(case_id: int, errors: dict[str, str] | None = None) -> str:
    case = query.overseen(actor(), case_id, now=clock.now())
    return render_template(
        "desk/supervision/case.html",
        case=case,
        people_options=[(person.id, person.name) for person in case.people],
        levels=[(each.id, each.label) for each in policy().supervision_levels.values()],
        acted=(request.endpoint or "").partition(".")[2],
        typed=request.form if errors else {},
        errors=errors or {},
    )


def _done(case_id: int) -> Response:
    flash(_("已保存。"))
    return redirect(url_for("desk.oversee", case_id=case_id))
