"""Who is behind a clinic, and what they were punished with before."""

from datetime import date

from flask import request
from werkzeug.wrappers import Response

from tipline import clock
from tipline.policy.vocabulary import PARTY_KINDS
from tipline.runtime import policy, settings
from tipline.services import parties
from tipline.services.parties import Described
from tipline.web.access import actor, needs
from tipline.web.clinics import pages
from tipline.web.clinics.file import clinic_page, saved
from tipline.web.typed import day
from tipline.web.words import _

EARLIEST = date(1950, 1, 1)


@pages.post("/<int:clinic_id>/parties")
@needs("clinic:keep")
def add_party(clinic_id: int) -> str | Response:
    """Say who is behind it."""
    form, since = request.form, _day(request.form.get("since", ""))
    if not form.get("name", "").strip():
        return clinic_page(clinic_id, {"name": _("请填写姓名或者名称；不知道可以写“不详”。")})
    if form.get("role", "") not in policy().clinics.roles:
        return clinic_page(clinic_id, {"role": _("请选择是什么人。")})
    if form.get("since", "") and since is None:
        return clinic_page(clinic_id, {"since": _no_day()})
    kind = form.get("kind", "")
    described = Described(
        kind=kind if kind in PARTY_KINDS else PARTY_KINDS[0],
        name=form["name"],
        identity=form.get("identity", ""),
    )
    parties.add(
        clinic_id,
        by=actor(),
        described=described,
        role=form["role"],
        since=since,
        now=clock.now(),
    )
    return saved(clinic_id)


@pages.post("/<int:clinic_id>/parties/<int:link_id>/end")
@needs("clinic:keep")
def end_party(clinic_id: int, link_id: int) -> str | Response:
    """They have left."""
    until = _day(request.form.get("until", ""))
    if until is None:
        return clinic_page(clinic_id, {f"until-{link_id}": _no_day()})
    try:
        parties.end(clinic_id, link_id, by=actor(), until=until, now=clock.now())
    except parties.EndsBeforeItBegan:
        return clinic_page(clinic_id, {f"until-{link_id}": _("不能早于开始的那天。")})
    return saved(clinic_id)


@pages.post("/<int:clinic_id>/parties/<int:link_id>/records")
@needs("clinic:keep")
def note_record(clinic_id: int, link_id: int) -> str | Response:
    """They were banned or punished before."""
    form, on = request.form, _day(request.form.get("on", ""))
    if form.get("kind", "") not in policy().clinics.records:
        return clinic_page(clinic_id, {f"kind-{link_id}": _("请选择是哪一种。")})
    if on is None:
        return clinic_page(clinic_id, {f"on-{link_id}": _no_day()})
    parties.note_record(
        clinic_id,
        link_id,
        by=actor(),
        kind=form["kind"],
        on=on,
        note=form.get("note", ""),
        here=form.get("here") == "yes",
        now=clock.now(),
    )
    return saved(clinic_id)


def _no_day() -> str:
    return str(_("请填写日期，不能晚于今天。"))


def _day(typed: str) -> date | None:
    """A day that was; None where it cannot be read or lies ahead."""
    found, today = day(typed), clock.now().astimezone(settings().zone).date()
    return found if found is not None and EARLIEST <= found <= today else None
