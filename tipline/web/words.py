"""Words on pages: the language, dates and numbers as people read them."""

from datetime import date, datetime

from flask import Flask, request, session
from flask_babel import Babel, format_date, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tipline.domain import receipts
from tipline.domain.words import Text
from tipline.runtime import settings

__all__ = ["_", "_l", "install", "locale", "said"]

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}  # the accounts library has its Chinese under this name
WEEKDAYS = "一二三四五六日"


def install(app: Flask) -> None:
    """Chinese first: English only for who chose it, or whose browser knows no Chinese at all."""
    Babel(
        app,
        default_locale=LOCALES["zh"],
        default_translation_directories="../translations",
        locale_selector=_choose,
    )
    app.jinja_env.filters.update(say=said, day=day, moment=moment, grouped=receipts.grouped)
    app.jinja_env.add_extension("jinja2.ext.do")
    app.context_processor(lambda: {"locale": locale(), "product_name": _("线索直通")})


def locale() -> str:
    """The language of this request: zh or en."""
    found = get_locale()
    return found.language if found is not None and found.language in LOCALES else "zh"


def said(text: Text | str) -> str:
    """A text of the policy in the language of this request."""
    return text.in_locale(locale()) if isinstance(text, Text) else text


def day(value: date) -> str:
    """A date as it is written out."""
    if locale() == "en":
        return str(format_date(value, "d MMMM yyyy (EEE)"))
    return f"{value.year}年{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"


def moment(value: datetime) -> str:
    """An instant as local date and time."""
    local = value.astimezone(settings().zone)
    return f"{day(local.date())} {local:%H:%M}"


def _choose() -> str:
    asked = request.args.get("lang", "")
    if asked in LOCALES:
        session["lang"] = asked
    chosen = session.get("lang")
    if chosen in LOCALES:
        return LOCALES[chosen]
    accepts = [tag.lower()[:2] for tag in request.accept_languages.values()]
    return LOCALES["en" if "en" in accepts and "zh" not in accepts else "zh"]
