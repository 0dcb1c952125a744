"""Deciding: what the scheme says of a tip, the proposal, and the approvals of others."""

from collections.abc import Mapping
from typing import Any, get_args

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.domain.dates import last_day
from tipline.domain.rewards.facts import Level
from tipline.domain.words import Text
from tipline.models import Reward, Tip
from tipline.queries import rewards as query
from tipline.runtime import settings
from tipline.services.rewards import deciding, ledger, paying, weighing
from tipline.services.rewards.deciding import Proposal
from tipline.services.rewards.weighing import Judged
from tipline.web.access import actor, may, needs
from tipline.web.amounts import fen
from tipline.web.rewards import pages
from tipline.web.words import _

LEVELS = get_args(Level)


@pages.get("/tips/<int:tip_id>")
@needs("reward:propose")
def weigh(tip_id: int) -> str:
    """What the scheme gives for a tip, line by line."""
    return _weighed(query.proposable(actor(), tip_id), {})


@pages.post("/tips/<int:tip_id>")
@needs("reward:propose")
def propose(tip_id: int) -> str | Response:
    """Work it out anew with what was judged, or propose it."""
    tip = query.proposable(actor(), tip_id)
    if request.form.get("go") != "propose":
        return _weighed(tip, {})
    try:
        found = deciding.propose(tip_id, by=actor(), proposal=_proposal(), now=clock.now())
    except tuple(REFUSALS) as refused:
        return _weighed(tip, _why(refused))
    flash(_("已提出，等待审批。"))
    return redirect(url_for("rewards.reward", reward_id=found))


@pages.get("/<int:reward_id>")
@needs("reward:read")
def reward(reward_id: int) -> str:
    """One reward: why, how much, who had which part, and the money."""
    return _page(reward_id, {})


@pages.post("/<int:reward_id>/approve")
@needs("reward:approve")
def approve(reward_id: int) -> str | Response:
    """Approve exactly what the page showed."""
    form = request.form
    shown = form.get("amount_fen", "")
    if form.get("name") != "reward_approver" and not form.get("document", "").strip():
        return _page(reward_id, {"document": _("请填写同意的文件号。")})
    try:
        deciding.approve(
            reward_id,
            by=actor(),
            name=form.get("name", ""),
            amount_fen=int(shown) if shown.isdecimal() and len(shown) < 16 else -1,
            document=form.get("document", "").strip(),
            now=clock.now(),
        )
    except tuple(REFUSALS) as refused:
        return _page(reward_id, _why(refused))
    return _done(reward_id, _("已批准。"))


@pages.post("/<int:reward_id>/refuse")
@needs("reward:approve")
def refuse(reward_id: int) -> str | Response:
    """Refuse the proposal, with a reason."""
    reason = request.form.get("reason", "")
    try:
        deciding.refuse(reward_id, by=actor(), reason=reason, now=clock.now())
    except tuple(REFUSALS) as refused:
        return _page(reward_id, _why(refused))
    return _done(reward_id, _("已退回。"))


@pages.post("/<int:reward_id>/take-back")
@needs("reward:approve")
def take_back(reward_id: int) -> str | Response:
    """Revoke a reward that was paid."""
    reason = request.form.get("reason", "")
    try:
        paying.take_back(reward_id, by=actor(), reason=reason, now=clock.now())
    except tuple(REFUSALS) as refused:
        return _page(reward_id, _why(refused))
    return _done(reward_id, _("已撤销，并记入追回。"))


def _judged() -> Judged:
    """What was ticked; on the first look nothing was, and nobody is taken for excluded."""
    form, level = request.form, request.form.get("evidence_level", "")
    joint = form.get("joint", "")
    return Judged(
        evidence_level=level if level in LEVELS else None,  # type: ignore[arg-type]
        previously_unknown=form.get("previously_unknown", "yes") == "yes",
        decisive=form.get("decisive") == "yes",
        merit=form.get("merit") == "yes",
        insider=form.get("insider") == "yes",
        joint=int(joint) if joint.isdecimal() and 1 <= int(joint[:3]) <= 99 else 1,
        excluded_as=form.get("excluded_as") or None,
    )


def _proposal() -> Proposal:
    form = request.form
    amount = fen(form.get("amount_yuan", ""))
    return Proposal(judged=_judged(), amount_fen=amount, reason=form.get("reason", ""))


REFUSALS: Mapping[type[Exception], str] = {
    deciding.SamePerson: "person",
    deciding.NotEligible: "go",
    deciding.OutOfRange: "amount_yuan",
    deciding.ReasonMissing: "reason",
    ledger.OverBudget: "go",
    weighing.NoScheme: "go",
}


def _why(refused: Exception) -> dict[str, str]:
    words = {
        deciding.SamePerson: _("您已经参与过这笔奖励或这个案件，须由别人来办。"),
        deciding.NotEligible: _("按现有情况，本办法没有应得的奖励。"),
        deciding.OutOfRange: _("请在办法允许的范围内填写金额（元）。"),
        deciding.ReasonMissing: _("请写明理由。"),
        ledger.OverBudget: _("超过本年度奖励经费上限，须先调整经费。"),
        weighing.NoScheme: _("受理当日没有适用的奖励办法。"),
    }
    return {REFUSALS[type(refused)]: words[type(refused)]}


def _weighed(tip: Tip, errors: Mapping[str, str]) -> str:
    scheme = weighing.scheme_for(tip)
    return render_template(
        "rewards/weigh.html",
        tip=tip,
        scheme=scheme,
        quote=weighing.quote_for(tip, _judged()),
        exclusions=list(scheme.eligibility.exclusions.items()),
        ranking=query.ranking(tip),
        typed=request.form,
        errors=errors,
    )


def _page(reward_id: int, errors: Mapping[str, str]) -> str:
    found = query.reward_for(actor(), reward_id, "reward:read")
    return render_template(
        "rewards/reward.html",
        reward=found,
        lines=_lines(found),
        until=last_day(found.claim_until, settings().zone) if found.claim_until else None,
        outstanding=deciding.outstanding(found),
        ranking=query.ranking(found.tip),
        actions=_actions(found),
        typed=request.form if errors else {},
        errors=errors,
    )


def _lines(found: Reward) -> list[dict[str, Any]]:
    return [
        {"rule": line["rule"], "effect": Text(zh=line["zh"], en=line["en"])}
        for line in found.facts["lines"]
    ]


def _actions(found: Reward) -> set[str]:
    if not may("reward:approve"):
        return set()
    return {"proposed": {"approve", "refuse"}, "paid": {"take_back"}}.get(found.status, set())


def _done(reward_id: int, message: str) -> Response:
    flash(message)
    return redirect(url_for("rewards.reward", reward_id=reward_id))
