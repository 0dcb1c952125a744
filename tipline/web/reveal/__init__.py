"""The reveal desk: ask with a reason, consent of another unit, shown once with one's own mark."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import identity as query
from tipline.services import identity
from tipline.web.access import SIGNED_IN, actor, needs
from tipline.web.words import _

pages = Blueprint("reveal", __name__, url_prefix="/reveal")


@pages.get("/")
@needs(SIGNED_IN)
def requests() -> str:
    """One's own requests, those to consent to, and for auditors all."""
    return _list({})


@pages.post("/tips/<int:tip_id>")
@needs("identity:request")
def ask(tip_id: int) -> str | Response:
    """Ask to learn how a reporter can be reached."""
    try:
        identity.request(tip_id, by=actor(), reason=request.form.get("reason", ""), now=clock.now())
    except identity.ReasonMissing:
        return _list({"reason": _("请写明理由。")})
    except identity.NoContact:
        return _list({"reason": _("举报人没有留联系方式。")})
    flash(_("已申请，等另一单位的人同意。"))
    return redirect(url_for("reveal.requests"))


@pages.post("/<int:request_id>/approve")
@needs("identity:approve")
def approve(request_id: int) -> str | Response:
    """Consent, as somebody of another unit."""
    try:
        identity.approve(request_id, by=actor(), now=clock.now())
    except identity.SameUnit:
        return _list({"reason": _("须由另一单位的人同意。")})
    except identity.NotApproved:
        return _list({"reason": _("已经有人同意过了。")})
    flash(_("已同意，申请人十五分钟内可以看一次。"))
    return redirect(url_for("reveal.requests"))


@pages.post("/<int:request_id>/show")
@needs("identity:request")
def show(request_id: int) -> str | tuple[str, int]:
    """Show it once; that it was shown is written down in the same transaction."""
    try:
        channel, address = identity.reveal(request_id, by=actor(), now=clock.now())
    except identity.NotApproved:
        return _list({"reason": _("还没有人同意，或者已经看过、超过了十五分钟。")})
    return render_template("reveal/shown.html", channel=channel, address=address)


def _list(errors: dict[str, str]) -> str:
    return render_template(
        "reveal/requests.html", rows=query.requests(actor()), me=actor().id, errors=errors
    )
