"""What people read when something went wrong: what to do next, and what they had typed."""

import structlog
from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tipline import clock
from tipline.domain.actors import NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.web.public import draft, report, status
from tipline.web.words import _

TYPED = ("facts", "body", "brief", "answer", "note", "when", "who", "address", "landmark")
log = structlog.get_logger()
SERVER_FAULT = 500


def install(app: Flask) -> None:
    """Our pages for every error."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(NotThere, lambda error: _page(404))
    app.register_error_handler(IllegalTransition, lambda error: _page(409))
    app.register_error_handler(Exception, _unexpected)


def _words(code: int) -> tuple[str, str]:
    known = {
        400: (
            _("这个请求我们没能读懂"),
            _("请返回上一页再试一次。您填写的内容在下面，可以先复制保存。"),
        ),
        401: (_("请先登录"), _("登录后再试一次。您填写的内容在下面，可以先复制保存。")),
        403: (_("您不能打开这个页面"), _("如果您认为这是误会，请联系本单位管理员。")),
        404: (_("没有找到这个页面"), _("请检查网址，或者回到首页。")),
        405: (_("这个页面不能这样打开"), _("请从首页重新进入。")),
        409: (_("别人刚刚处理过了"), _("内容已经变化，请返回并刷新页面，看看最新的情况。")),
        413: (
            _("内容太大，没能收下"),
            _("请返回上一页，把文字缩短或分几次发送，您写的内容还在上一页。"),
        ),
        429: (_("操作太频繁了"), _("请过一分钟再试。")),
        503: (_("系统正忙"), _("请过一分钟再试。您填写的内容在下面，可以先复制保存。")),
    }
    return known.get(
        code, (_("出错了，是我们的问题"), _("请稍后再试。您填写的内容在下面，可以先复制保存。"))
    )


def _page(code: int) -> tuple[str, int]:
    title, advice = _words(code)
    page = render_template(
        "errors/error.html",
        title=title,
        advice=advice,
        typed=_typed(code),
        retry=_retry(code),
        public_pages="public" in current_app.blueprints,
    )
    return page, code


def _typed(code: int) -> str | None:
    """What the person had typed; a body that was too large was never read."""
    if code == 413 or request.method != "POST":
        return None
    typed = [request.form[name] for name in TYPED if request.form.get(name)]
    return "\n\n".join(typed + _drafted()) or None


def _drafted() -> list[str]:
    """The answers of the earlier pages of a report."""
    if request.endpoint != "public.report":
        return []
    so_far = draft.read(request.form.get("draft", ""), now=clock.now())
    return [so_far.answers[name] for name in TYPED if so_far.answers.get(name)]


def _retry(code: int) -> dict[str, str] | None:
    """What to send again when our own fault stopped a report; the receipt stays the same."""
    if code < SERVER_FAULT or request.endpoint != "public.report" or request.method != "POST":
        return None
    return request.form.to_dict()


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    return error if code < 400 else _page(code)


def _stale(error: CSRFError) -> tuple[str, int]:
    """The browser kept no cookie, or an old one: citizens get the same page again, filled in."""
    pages = {"public.report": report.again, "public.status": status.again}
    again = pages.get(request.endpoint or "")
    return (again(), 400) if again else _page(400)


def _unexpected(error: Exception) -> tuple[str, int]:
    log.error(
        "request_failed", kind=type(error).__name__, endpoint=request.endpoint, exc_info=error
    )
    return _page(500)
