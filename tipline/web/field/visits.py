"""Visits: planned, made by at least two, and photographed; also what a device kept for later."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.domain.actors import NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.domain.pictures import is_picture
from tipline.runtime import policy
from tipline.services import visits
from tipline.services.visits import NotEnough, Seen
from tipline.web.access import actor, needs
from tipline.web.field import pages
from tipline.web.field.casework import case_page, recorded
from tipline.web.typed import local_instant, number
from tipline.web.words import _

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MOST = 999
Answer = tuple[dict[str, object], int]


@pages.post("/cases/<int:case_id>/plan")
@needs("case:work")
def plan_visit(case_id: int) -> str | Response:
    """Plan a visit."""
    form, kind = request.form, request.form.get("kind", "")
    planned_at = local_instant(form.get("planned_at", ""))
    if kind not in policy().visits.kinds:
        return case_page(case_id, {"kind": _("请选择怎么去。")})
    if planned_at is None or planned_at < EARLIEST:
        return case_page(case_id, {"planned_at": _("请填写打算去的日期和时间。")})
    visits.plan(
        case_id,
        by=actor(),
        kind=kind,
        planned_at=planned_at,
        partners=form.get("partners", ""),
        note=form.get("note", ""),
        now=clock.now(),
    )
    return recorded(case_id)


@pages.post("/cases/<int:case_id>/visit")
@needs("case:work")
def visit(case_id: int) -> str | Response:
    """Record an inspection."""
    now = clock.now()
    at = local_instant(request.form.get("at", ""), otherwise=now)
    if at is None or not EARLIEST <= at <= now:
        return case_page(case_id, {"at": _("请填写检查的日期和时间，不能晚于现在。")})
    try:
        visits.record(case_id, by=actor(), seen=seen(at), now=now)
    except NotEnough:
        return case_page(case_id, {"other": too_few()})
    return recorded(case_id)


@pages.post("/cases/<int:case_id>/photo")
@needs("case:work")
def photo(case_id: int) -> str | Response:
    """Keep photos, sealed as evidence."""
    taken = [each.read() for each in request.files.getlist("photo") if each.filename]
    if not taken or not all(_fits(content) for content in taken):
        return case_page(case_id, {"photo": _("请选择照片（JPG、PNG 或者 HEIC）。")})
    for content in taken:
        number_of_its_own = str(uuid4())
        visits.add_photo(
            case_id, by=actor(), content=content, client_id=number_of_its_own, now=clock.now()
        )
    flash(_("照片已加密保存。"))
    return redirect(url_for("field.case", case_id=case_id))


@pages.post("/cases/<int:case_id>/queued/visit")
@needs("case:work")
def queued_visit(case_id: int) -> Answer:
    """A visit that a device kept until there was a network; sent twice it is kept once."""
    now, client_id = clock.now(), _client_id()
    at = local_instant(request.form.get("at", ""), otherwise=now)
    if client_id is None or at is None:
        return {"kept": False, "why": _("设备上的记录不完整，请在页面上重新填写。")}, 422
    try:
        told = seen(min(max(at, EARLIEST), now), client_id)
        visits.record(case_id, by=actor(), seen=told, now=now)
    except NotEnough:
        return {"kept": False, "why": too_few()}, 422
    except (NotThere, IllegalTransition):
        return _conflict()
    return {"kept": True}, 201


@pages.post("/cases/<int:case_id>/queued/photo")
@needs("case:work")
def queued_photo(case_id: int) -> Answer:
    """A photo that a device kept until there was a network."""
    client_id, file = _client_id(), request.files.get("photo")
    content = file.read() if file else b""
    if client_id is None or not _fits(content):
        return {"kept": False, "why": _("请选择照片（JPG、PNG 或者 HEIC）。")}, 422
    try:
        visits.add_photo(case_id, by=actor(), content=content, client_id=client_id, now=clock.now())
    except (NotThere, IllegalTransition):
        return _conflict()
    return {"kept": True}, 201


def seen(at: datetime, client_id: str = "", purpose: str = "") -> Seen:
    """What the form says about a visit."""
    form, kinds = request.form, policy().visits.kinds
    kind = form.get("kind", "")
    checked = {
        name.removeprefix("check-"): told
        for name, told in form.items()
        if name.startswith("check-")
    }
    return Seen(
        kind=kind if kind in kinds else next(iter(kinds)),
        at=at,
        others=tuple(each for typed in form.getlist("other") if (each := number(typed))),
        note=form.get("note", ""),
        partners=form.get("partners", ""),
        people=min(number(form.get("people", "")), MOST),
        vehicles=min(number(form.get("vehicles", "")), MOST),
        checklist=checked,
        purpose=purpose or form.get("purpose", "")[:40],
        client_id=client_id,
    )


def too_few() -> str:
    """What is said when a second inspector is missing."""
    return str(_("检查至少要两名执法人员，请选择和您一起去的同事。"))


def _conflict() -> Answer:
    return {"kept": False, "why": _("这个案件已经不在您手上，记录没有存入。请联系负责人。")}, 409


def _client_id() -> str | None:
    try:
        return str(UUID(request.form.get("client_id", "")))
    except ValueError:
        return None


def _fits(content: bytes) -> bool:
    return is_picture(content) and len(content) <= policy().evidence.largest
