"""Webhooks: check the caller, keep the message, answer at once."""

from flask import Blueprint, abort, jsonify, request
from werkzeug.wrappers import Response

from tipline import clock
from tipline.channels import Channel, Heard, Knock, NotFromProvider
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
    _keep("twilio")
    return Response("<Response/>", mimetype="text/xml")


@pages.post("/twilio/status")
@needs(PUBLIC)
def sms_status() -> Response:
    """The provider reports what became of a message of ours."""
    return _note_status("twilio")


@pages.post("/telegram")
@needs(PUBLIC)
def telegram() -> Response:
    """An update of the bot came in; who pressed a button sees that it was heard."""
    heard = _keep("telegram")
    if heard is None or not heard.query:
        return Response(status=200)
    return jsonify(method="answerCallbackQuery", callback_query_id=heard.query)


@pages.post("/gateways/<provider>/message")
@needs(PUBLIC)
def gateway_message(provider: str) -> Response:
    """Another gateway brings a message."""
    _keep(provider)
    return Response(status=204)


@pages.post("/gateways/<provider>/status")
@needs(PUBLIC)
def gateway_status(provider: str) -> Response:
    """Another gateway reports what became of a message of ours."""
    return _note_status(provider)


def _keep(provider: str) -> Heard | None:
    channel = _channel(provider)
    try:
        heard = channel.hear(_knock())
    except NotFromProvider:
        abort(403)
    if heard is not None:
        inbox.keep(channel.name, heard, now=clock.now())
    return heard


def _note_status(provider: str) -> Response:
    channel = _channel(provider)
    try:
        status = channel.hear_status(_knock())
    except NotFromProvider:
        abort(403)
    if status is not None:
        delivery.report(channel.name, status, now=clock.now())
    return Response(status=204)


def _channel(provider: str) -> Channel:
    channel = runtime().providers.get(provider)
    if channel is None:
        abort(403)
    return channel


def _knock() -> Knock:
    """The request as the provider signed it: at the configured address, whatever the proxy says."""
    body = request.get_data(cache=True)
    url = settings().public_url + request.full_path.rstrip("?")
    return Knock(url, request.headers, request.form, body)
