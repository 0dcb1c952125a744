"""Mail: out by SMTP, short and neutral; in from a mailbox, if one is named."""

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

from bots.letters import AT_HOME
from bots.mailbox import Mailbox
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
from tipline.domain.sending import Why
from tipline.settings import Settings

TIMEOUT_SECONDS = 10
SUBJECT = "您的消息 · Your message"
MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")
NO_SUCH = (550, 551, 553)
PERMANENT = 500


def configured(settings: Settings) -> list[Channel]:
    """The mailbox that these settings name, if they do."""
    return [Mail(settings)] if settings.smtp_url else []


class Mail:
    """The channel `email`: `smtp://user:password@host:587?from=address`, or `smtps://`."""

    name = "email"
    provider = "smtp"
    buttons = False

    def __init__(self, settings: Settings) -> None:
        url = urlsplit(settings.smtp_url)
        self._implicit = url.scheme == "smtps"
        self._host = url.hostname or ""
        self._port = url.port or (465 if self._implicit else 587)
        self._login = (unquote(url.username or ""), unquote(url.password or ""))
        named = parse_qs(url.query).get("from", [self._login[0]])[0]
        self._from = named if "@" in named else f"noreply@{self._host}"
        self._box = Mailbox(settings.imap_url) if settings.imap_url else None

    @property
    def pause_seconds(self) -> float:
        """How long to wait between two looks into the mailbox."""
        return 15 if self._box else 0

    def collect(self) -> list[Heard]:
        """The mail that people wrote to us."""
        return self._box.collect() if self._box else []

    def forget(self, provider_id: str) -> None:
        """Delete a mail that we have kept."""
        self._mailbox().forget(provider_id)

    def fetch(self, reference: str) -> bytes:
        """What was enclosed in a mail."""
        return self._mailbox().fetch(reference)

    def _mailbox(self) -> Mailbox:
        if self._box is None:
            raise TryLater("no mailbox is configured")
        return self._box

    def hear(self, knock: Knock) -> Heard | None:
        """Mail comes in by the mailbox, never by a webhook."""
        raise NotFromProvider

    def hear_status(self, knock: Knock) -> Status | None:
        """Servers report nothing of this kind."""
        raise NotFromProvider

    def speak(
        self, address: str, text: str, choices: Sequence[Choice] = (), reference: str = ""
    ) -> str:
        """Send one mail; returns its message id."""
        return self._brought(address, self._written(address, text, reference))

    def follow(self, message: str, address: str, text: str, reference: str) -> str:
        """Send one mail that their program shows beneath this one of theirs."""
        mail = self._written(address, text, reference)
        if MESSAGE_ID.fullmatch(message):
            mail["In-Reply-To"] = mail["References"] = message
        return self._brought(address, mail)

    def _brought(self, address: str, mail: EmailMessage) -> str:
        with self._connected() as server:
            _ensure_taken(server.rcpt(address))
            try:
                code, _ = server.data(mail.as_bytes())
            except smtplib.SMTPDataError as refused:
                _ensure_taken((refused.smtp_code, b""))
            except (OSError, smtplib.SMTPException):
                raise Unclear("no answer from the mail server") from None
            else:
                _ensure_taken((code, b""))
        return str(mail["Message-ID"])

    def _written(self, address: str, text: str, reference: str) -> EmailMessage:
        domain = self._from.rpartition("@")[2]
        mail = EmailMessage()
        if "@" not in address or not address.isprintable() or " " in address:
            raise CannotReach("not a mail address", Why.NO_SUCH_ADDRESS)
        mail["To"] = address
        mail["From"], mail["Subject"], mail["Date"] = self._from, SUBJECT, formatdate()
        mail["Message-ID"] = f"<{reference}@{domain}>" if reference else make_msgid(domain=domain)
        mail["Auto-Submitted"] = "auto-replied"
        mail.set_content(text)
        return mail

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection on which the envelope has begun; nothing has been sent when this fails."""
        try:
            server = self._opened()
        except (OSError, smtplib.SMTPException):
            raise TryLater("mail server cannot be reached") from None
        with closing(server):
            try:
                self._begin(server)
            except (OSError, smtplib.SMTPException):
                raise TryLater("mail server does not let us in") from None
            try:
                yield server
            except (OSError, smtplib.SMTPException):
                raise TryLater("mail server hung up") from None

    def _opened(self) -> smtplib.SMTP:
        if self._implicit:
            trust = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=trust)
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)

    def _begin(self, server: smtplib.SMTP) -> None:
        """Encrypt, log in and name the sender; in clear only to a server on this very machine."""
        server.ehlo()
        if not self._implicit and (server.has_extn("starttls") or self._host not in AT_HOME):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if self._login[1]:
            server.login(*self._login)
        code, _ = server.mail(self._from)
        if code >= 400:
            raise smtplib.SMTPSenderRefused(code, b"", self._from)


def _ensure_taken(answer: tuple[int, bytes]) -> None:
    """The server's words are left out: they name whom the mail was for."""
    code = answer[0]
    if code >= PERMANENT:
        raise CannotReach(
            f"mail error {code}", Why.NO_SUCH_ADDRESS if code in NO_SUCH else Why.REFUSED
        )
    if code >= 400:
        raise TryLater(f"mail error {code}")
