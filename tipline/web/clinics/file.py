"""One clinic: what is known of it, when somebody is there, and its cases."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import matching
from tipline.queries.clinics import clinic_view
from tipline.queries.offices import home_division
from tipline.runtime import policy
from tipline.services import clinics
from tipline.services.clinics import Known
from tipline.web.access import actor, may, needs
from tipline.web.clinics import pages
from tipline.web.typed import number
from tipline.web.words import _

WEEKDAYS = tuple(range(7))
LIMITS = (90.0, 180.0)


@pages.get("/<int:clinic_id>")
@needs("clinic:read")
def clinic(clinic_id: int) -> str:
    """Everything known of a clinic."""
    return clinic_page(clinic_id)


@pages.post("/<int:clinic_id>")
@needs("clinic:keep")
def amend(clinic_id: int) -> str | Response:
    """Write down what is known of it now."""
    form, current = request.form, policy()
    coordinates = _coordinates(form.get("coordinates", ""))
    if coordinates is None:
        wrong = _("请写成“纬度, 经度”，例如 21.66, 110.92；不知道就留空。")
        return clinic_page(clinic_id, {"coordinates": wrong})
    known = Known(
        division=_known(form.get("division", ""), current.divisions.names, ""),
        address=form.get("address", "").strip(),
        floor=form.get("floor", "").strip(),
        kind=_known(form.get("kind", ""), current.clinics.kinds, "unknown"),
        sign=form.get("sign", ""),
        licence_name=form.get("licence_name", ""),
        aliases=tuple(form.get("aliases", "").splitlines()),
        phones=tuple(form.get("phones", "").splitlines()),
        coordinates=coordinates or None,
        drugs_kept=form.get("drugs_kept", "").strip(),
    )
    clinics.amend(clinic_id, by=actor(), known=known, now=clock.now())
    return saved(clinic_id)


@pages.post("/<int:clinic_id>/habits")
@needs("clinic:keep")
def add_habit(clinic_id: int) -> str | Response:
    """Note when somebody is there."""
    form = request.form
    first, last = _hour(form.get("from_hour", "")), _hour(form.get("until_hour", ""))
    if first is None or last is None or first > 23 or last < 1:
        return clinic_page(clinic_id, {"from_hour": _("请写几点到几点，例如 19 到 23。")})
    chosen = {day for day in form.getlist("weekday") if day.isdecimal() and len(day) == 1}
    clinics.add_habit(
        clinic_id,
        by=actor(),
        weekdays=[day for day in WEEKDAYS if str(day) in chosen] or [None],
        hours=(first, last),
        note=form.get("note", ""),
        now=clock.now(),
    )
    return saved(clinic_id)


@pages.post("/<int:clinic_id>/habits/<int:habit_id>/remove")
@needs("clinic:keep")
def remove_habit(clinic_id: int, habit_id: int) -> Response:
    """Take a habit back."""
    clinics.remove_habit(clinic_id, habit_id, by=actor(), now=clock.now())
    return saved(clinic_id)


@pages.post("/<int:clinic_id>/cases/<int:case_id>/take-back")
@needs("tip:triage")
def take_back(clinic_id: int, case_id: int) -> Response:
    """A case is about another place after all."""
    clinics.take_back(case_id, by=actor(), now=clock.now())
    flash(_("案件已放回原来的档案。"))
    return redirect(url_for("desk.queue"))


@pages.post("/<int:clinic_id>/unite")
@needs("tip:triage")
def unite(clinic_id: int) -> Response:
    """Two files are about one place."""
    other_id = number(request.form.get("other_id", ""))
    clinics.unite(clinic_id, other_id, by=actor(), now=clock.now())
    flash(_("已归入同一个档案。举报各自独立，随时可以放回。"))
    return redirect(url_for("clinics.clinic", clinic_id=other_id))


def clinic_page(clinic_id: int, errors: Mapping[str, str] | None = None) -> str:
    """The page of a clinic, with what was typed on it when something was wrong."""
    current, view = policy(), clinic_view(actor(), clinic_id, now=clock.now())
    return render_template(
        "clinics/clinic.html",
        view=view,
        suggested=matching.for_clinic(actor(), view.clinic) if may("tip:triage") else [],
        kinds=[(each.id, each.label) for each in current.clinics.kinds.values()],
        roles=list(current.clinics.roles.items()),
        record_kinds=list(current.clinics.records.items()),
        divisions=current.divisions.children(home_division()),
        weekdays=[_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")],
        typed=request.form if errors else {},
        errors=errors or {},
    )


def saved(clinic_id: int) -> Response:
    """Back to the page, with a word that it was kept."""
    flash(_("已保存。"))
    return redirect(url_for("clinics.clinic", clinic_id=clinic_id))


def _coordinates(typed: str) -> tuple[float, float] | tuple[()] | None:
    """Latitude and longitude; empty where nothing was typed, None where it cannot be read."""
    parts = typed.replace("，", ",").split(",")
    if not typed.strip():
        return ()
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    within = abs(latitude) <= LIMITS[0] and abs(longitude) <= LIMITS[1]
    return (latitude, longitude) if within else None


def _hour(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 3 and int(typed) <= 24 else None


def _known(value: str, among: Mapping[str, object], otherwise: str) -> str:
    return value if value in among else otherwise
