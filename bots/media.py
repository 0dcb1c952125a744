"""Media of text messages: fetched from the provider's own hosts and from nowhere else."""

from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import RequestException

from tipline.channels import CannotReach, TryLater
from tipline.settings import Settings

OFFICIAL = "https://api.twilio.com"
HOSTS = (".twilio.com", ".twiliocdn.com")
TIMEOUT_SECONDS = 10
MOST_REDIRECTS = 3
LARGEST = 20_000_000
CHUNK = 65_536
GONE = (404, 410)


class Media:
    """Fetches with the account's credentials, which only the API itself is shown."""

    def __init__(self, settings: Settings) -> None:
        self._base = urlsplit(settings.twilio_base_url or OFFICIAL)
        self._account = (settings.twilio_account_sid, settings.twilio_auth_token)

    def address_of(self, uri: str) -> str:
        """The address of a file from what the API calls it."""
        return f"{self._base.scheme}://{self._base.netloc}{uri.removesuffix('.json')}"

    def fetch(self, address: str) -> bytes:
        """The content; CannotReach where it is gone, too large or elsewhere, else TryLater."""
        for _ in range(MOST_REDIRECTS + 1):
            self._ensure_theirs(address)
            answer = self._get(address)
            if not answer.is_redirect:
                return self._content(answer)
            address = urljoin(address, answer.headers.get("Location", ""))
            answer.close()
        raise CannotReach("too many redirects")

    def _get(self, address: str) -> requests.Response:
        is_api = urlsplit(address).netloc == self._base.netloc
        try:
            return requests.get(
                address,
                auth=self._account if is_api else None,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,
            )
        except RequestException:
            raise TryLater("provider cannot be reached") from None

    def _content(self, answer: requests.Response) -> bytes:
        with answer:
            if answer.status_code in GONE:
                raise CannotReach("it is gone")
            if answer.status_code != requests.codes.ok:
                raise TryLater(f"provider error {answer.status_code}")
            try:
                return _read(answer)
            except RequestException:
                raise TryLater("it broke off") from None

    def _ensure_theirs(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.netloc == self._base.netloc and parts.scheme == self._base.scheme:
            return
        named = parts.hostname or ""
        if parts.scheme != "https" or parts.port not in (None, 443) or "@" in parts.netloc:
            raise CannotReach("not an address of the provider")
        if not named.endswith(HOSTS):
            raise CannotReach("not an address of the provider")


def _read(answer: requests.Response) -> bytes:
    content = bytearray()
    for chunk in answer.iter_content(CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise CannotReach("it is too large")
    return bytes(content)
