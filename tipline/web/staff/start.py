"""Where everybody goes after log-in: to the first page their role works on."""

from flask import Flask, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from tipline.web.access import SIGNED_IN, may, needs
from tipline.web.staff import pages
from tipline.web.words import _

PLACES = (
    ("tip:triage", "desk.queue"),
    ("case:claim", "field.pool"),
    ("tip:read", "desk.queue"),
    ("reward:read", "rewards.candidates"),
    ("reward:pay", "rewards.payments"),
    ("identity:approve", "reveal.requests"),
    ("staff:manage", "staff.accounts"),
    ("journal:read", "desk.journal"),
    ("tip:take_in", "desk.take_in"),
)


@pages.get("/start")
@needs(SIGNED_IN)
def start() -> Response | str:
    """To the first page this role works on."""
    for permission, endpoint in PLACES:
        if may(permission):
            return redirect(url_for(endpoint))
    return render_template("staff/nothing.html")


def navigation() -> list[tuple[str, str, bool]]:
    """The menu of whoever is signed in: label, address, and whether we are there."""
    offered = (
        ("tip:take_in", _("登记"), "desk.take_in"),
        ("tip:take_in", _("核对查询码"), "desk.code"),
        ("tip:read", _("举报队列"), "desk.queue"),
        ("case:read", _("搜索"), "desk.search"),
        ("tip:words", _("新补充"), "desk.unread"),
        ("answer:release", _("待答复"), "desk.answers_due"),
        ("tip:ask", _("未送达"), "desk.undelivered"),
        ("case:pool", _("案件"), "field.pool"),
        ("reward:read", _("奖励"), "rewards.candidates"),
        ("reward:read", _("在办奖励"), "rewards.under_way"),
        ("reward:pay", _("发放"), "rewards.payments"),
        ("alarm:handle", _("告急"), "desk.alarm_list"),
        ("case:assign", _("督导"), "desk.supervision"),
        ("canary:plant", _("测试线索"), "desk.canary_list"),
        ("transfer:decide", _("移送审批"), "desk.transfers"),
        ("case:work", _("复查"), "field.revisit_list"),
        ("clock:read", _("期限"), "desk.deadlines"),
        ("clock:decide", _("延期审批"), "desk.time_requests"),
        ("clock:read", _("比率"), "desk.rates"),
        ("identity:request", _("身份查看"), "reveal.requests"),
        ("identity:approve", _("身份查看"), "reveal.requests"),
        ("journal:read", _("日志"), "desk.journal"),
        ("staff:manage", _("账号"), "staff.accounts"),
        ("office:manage", _("机构"), "staff.offices"),
    )
    mine = (None, _("我的提醒"), "staff.mine")
    return [
        (label, url_for(endpoint), request.endpoint == endpoint)
        for permission, label, endpoint in (*offered, mine)
        if permission is None or may(permission)
    ]


def install(app: Flask) -> None:
    """Give every staff page its menu and the viewer's own name."""
    app.context_processor(
        lambda: {
            "viewer": current_user,
            "nav": navigation() if current_user.is_authenticated else [],
        }
    )
