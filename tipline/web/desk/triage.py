"""Triage: the queue, one tip, and what the office decides about it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.domain.telltale import Telltale, find_telltales
from tipline.models import Tip
from tipline.queries import matching
from tipline.queries import triage as query
from tipline.queries.history import last_join
from tipline.queries.letters import answer_draft, hard_words, is_too_long, progress_draft, revealing
from tipline.queries.offices import home_division
from tipline.queries.tip import tip_view
from tipline.queries.triage import Filters
from tipline.queries.urgency import cluster_sizes, shown
from tipline.runtime import policy, runtime
from tipline.services import triage
from tipline.services.triage import Assessment
from tipline.web.access import actor, may, needs
from tipline.web.desk import pages
from tipline.web.words import _, said

CHANNELS = ("web", "sms", "telegram", "email", "phone", "api")


@pages.get("/")
@needs("tip:read")
def queue() -> str:
    """Tips that wait for triage, most urgent first."""
    filters, now = _filters(), clock.now()
    if request.args.get("keys") in ("on", "off"):
        session["keys"] = request.args["keys"]
    found = query.triage_queue(actor(), filters, after=request.args.get("after"), now=now)
    return render_template(
        "desk/triage/queue.html",
        rows=found.rows,
        sizes=cluster_sizes(row.cluster_id for row in found.rows),
        filters=asdict(filters),
        choices=_choices(),
        more=_more(filters, found.after),
    )


@pages.get("/unread")
@needs("tip:words")
def unread() -> str:
    """Tips whose reporter said more, or took back what was said."""
    return render_template(
        "desk/triage/unread.html",
        rows=query.unread(actor()),
        withdrawn=query.withdrawn(actor()),
        taken_apart=query.taken_apart(actor()),
    )


@pages.get("/tips/<int:tip_id>")
@needs("tip:read")
def tip(tip_id: int) -> str:
    """One tip, without the reporter's words."""
    return page_of(tip_id)


@pages.post("/tips/<int:tip_id>/words")
@needs("tip:words")
def open_words(tip_id: int) -> str:
    """Show the reporter's words; that they were opened is recorded first."""
    triage.open_words(tip_id, by=actor(), now=clock.now())
    return page_of(tip_id, words=True)


@pages.post("/tips/<int:tip_id>/accept")
@needs("tip:triage")
def accept(tip_id: int) -> str | Response:
    """Accept the tip; its case goes to the pool with this brief."""
    form, judged = request.form, query.tip_for(actor(), tip_id).priority
    priority, why = _priority(form.get("priority", ""), judged), form.get("why", "").strip()
    if not form.get("brief", "").strip():
        return page_of(tip_id, errors={"brief": _("请写给检查人员看的摘要。")})
    if priority != judged and not why:
        return page_of(tip_id, errors={"why": _("请写明为什么改缓急。")})
    assessed = Assessment(
        brief=form["brief"],
        priority=priority,
        why=why,
        category=_known(form.get("category", ""), policy().categories, "unknown"),
        division=_known(form.get("division", ""), policy().divisions.names, ""),
        address=form.get("address", ""),
        floor=form.get("floor", ""),
    )
    triage.accept(tip_id, by=actor(), assessed=assessed, now=clock.now())
    return done(_("已受理，案件已进入待领取池。"))


@pages.post("/tips/<int:tip_id>/decline")
@needs("tip:triage")
def decline(tip_id: int) -> str | Response:
    """Decline the tip; the reporter reads the reason and the other remedy."""
    reason = request.form.get("reason", "")
    if reason not in policy().decline_reasons:
        return page_of(tip_id, errors={"reason": _("请选择不予受理的理由。")})
    note = request.form.get("note", "")
    triage.decline(tip_id, by=actor(), reason=reason, note=note, now=clock.now())
    return done(_("已记录不予受理，举报人会看到理由和其他途径。"))


@pages.post("/tips/<int:tip_id>/refer")
@needs("tip:triage")
def refer(tip_id: int) -> str | Response:
    """Hand the matter to another department."""
    department = request.form.get("department", "")
    if department not in policy().departments:
        return page_of(tip_id, errors={"department": _("请选择接收部门。")})
    note = request.form.get("note", "")
    triage.refer(tip_id, by=actor(), department=department, note=note, now=clock.now())
    return done(_("已转交。"))


@pages.post("/tips/<int:tip_id>/drop")
@needs("tip:triage")
def drop(tip_id: int) -> Response:
    """Leave a withdrawn matter alone."""
    triage.drop(tip_id, by=actor(), now=clock.now())
    return done(_("已结束，不再处理。"))


@pages.post("/tips/<int:tip_id>/ask")
@needs("tip:ask")
def ask(tip_id: int) -> str | Response:
    """Ask the reporter a question."""
    body = request.form.get("body", "")
    if not body.strip():
        return page_of(tip_id, errors={"body": _("请写下要问的问题。")})
    triage.ask(tip_id, by=actor(), body=body.strip(), now=clock.now())
    flash(_("问题已放到举报人的查询页面。"))
    return redirect(url_for("desk.tip", tip_id=tip_id))


def page_of(tip_id: int, *, words: bool = False, errors: Mapping[str, str] | None = None) -> str:
    """The page of one tip, with what was typed on it when something was missing."""
    now = clock.now()
    found = query.tip_for(actor(), tip_id)
    key = runtime().desk_words.tip_key(found.key_for_desk) if words else None
    view = tip_view(found, key=key, now=now)
    told = " ".join((view["words"] or {}).values())
    return render_template(
        "desk/triage/tip.html",
        **view,
        telltales=_listed(find_telltales(told, policy().identity_words)),
        actions=_actions(found),
        categories=[(kind.id, kind.label) for kind in policy().categories.values()],
        divisions=policy().divisions.children(home_division()),
        decline_reasons=[(each.id, each.label) for each in policy().decline_reasons.values()],
        departments=[(each.id, each.name) for each in policy().departments.values()],
        joinable=query.joinable(actor(), found),
        urgency=shown(found, now=now) if found.status == "received" else None,
        alike=cluster_sizes({found.cluster_id}).get(found.cluster_id, 0),
        suggested=matching.for_tip(actor(), found) if may("tip:triage") else [],
        answer_draft=request.form.get("answer") or answer_draft(found),
        progress_draft=progress_draft(found),
        answer_warnings=_listed(revealing(found, request.form.get("answer", ""))),
        progress_warnings=_listed(revealing(found, request.form.get("body", ""))),
        plainer=_plainer(found, request.form.get("answer", "")),
        typed=request.form if errors else {},
        errors=errors or {},
    )


def _listed(found: Iterable[Telltale]) -> list[str]:
    return list(dict.fromkeys(f"{each.matched}：{said(each.reason)}" for each in found))


def _plainer(found: Tip, answer: str) -> list[str]:
    """How the answer could be easier to read; advice only."""
    advice = [f"{hard.word} → {said(hard.say)}" for hard in hard_words(found, answer)]
    return advice + ([_("太长了，读的人会看不完。")] if is_too_long(answer) else [])


def _actions(found: Tip) -> set[str]:
    """What may be done to a tip now, by whom this is."""
    live, waits = found.status in ("received", "accepted"), found.case.status == "received"
    received, withdrawn = found.status == "received", found.status == "withdrawn" and waits
    apart = found.status == "accepted" and waits
    possible = {
        "open_words": ("tip:words", True),
        "accept": ("tip:triage", waits and (received or withdrawn or apart)),
        "decline": ("tip:triage", received),
        "refer": ("tip:triage", received),
        "join": ("tip:triage", received),
        "promote": ("tip:triage", received and found.lane == "slow"),
        "unjoin": ("tip:triage", live and last_join(found) is not None),
        "drop": ("tip:triage", withdrawn),
        "ask": ("tip:ask", live),
        "progress": ("answer:release", live),
        "start_again": ("tip:triage", live),
        "answer": (
            "answer:release",
            found.status == "accepted" and found.case.status == "concluded",
        ),
    }
    return {act for act, (permission, can) in possible.items() if can and may(permission)}


def done(message: str) -> Response:
    """Back to the queue, with a word of what was done."""
    flash(message)
    return redirect(url_for("desk.queue"))


def _filters() -> Filters:
    args = request.args
    return Filters(
        district=_known(args.get("district", ""), policy().divisions.names, ""),
        category=_known(args.get("category", ""), policy().categories, ""),
        channel=_known(args.get("channel", ""), dict.fromkeys(CHANNELS), ""),
        overdue=args.get("overdue") == "1",
        lane="slow" if args.get("lane") == "slow" else "",
        cluster=cluster if (cluster := args.get("cluster", "")).isdecimal() else "",
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    districts = policy().divisions.children(home_division())
    return {
        "district": [(area.code, area.name) for area in districts],
        "category": [(kind.id, said(kind.label)) for kind in policy().categories.values()],
        "channel": [(name, name) for name in CHANNELS],
    }


def _more(filters: Filters, after: str | None) -> str | None:
    if after is None:
        return None
    narrowed = {name: "1" if value is True else value for name, value in asdict(filters).items()}
    kept: dict[str, Any] = {name: value for name, value in narrowed.items() if value}
    return url_for("desk.queue", after=after, **kept)


def _priority(typed: str, otherwise: int) -> int:
    return int(typed) if typed in ("1", "2", "3", "4") else otherwise


def _known(value: str, among: Mapping[str, object], otherwise: str) -> str:
    return value if value in among else otherwise
