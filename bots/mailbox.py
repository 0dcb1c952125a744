"""Mail in: a mailbox read over IMAP. What was kept is deleted there; what machines wrote stays."""

import email
import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from bots import letters
from tipline.channels import CannotReach, Heard, TryLater
from tipline.domain.words import language_of

TIMEOUT_SECONDS = 10
LARGEST = 30_000_000
MOST = 50
FAULTS = (imaplib.IMAP4.error, OSError)


class Mailbox:
    """`imaps://user:password@host/folder`, or `imap://` on this machine or with STARTTLS."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "imaps"
        self._host, self._port = parts.hostname or "", parts.port or (993 if self._secure else 143)
        self._login = unquote(parts.username or ""), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"

    def collect(self) -> list[Heard]:
        """The mail that people wrote and that is still there."""
        with self._opened() as (server, validity):
            numbers = _answer(server.uid("SEARCH", "UNSEEN", "UNDELETED")).split()[:MOST]
            found = [_heard(server, validity, number) for number in numbers]
        return [heard for heard in found if heard is not None]

    def forget(self, provider_id: str) -> None:
        """Delete one mail."""
        with self._opened() as (server, validity):
            number = _number(provider_id, validity)
            _answer(server.uid("STORE", number, "+FLAGS", r"(\Deleted)"))
            server.expunge()

    def fetch(self, reference: str) -> bytes:
        """One enclosure of a mail."""
        name, _, index = reference.partition("/")
        with self._opened() as (server, validity):
            mail = _mail(server, _number(name, validity).encode(), "BODY.PEEK[]")
        enclosed = list(mail.iter_attachments()) if mail is not None else []
        if int(index) >= len(enclosed):
            raise CannotReach("it is gone")
        content = enclosed[int(index)].get_payload(decode=True)
        return content if isinstance(content, bytes) else enclosed[int(index)].as_bytes()

    @contextmanager
    def _opened(self) -> Iterator[tuple[imaplib.IMAP4, str]]:
        """The folder, and the number that says whether its numbers still mean the same."""
        try:
            server = self._connected()
            try:
                server.login(*self._login)
                server.select(f'"{self._folder}"')
                yield server, _answer(server.response("UIDVALIDITY")).decode()
            finally:
                with suppress(*FAULTS):
                    server.logout()
        except FAULTS as lost:
            raise TryLater(f"mailbox cannot be read ({type(lost).__name__})") from None

    def _connected(self) -> imaplib.IMAP4:
        """In clear only to a server on this very machine."""
        trust = ssl.create_default_context()
        if self._secure:
            return imaplib.IMAP4_SSL(
                self._host, self._port, ssl_context=trust, timeout=TIMEOUT_SECONDS
            )
        server = imaplib.IMAP4(self._host, self._port, timeout=TIMEOUT_SECONDS)
        if self._host not in letters.AT_HOME:
            server.starttls(trust)
        return server


def _heard(server: imaplib.IMAP4, validity: str, number: bytes) -> Heard | None:
    """One mail; what a machine wrote, or nobody can read, is marked as seen and left to people."""
    try:
        heard = _read(server, validity, number)
    except FAULTS:
        raise
    except Exception:
        heard = None
    if heard is None:
        server.uid("STORE", number.decode(), "+FLAGS", r"(\Seen)")
    return heard


def _read(server: imaplib.IMAP4, validity: str, number: bytes) -> Heard | None:
    size = letters.size_in(_answer(server.uid("FETCH", number.decode(), "(RFC822.SIZE)")))
    mail = _mail(server, number, "BODY.PEEK[]" if size <= LARGEST else "BODY.PEEK[HEADER]")
    if mail is None:
        return None
    sender = parseaddr(str(mail.get("From", "")))[1].casefold()
    if "@" not in sender or letters.is_from_a_machine(mail):
        return None
    id_, text = f"{validity}.{number.decode()}", letters.words_of(mail)
    enclosed = range(len(list(mail.iter_attachments()))) if size <= LARGEST else ()
    return Heard(
        id_,
        sender,
        text,
        language_of(text),
        files=tuple(f"{id_}/{index}" for index in enclosed),
        too_large=int(size > LARGEST),
        message=str(mail.get("Message-ID", "")),
    )


def _mail(server: imaplib.IMAP4, number: bytes, part: str) -> EmailMessage | None:
    """A mail, or None where it is gone meanwhile."""
    _, found = server.uid("FETCH", number.decode(), f"({part})")
    content = next((each[1] for each in found if isinstance(each, tuple)), None)
    if content is None:
        return None
    return email.message_from_bytes(content, policy=default)


def _number(provider_id: str, validity: str) -> str:
    """The mail's number; CannotReach when the folder was numbered anew."""
    then, _, number = provider_id.partition(".")
    if then != validity or not number.isdecimal():
        raise CannotReach("the mailbox was numbered anew")
    return number


def _answer(answered: tuple[str, list[object]]) -> bytes:
    """The first line of what the server says."""
    first = answered[1][0] if answered[1] else b""
    return first if isinstance(first, bytes) else b""
