"""The legal course on the inspector's page: measures, decisions, money, things held, transfers."""

from dataclasses import replace
from datetime import datetime

from flask import request
from werkzeug.wrappers import Response

from tipline import clock
from tipline.runtime import policy, settings
from tipline.services import legal, measures, transferring
from tipline.services.legal import Decided, NotPossible
from tipline.services.measures import Imposed, Incomplete
from tipline.services.transferring import NotComplete
from tipline.web.access import actor, needs
from tipline.web.amounts import fen
from tipline.web.field import pages
from tipline.web.field.casework import case_page, recorded
from tipline.web.typed import day, local_instant, number
from tipline.web.words import _


@pages.post("/cases/<int:case_id>/measure")
@needs("case:work")
def measure(case_id: int) -> str | Response:
    """Record what was imposed on the spot."""
    form = request.form
    imposed = Imposed(
        kind=form.get("kind", ""),
        amount_fen=fen(form.get("amount_yuan", "")),
        quantity=number(form.get("quantity", "")) or None,
        unit=form.get("unit", ""),
        due_on=day(form.get("due_on", "")),
        note=form.get("note", ""),
        party_id=number(form.get("party", "")) or None,
    )
    try:
        measures.record(case_id, by=actor(), imposed=imposed, now=clock.now())
    except Incomplete as missing:
        return case_page(case_id, {str(missing): _incomplete()[str(missing)]})
    return recorded(case_id)


@pages.post("/cases/<int:case_id>/not-file")
@needs("case:work")
def not_file(case_id: int) -> str | Response:
    """Open no formal proceedings, for a reason."""
    try:
        legal.not_file(case_id, by=actor(), reason=request.form.get("reason", ""), now=clock.now())
    except NotPossible as refused:
        return case_page(case_id, {"reason": _refused()[str(refused)]})
    return recorded(case_id)


@pages.post("/cases/<int:case_id>/hold")
@needs("case:work")
def hold(case_id: int) -> str | Response:
    """Seize things or register them as evidence, or decide about them."""
    form, now = request.form, clock.now()
    kind = form.get("kind", "")
    try:
        if form.get("go") == "release":
            legal.release(case_id, by=actor(), kind=kind, fate=form.get("fate", ""), now=now)
        else:
            legal.hold(
                case_id,
                by=actor(),
                kind=kind,
                document=form.get("document", ""),
                goods=form.get("goods", ""),
                began_at=_past(form.get("at", ""), now),
                now=now,
            )
    except NotPossible as refused:
        return case_page(case_id, {"document": _refused()[str(refused)]})
    return recorded(case_id)


@pages.post("/cases/<int:case_id>/decide")
@needs("case:work")
def decide(case_id: int) -> str | Response:
    """Make a penalty decision about one party."""
    form, now = request.form, clock.now()
    decided = Decided(
        document=form.get("document", ""),
        made_at=_past(form.get("at", ""), now),
        party_id=number(form.get("party", "")) or None,
        measures=tuple(_imposed()),
        replaces_id=number(form.get("replaces", "")) or None,
    )
    try:
        legal.decide(case_id, by=actor(), decided=decided, now=now)
    except Incomplete as missing:
        return case_page(case_id, {str(missing): _incomplete()[str(missing)]})
    except NotPossible as refused:
        return case_page(case_id, {"document": _refused()[str(refused)]})
    return recorded(case_id)


def _imposed() -> list[Imposed]:
    """What the form of a decision imposes: sums where they were typed, and what was ticked."""
    form = request.form
    sums = {"fine": "fine_yuan", "confiscate_income": "income_yuan"}
    found = [
        Imposed(kind=kind, amount_fen=fen(form[name]))
        for kind, name in sums.items()
        if form.get(name, "").strip()
    ]
    counted = {"confiscate_devices": ("devices", "件"), "confiscate_drugs": ("drugs", "")}
    for kind, (name, unit) in counted.items():
        if number(form.get(name, "")):
            one = Imposed(kind=kind, quantity=number(form[name]), unit=unit)
            found.append(one if unit else replace(one, unit=form.get("drugs_unit", "")))
    ticked = (kind for kind in form.getlist("kind") if kind in policy().measures)
    return found + [Imposed(kind=kind) for kind in ticked]


@pages.post("/cases/<int:case_id>/decisions/<int:decision_id>")
@needs("case:work")
def decision(case_id: int, decision_id: int) -> str | Response:
    """What happens to a decision: served, paid, demanded, taken to court, revoked."""
    try:
        _go_on(decision_id, request.form.get("go", ""), clock.now())
    except NotPossible as refused:
        return case_page(case_id, {f"decision{decision_id}": _refused()[str(refused)]})
    return recorded(case_id)


def _go_on(decision_id: int, go: str, now: datetime) -> None:
    form, by = request.form, actor()
    if go == "serve":
        legal.serve(decision_id, by=by, at=_past(form.get("at", ""), now), now=now)
    elif go == "pay":
        amount = fen(form.get("amount_yuan", "")) or 0
        paid_on = day(form.get("paid_on", "")) or now.astimezone(settings().zone).date()
        paper = form.get("document", "")
        legal.pay(decision_id, by=by, amount_fen=amount, paid_on=paid_on, document=paper, now=now)
    elif go == "demand":
        legal.demand(decision_id, by=by, now=now)
    elif go == "enforce":
        legal.enforce(decision_id, by=by, document=form.get("document", ""), now=now)
    elif go == "revoke":
        legal.revoke(decision_id, by=by, reason=form.get("reason", ""), now=now)


@pages.post("/cases/<int:case_id>/transfer")
@needs("case:work")
def transfer(case_id: int) -> str | Response:
    """Propose a transfer to the police."""
    kind, party_id = request.form.get("kind", ""), number(request.form.get("party", "")) or None
    try:
        transferring.propose(case_id, by=actor(), kind=kind, party_id=party_id, now=clock.now())
    except NotComplete as missing:
        return case_page(case_id, {"kind": _not_complete()[str(missing)]})
    return recorded(case_id)


@pages.post("/cases/<int:case_id>/transfers/<int:transfer_id>")
@needs("case:work")
def transfer_step(case_id: int, transfer_id: int) -> str | Response:
    """The papers of a transfer, the hand-over, and what the police answered."""
    form, by, now = request.form, actor(), clock.now()
    at, go = _past(form.get("at", ""), now), form.get("go", "")
    try:
        if go == "papers":
            papers = frozenset(form.getlist("paper"))
            transferring.tick(transfer_id, by=by, documents=papers, now=now)
        elif go == "hand-over":
            transferring.hand_over(transfer_id, by=by, at=at, now=now)
        elif go in ("accepted", "returned"):
            transferring.note_answer(
                transfer_id,
                by=by,
                accepted=go == "accepted",
                document=form.get("document", ""),
                at=at,
                now=now,
            )
    except NotComplete as missing:
        return case_page(case_id, {f"transfer{transfer_id}": _not_complete()[str(missing)]})
    return recorded(case_id)


def _past(typed: str, now: datetime) -> datetime:
    """The time that was typed, never later than now."""
    return min(local_instant(typed, otherwise=now) or now, now)


def _incomplete() -> dict[str, str]:
    return {
        "kind": _("请选择采取的措施。"),
        "amount_yuan": _("请填写金额（元），例如 51500 或 51500.50。"),
        "quantity": _("请填写数量，并选择单位。"),
        "due_on": _("请填写改正的期限。"),
        "party": _("请选择和这个地方有关的当事人。"),
    }


def _refused() -> dict[str, str]:
    return {
        "reason": _("请写明原因。"),
        "kind": _("请选择一项。"),
        "document": _("请填写文书号和内容。"),
        "held": _("这一类已经有物品在查扣或者保存中，请先作出处理。"),
        "not_filed": _("还没有立案，不能作出处罚决定。"),
        "with_police": _("案件已经移送公安机关，不能用行政处罚代替。"),
        "not_revoked": _("原来的决定还没有撤销，不能重新作出。"),
        "not_served": _("决定还没有送达，或者已经撤销。"),
        "amount": _("请填写金额（元）和缴款日期，日期不能晚于今天。"),
        "not_late": _("还没有到催告的时候，或者已经催告过了。"),
        "not_demanded": _("还没有催告，或者已经申请过了。"),
        "too_early": _("催告后要满十个工作日，才能申请法院强制执行。"),
    }


def _not_complete() -> dict[str, str]:
    return {
        "kind": _("请选择移送的类型。"),
        "under_way": _("已经有一件移送在办理。"),
        "party": _("请从这个地点的人员和单位里选。"),
        "documents": _("移送材料还不齐，不能移交。"),
        "own": _("自己提出的要由别人决定。"),
    }
