"""Demo only: a feature phone and a chat window that talk to the real hooks.

It is also the provider that the real clients talk to: what the outbox sends is shown here, and
kept in memory only.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Response as AnyResponse

from tipline.runtime import settings
from tipline.web.access import PUBLIC, needs
from tipline.web.accounts import csrf

pages = Blueprint("simulator", __name__, url_prefix="/simulator")

PHONE = "+8613900000001"
CHAT = 700000001
SMS_FROM = "+8610690000000"
PERSON = {"id": CHAT, "is_bot": False, "first_name": "模拟", "language_code": "zh-hans"}
MOST = 200


@dataclass(frozen=True)
class Line:
    """One message on a simulated screen."""

    mine: bool
    text: str
    buttons: tuple[tuple[str, str], ...] = ()  # label and value
    id: int = 0


_screens: dict[str, list[Line]] = defaultdict(list)


@pages.get("/")
@needs(PUBLIC)
def simulator() -> str:
    """Both screens."""
    return render_template(
        "simulator/simulator.html", phone=_screens[PHONE][-MOST:], chat=_screens[str(CHAT)][-MOST:]
    )


@pages.post("/sms")
@needs(PUBLIC)
def send_sms() -> AnyResponse:
    """Send a text message as the provider would deliver it: signed, to the real hook."""
    form = {
        "MessageSid": f"SM{secrets.token_hex(16)}",
        "AccountSid": settings().twilio_account_sid,
        "From": PHONE,
        "To": SMS_FROM,
        "Body": request.form.get("text", ""),
        "NumMedia": "0",
    }
    _show(PHONE, mine=True, text=form["Body"])
    url = f"{settings().public_url}/hooks/twilio/sms"
    signature = RequestValidator(settings().twilio_auth_token).compute_signature(url, form)
    _knock("/hooks/twilio/sms", data=form, headers={"X-Twilio-Signature": signature})
    return redirect(url_for("simulator.simulator"))


@pages.post("/chat")
@needs(PUBLIC)
def send_chat() -> AnyResponse:
    """Send a chat message as the provider would deliver it: with the secret, to the real hook."""
    text = request.form.get("text", "")
    _show(str(CHAT), mine=True, text=text)
    return _update(message=_message() | {"from": PERSON, "text": text})


@pages.post("/press")
@needs(PUBLIC)
def press() -> AnyResponse:
    """Press a button below a message of the bot."""
    value = request.form.get("pressed", "")
    offered = {value: label for line in _screens[str(CHAT)] for label, value in line.buttons}
    _show(str(CHAT), mine=True, text=offered.get(value, value))
    query = {"id": secrets.token_hex(8), "from": PERSON, "chat_instance": "1", "data": value}
    return _update(callback_query=query | {"message": _message()})


def _message() -> dict[str, Any]:
    chat = {"id": CHAT, "type": "private", "first_name": "模拟"}
    return {"message_id": secrets.randbelow(2**31), "date": 0, "chat": chat}


def _update(**content: Any) -> AnyResponse:
    update = {"update_id": secrets.randbelow(2**31)} | content
    headers = {"X-Telegram-Bot-Api-Secret-Token": settings().telegram_secret}
    _knock("/hooks/telegram", json=update, headers=headers)
    return redirect(url_for("simulator.simulator"))


@pages.post("/twilio/2010-04-01/Accounts/<account>/Messages.json")
@needs(PUBLIC)
@csrf.exempt  # type: ignore[untyped-decorator]
def twilio_messages(account: str) -> Response:
    """The provider's side of sending a text message."""
    form = request.form
    if request.authorization is None or account != settings().twilio_account_sid:
        abort(401)
    _show(form.get("To", ""), mine=False, text=form.get("Body", ""))
    sid = f"SM{secrets.token_hex(16)}"
    return _json({"sid": sid, "status": "queued", "account_sid": account}, 201)


@pages.get("/twilio/2010-04-01/Accounts/<account>/Messages.json")
@needs(PUBLIC)
def twilio_inbox(account: str) -> Response:
    """Every message came by the webhook: there is nothing to list."""
    return _json({"messages": []}, 200)


@pages.get("/twilio/2010-04-01/Accounts/<account>/Messages/<sid>/Media.json")
@needs(PUBLIC)
def twilio_media(account: str, sid: str) -> Response:
    """Nothing comes along with a simulated message."""
    return _json({"media_list": []}, 200)


@pages.delete("/twilio/2010-04-01/Accounts/<account>/Messages/<sid>.json")
@needs(PUBLIC)
@csrf.exempt  # type: ignore[untyped-decorator]
def twilio_delete(account: str, sid: str) -> Response:
    """The provider forgets a message; the screen still shows it."""
    return Response(status=204)


@pages.post("/gateway")
@needs(PUBLIC)
@csrf.exempt  # type: ignore[untyped-decorator]
def gateway() -> Response:
    """The second provider of text messages, for when the first is away."""
    _show(request.form.get("mobile", ""), mine=False, text=request.form.get("content", ""))
    return _json({"code": "0", "id": secrets.token_hex(8)}, 200)


@pages.post("/telegram/bot<token>/<method>")
@needs(PUBLIC)
@csrf.exempt  # type: ignore[untyped-decorator]
def telegram_method(token: str, method: str) -> Response:
    """The provider's side of the bot's calls."""
    if token != settings().telegram_token:
        return _json({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
    done = {"sendmessage": _sent, "deletemessage": _taken_back}.get(method.lower())
    if done is None:
        return _json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
    return _json({"ok": True, "result": done(request.form)}, 200)


def _sent(form: Mapping[str, str]) -> dict[str, Any]:
    chat, number = form.get("chat_id", ""), secrets.randbelow(2**31)
    _screens[chat].append(Line(False, form.get("text", ""), _buttons(form), number))
    return {"message_id": number, "date": 0, "chat": {"id": int(chat), "type": "private"}}


def _taken_back(form: Mapping[str, str]) -> bool:
    chat, number = form.get("chat_id", ""), form.get("message_id", "")
    _screens[chat] = [line for line in _screens[chat] if str(line.id) != number]
    return True


def _buttons(form: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    rows = json.loads(form.get("reply_markup") or "{}").get("inline_keyboard", [])
    return tuple((each["text"], each["callback_data"]) for row in rows for each in row)


def _show(screen: str, *, mine: bool, text: str) -> None:
    _screens[screen].append(Line(mine, text))


def _knock(path: str, **sent: Any) -> None:
    """Through the whole application, as a request from outside."""
    answer = current_app.test_client().post(path, base_url=settings().public_url, **sent)
    if answer.status_code >= 400:
        abort(502)


def _json(content: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(content), status=status, mimetype="application/json")
