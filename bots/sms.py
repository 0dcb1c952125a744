"""SMS by Twilio, or by anything that speaks its protocol at the configured base address."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit, urlunsplit

from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from bots.media import Media
from tipline.channels import (
    CannotReach,
    Channel,
    Choice,
    Heard,
    Knock,
    NotFromProvider,
    Status,
    TryLater,
    Unclear,
)
from tipline.domain.sending import Sending, Why
from tipline.domain.words import language_of
from tipline.settings import Settings

TIMEOUT_SECONDS = 10
FOR_NOW = (401, 403, 408, 429)  # an account or a limit of ours, nothing about whom we write to
SIGNATURE = "X-Twilio-Signature"
REFERENCE = "reference"
MOST_FOUND = 100
MOST, MOST_MEDIA = 1000, 10
LOOK_BACK = timedelta(hours=48)
GONE = ("provider error 20404", "provider error 404")
OPTS = {"STOP": "stop", "START": "start"}  # HELP is answered by the provider itself
CLOCKS_DIFFER = timedelta(minutes=5)
NEVER_LEFT = ("NewConnectionError", "NameResolutionError", "CERTIFICATE_VERIFY_FAILED")
STATES = {
    "accepted": Sending.ACCEPTED,
    "queued": Sending.ACCEPTED,
    "sending": Sending.ACCEPTED,
    "sent": Sending.ACCEPTED,
    "delivered": Sending.DELIVERED,
    "read": Sending.DELIVERED,
    "undelivered": Sending.FAILED,
    "failed": Sending.FAILED,
    "canceled": Sending.FAILED,
}
WHYS = {
    "21610": Why.OPTED_OUT,
    "30004": Why.BLOCKED,
    "21211": Why.NO_SUCH_ADDRESS,
    "21214": Why.NO_SUCH_ADDRESS,
    "21217": Why.NO_SUCH_ADDRESS,
    "21401": Why.NO_SUCH_ADDRESS,
    "21614": Why.NO_SUCH_ADDRESS,
    "30005": Why.NO_SUCH_ADDRESS,
    "30006": Why.NO_SUCH_ADDRESS,
}


Answer = TypeVar("Answer")


def configured(settings: Settings) -> list[Channel]:
    """Twilio, if there is an account."""
    return [Sms(settings)] if settings.twilio_auth_token else []


class Http(TwilioHttpClient):  # type: ignore[misc]
    """The official HTTP client; sends to another server if told to, and heeds Retry-After."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *args, **kwargs):  # type: ignore[no-untyped-def]
        """Send the request, to the configured server if there is one."""
        answer = super().request(method, self._moved(url), *args, **kwargs)
        if answer.status_code in (429, 503):
            raise TryLater(f"provider error {answer.status_code}", after=_seconds(answer.headers))
        return answer

    def _moved(self, url: str) -> str:
        if not self._base.netloc:
            return url
        path = urlsplit(url)
        here = self._base.path.rstrip("/") + path.path
        return urlunsplit((self._base.scheme, self._base.netloc, here, path.query, ""))


class Sms:
    """The channel `sms` by Twilio."""

    name = "sms"
    buttons = False
    provider = "twilio"
    pause_seconds = 60.0

    def __init__(self, settings: Settings) -> None:
        self._from = settings.twilio_from
        self._account = settings.twilio_account_sid
        self._callback = f"{settings.public_url}/hooks/twilio/status"
        self._validator = RequestValidator(settings.twilio_auth_token)
        self._media = Media(settings)
        http = Http(settings.twilio_base_url)
        self._client = Client(self._account, settings.twilio_auth_token, http_client=http)

    def hear(self, knock: Knock) -> Heard | None:
        """The message in a signed request."""
        self._ensure_signed(knock)
        form = knock.form
        if not form.get("MessageSid") or not form.get("From"):
            return None
        return Heard(
            form["MessageSid"],
            form["From"],
            form.get("Body", ""),
            language_of(form.get("Body", "")),
            files=_media(form),
            opt=OPTS.get(form.get("OptOutType", ""), ""),
        )

    def collect(self) -> list[Heard]:
        """What came in the last two days, so that a webhook that failed loses nothing."""
        since = datetime.now(UTC) - LOOK_BACK
        listed = _called(
            lambda: self._client.messages.list(to=self._from, date_sent_after=since, limit=MOST)
        )
        inbound = (each for each in listed if each.direction == "inbound")
        return [self._heard(each) for each in inbound]

    def _heard(self, listed: MessageInstance) -> Heard:
        body = listed.body or ""
        files = self._listed(listed)
        return Heard(str(listed.sid), listed.from_, body, language_of(body), files=files)

    def forget(self, provider_id: str) -> None:
        """Delete words and media at the provider; what is gone already is gone."""
        try:
            message = _called(self._client.messages(provider_id).fetch)
            for media in _called(message.media.list) if _has_media(message) else ():
                _called(media.delete)
            _called(message.delete)
        except CannotReach as refused:
            if str(refused) not in GONE:
                raise

    def fetch(self, reference: str) -> bytes:
        """One picture or recording, from the provider's hosts and nowhere else."""
        return self._media.fetch(reference)

    def _listed(self, message: MessageInstance) -> tuple[str, ...]:
        found = _called(message.media.list) if _has_media(message) else ()
        return tuple(self._media.address_of(each.uri) for each in found)

    def hear_status(self, knock: Knock) -> Status | None:
        """What Twilio reports of a message of ours."""
        self._ensure_signed(knock)
        state = STATES.get(knock.form.get("MessageStatus", ""))
        if state is None or not knock.form.get("MessageSid"):
            return None
        code = knock.form.get("ErrorCode", "")
        return Status(
            knock.form["MessageSid"],
            state,
            reason=f"provider error {code}" if state is Sending.FAILED else "",
            why=WHYS.get(code, Why.REFUSED),
            reference=parse_qs(urlsplit(knock.url).query).get(REFERENCE, [""])[0],
        )

    def speak(
        self, address: str, text: str, choices: Sequence[Choice] = (), reference: str = ""
    ) -> str:
        """Send one message; returns its sid."""
        callback = f"{self._callback}?{REFERENCE}={reference}" if reference else self._callback
        sent = _called(
            lambda: self._client.messages.create(
                to=address, from_=self._from, body=text, status_callback=callback
            )
        )
        return str(sent.sid)

    def find(self, address: str, text: str, since: datetime) -> list[str]:
        """The sids of the messages that Twilio has of these words to this number."""
        listed = _called(
            lambda: self._client.messages.list(to=address, from_=self._from, limit=MOST_FOUND)
        )
        made = [each for each in listed if each.body == text and each.date_created]
        return [str(each.sid) for each in made if each.date_created >= since - CLOCKS_DIFFER]

    def _ensure_signed(self, knock: Knock) -> None:
        signature = knock.headers.get(SIGNATURE, "")
        signed = self._validator.validate(knock.url, dict(knock.form), signature)
        if not signed or knock.form.get("AccountSid", self._account) != self._account:
            raise NotFromProvider


def _has_media(message: MessageInstance) -> bool:
    return message.num_media not in (None, "0")


def _media(form: Mapping[str, str]) -> tuple[str, ...]:
    number = form.get("NumMedia", "0")
    count = min(int(number), MOST_MEDIA) if number.isascii() and number.isdigit() else 0
    addresses = (form.get(f"MediaUrl{index}", "") for index in range(count))
    return tuple(address for address in addresses if address)


def _called(request: Callable[[], Answer]) -> Answer:
    """The provider's answer, or which way it failed; says nothing of whom it was for."""
    try:
        return request()
    except (TwilioRestException, TwilioServiceException) as refused:
        raise _refused(refused.status, refused.code) from None
    except TwilioException:
        raise TryLater("provider cannot say") from None
    except (ConnectTimeout, ConnectionRefusedError):
        raise TryLater("provider cannot be reached") from None
    except RequestException as lost:
        if any(name in repr(lost) for name in NEVER_LEFT):
            raise TryLater("provider cannot be reached") from None
        raise Unclear("no answer from the provider") from None
    except ValueError:
        raise Unclear("an answer that cannot be read") from None


def _refused(status: int, code: int | None) -> CannotReach | TryLater:
    """Only a fault of the message itself is one for good."""
    if status in FOR_NOW or not 400 <= status < 500:
        return TryLater(f"provider error {status}")
    return CannotReach(f"provider error {code or status}", WHYS.get(str(code), Why.REFUSED))


def _seconds(headers: Mapping[str, str] | None) -> float | None:
    """The wait that the provider asks for."""
    named = {name.lower(): value for name, value in (headers or {}).items()}
    asked = named.get("retry-after", "")
    return float(asked) if asked.isascii() and asked.isdigit() else None
