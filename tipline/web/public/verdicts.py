"""The reporter's last word, and the alarm that passes the unit by."""

from datetime import datetime

from flask import request

from tipline.services import alarms, verdicts
from tipline.web.words import _

Said = tuple[str | None, dict[str, str]]
VERDICTS = {"content": (True, True), "answered": (True, False), "unanswered": (False, False)}


def rate(code: str, *, now: datetime) -> Said:
    """Say whether the matter was answered and one is content."""
    chosen = VERDICTS.get(request.form.get("verdict", ""))
    if chosen is None:
        return None, {"verdict": _("请选一项。")}
    answered, content = chosen
    if verdicts.rate(code, answered=answered, content=content, now=now):
        return _("已记下。这件事会换一位执法人员重新核查，结果仍凭查询码查看。"), {}
    return _("已记下，谢谢您。"), {}


def alarm(code: str, *, now: datetime) -> Said:
    """Say that one is threatened, or that somebody here did wrong."""
    kind, words = request.form.get("alarm_kind", ""), request.form.get("alarm_words", "")
    try:
        alarms.raise_alarm(code, kind=kind, words=words, now=now)
    except alarms.NothingSaid:
        return None, {"alarm_words": _("请写下发生了什么，一句话也行。")}
    return _("已直接交给上级，承办单位看不到。有人身危险请马上打 110。"), {}
