"""One more way to be reached, left with the code: a number, or a mailbox where mail is set up."""

from datetime import datetime

from flask import request

from tipline.runtime import settings
from tipline.services import feedback
from tipline.web.contacts import phone_of
from tipline.web.words import _

LONGEST_ADDRESS = 254


def leave(code: str, *, now: datetime) -> tuple[str | None, dict[str, str]]:
    """Keep what was typed, sealed; nobody at the office sees it."""
    typed = request.form.get("contact", "").strip()
    contact = _read(typed)
    if contact is None:
        return None, {"contact": _("请写手机号码或电子邮箱，要写完整。")}
    feedback.leave_contact(code, contact=contact, now=now)
    return _("记下了。一种方式送不到时，我们会用另一种通知您。"), {}


def takes_mail() -> bool:
    """Whether mail goes out at all."""
    return bool(settings().smtp_url)


def _read(typed: str) -> tuple[str, str] | None:
    if "@" in typed and takes_mail():
        name, _at, host = typed.rpartition("@")
        fits = typed.isprintable() and " " not in typed and len(typed) <= LONGEST_ADDRESS
        return ("email", typed) if name and "." in host and fits else None
    number = phone_of(typed)
    return ("sms", number) if number else None
