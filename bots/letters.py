"""Letters: what a mail says, without what was quoted, and whether a machine wrote it."""

import html
import re
from email.message import EmailMessage

import nh3

AT_HOME = ("127.0.0.1", "localhost", "::1")
MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply)@", re.IGNORECASE)
QUOTED = re.compile(
    r"^\s*>|^\s*(On .{0,200} wrote|在.{0,200}写道|.{0,200}于.{0,100}写道)\s*[:：]\s*$"
)
BELOW_IS_OLD = re.compile(
    r"^\s*-{2,}\s*(Original Message|Forwarded message|原始邮件|回复的原邮件|转发的邮件)"
    r"|^(From|发件人)\s*[:：].*@",
    re.IGNORECASE,
)
SIGNATURE = "-- "
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def words_of(mail: EmailMessage) -> str:
    """What was written, with the subject where it begins a matter, without what was quoted."""
    body = _without_quotes(_body(mail)).strip()
    is_reply = "In-Reply-To" in mail or "References" in mail
    subject = "" if is_reply else str(mail.get("Subject", "")).strip()
    return "\n".join(part for part in (subject, body) if part)


def is_from_a_machine(mail: EmailMessage) -> bool:
    """Whether an answer would go to a machine, which might answer again."""
    automatic = str(mail.get("Auto-Submitted", "no")).casefold() != "no"
    bulk = str(mail.get("Precedence", "")).casefold() in ("bulk", "junk", "list", "auto_reply")
    bounced = str(mail.get("Return-Path", "")).strip() == "<>"
    sender = str(mail.get("From", ""))
    named = MACHINES.search(sender.rpartition("<")[2])
    return automatic or bulk or bounced or "List-Id" in mail or named is not None


def size_in(answer: bytes) -> int:
    """The size that a server tells."""
    found = SIZE.search(answer)
    return int(found[1]) if found else 0


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeError):
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if part.get_content_subtype() != "html":
        return text
    broken = re.sub(r"(?i)<(br|/p|/div|/li|/tr)\b[^>]*>", "\n", text)
    return html.unescape(nh3.clean(broken, tags=set()))


def _without_quotes(text: str) -> str:
    kept = []
    for line in text.splitlines():
        if BELOW_IS_OLD.search(line) or line == SIGNATURE:
            break
        if not QUOTED.search(line):
            kept.append(line)
    return "\n".join(kept)
