"""SMS by Twilio, or by anything that speaks its protocol at the configured base address."""

from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tipline.channels import (
    CannotReach,
    Choice,
    Heard,
    Knock,
    NotFromProvider,
    Status,
    TryLater,
    Unclear,
)
from tipline.settings import Settings

TIMEOUT_SECONDS = 10
FOR_NOW = (401, 403, 429)  # an account or a limit of ours, nothing about whom we write to
SERVER_ERRORS = 500
SIGNATURE = "X-Twilio-Signature"
DELIVERED = {"delivered": True, "undelivered": False, "failed": False}


class AtBase(TwilioHttpClient):  # type: ignore[misc]
    """The official HTTP client, with every request sent to another server."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *args, **kwargs):  # type: ignore[no-untyped-def]
        """Send the request to the configured server instead."""
        path = urlsplit(url)
        here = self._base.path.rstrip("/") + path.path
        moved = urlunsplit((self._base.scheme, self._base.netloc, here, path.query, ""))
        return super().request(method, moved, *args, **kwargs)


class Sms:
    """The channel `sms`."""

    name = "sms"
    buttons = False

    def __init__(self, settings: Settings) -> None:
        self._from = settings.twilio_from
        self._account = settings.twilio_account_sid
        self._callback = f"{settings.public_url}/hooks/twilio/status"
        self._validator = RequestValidator(settings.twilio_auth_token)
        base = settings.twilio_base_url
        http = AtBase(base) if base else TwilioHttpClient(timeout=TIMEOUT_SECONDS)
        self._client = Client(self._account, settings.twilio_auth_token, http_client=http)

    def hear(self, knock: Knock) -> Heard | None:
        """The message in a signed request."""
        self._ensure_signed(knock)
        form = knock.form
        if not form.get("MessageSid") or not form.get("From"):
            return None
        return Heard(form["MessageSid"], form["From"], form.get("Body", ""))

    def hear_status(self, knock: Knock) -> Status | None:
        """What Twilio reports of a message of ours; steps on the way say nothing."""
        self._ensure_signed(knock)
        delivered = DELIVERED.get(knock.form.get("MessageStatus", ""))
        if delivered is None or not knock.form.get("MessageSid"):
            return None
        reason = f"provider error {knock.form.get('ErrorCode', '')}"
        return Status(knock.form["MessageSid"], delivered, reason)

    def speak(
        self, address: str, text: str, choices: Sequence[Choice] = (), reference: str = ""
    ) -> str:
        """Send one message; returns its sid."""
        try:
            sent = self._client.messages.create(
                to=address, from_=self._from, body=text, status_callback=self._callback
            )
        except TwilioRestException as refused:
            if refused.status in FOR_NOW or refused.status >= SERVER_ERRORS:
                raise TryLater(f"provider error {refused.status}") from None
            raise CannotReach(f"provider error {refused.code or refused.status}") from None
        except (ConnectTimeout, ConnectionRefusedError):
            raise TryLater("provider cannot be reached") from None
        except RequestException as lost:
            if _never_left(lost):
                raise TryLater("provider cannot be reached") from None
            raise Unclear("no answer from the provider") from None
        except ValueError:
            raise Unclear("an answer that cannot be read") from None
        return str(sent.sid)

    def _ensure_signed(self, knock: Knock) -> None:
        signature = knock.headers.get(SIGNATURE, "")
        signed = self._validator.validate(knock.url, dict(knock.form), signature)
        if not signed or knock.form.get("AccountSid", self._account) != self._account:
            raise NotFromProvider


def _never_left(lost: RequestException) -> bool:
    """Whether the connection was never made, so that nothing can have been sent."""
    return "NewConnectionError" in repr(lost) or "NameResolutionError" in repr(lost)
