"""Webhooks: check the caller, keep the message, answer at once."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from tipline import clock
from tipline.channels import Channel, Knock, NotFromProvider
from tipline.runtime import runtime, settings
from tipline.services import delivery, inbox
from tipline.web.access import PUBLIC, needs
from tipline.web.accounts import csrf

pages = Blueprint("hooks", __name__, url_prefix="/hooks")
csrf.exempt(pages)


@pages.post("/twilio/sms")
@needs(PUBLIC)
def sms() -> Response:
    """A text message came in; the reply goes out by the outbox."""
    _keep("sms")
    return Response("<Response/>", mimetype="text/xml")


@pages.post("/twilio/status")
@needs(PUBLIC)
def sms_status() -> Response:
    """The provider reports what became of a message of ours."""
    try:
        status = _channel("sms").hear_status(_knock())
    except NotFromProvider:
        abort(403)
    if status is not None:
        delivery.report("sms", status, now=clock.now())
    return Response(status=204)


@pages.post("/telegram")
@needs(PUBLIC)
def telegram() -> Response:
    """An update of the bot came in."""
    _keep("telegram")
    return Response(status=200)


def _keep(name: str) -> None:
    try:
        heard = _channel(name).hear(_knock())
    except NotFromProvider:
        abort(403)
    if heard is not None:
        inbox.keep(name, heard, now=clock.now())


def _channel(name: str) -> Channel:
    channel = runtime().channels.get(name)
    if channel is None:
        abort(403)
    return channel


def _knock() -> Knock:
    """The request as the provider signed it: at the configured address, whatever the proxy says."""
    body = request.get_data(cache=True)
    url = settings().public_url + request.full_path.rstrip("?")
    return Knock(url, request.headers, request.form, body)
