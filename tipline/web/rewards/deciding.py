"""Deciding: one reward, the approvals of others, and what joint reporters agreed to."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.domain.dates import last_day
from tipline.domain.words import Text
from tipline.models import Reward
from tipline.queries import rewards as query
from tipline.runtime import settings
from tipline.services.rewards import agreeing, deciding, paying, sharing
from tipline.web.access import actor, may, needs
from tipline.web.rewards import pages
from tipline.web.rewards.refusals import REFUSALS, why
from tipline.web.words import _


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
        return _page(reward_id, why(refused))
    return _done(reward_id, _("已批准。"))


@pages.post("/<int:reward_id>/refuse")
@needs("reward:approve")
def refuse(reward_id: int) -> str | Response:
    """Refuse the proposal, with a reason."""
    reason = request.form.get("reason", "")
    try:
        deciding.refuse(reward_id, by=actor(), reason=reason, now=clock.now())
    except tuple(REFUSALS) as refused:
        return _page(reward_id, why(refused))
    return _done(reward_id, _("已退回。"))


@pages.post("/<int:reward_id>/agreed")
@needs("reward:propose")
def agreed(reward_id: int) -> str | Response:
    """A joint reporter agreed to the split at the counter."""
    document = request.form.get("paper", "")
    try:
        agreeing.agree_at_counter(reward_id, by=actor(), document=document, now=clock.now())
    except agreeing.DocumentMissing as refused:
        return _page(reward_id, why(refused))
    return _done(reward_id, _("已登记，这位举报人同意分配。"))


@pages.post("/<int:reward_id>/take-back")
@needs("reward:approve")
def take_back(reward_id: int) -> str | Response:
    """Revoke a reward that was paid."""
    reason = request.form.get("reason", "")
    try:
        paying.take_back(reward_id, by=actor(), reason=reason, now=clock.now())
    except tuple(REFUSALS) as refused:
        return _page(reward_id, why(refused))
    return _done(reward_id, _("已撤销，并记入追回。"))


def _page(reward_id: int, errors: Mapping[str, str]) -> str:
    found = query.reward_for(actor(), reward_id, "reward:read")
    whole = sharing.whole(found)
    return render_template(
        "rewards/reward.html",
        reward=found,
        whole=whole,
        lines=_lines(found),
        until=last_day(found.claim_until, settings().zone) if found.claim_until else None,
        approvals=_approvals(whole),
        ranking=query.ranking(found.tip),
        actions=_actions(found, whole),
        typed=request.form if errors else {},
        errors=errors,
    )


def _approvals(whole: Sequence[Reward]) -> dict[str, int]:
    """What each missing approval is about, in fen: all parts that wait for it."""
    found: dict[str, int] = {}
    for reward in whole:
        for name in deciding.outstanding(reward):
            found[name] = found.get(name, 0) + (reward.amount_fen or 0)
    return found


def _lines(found: Reward) -> list[dict[str, Any]]:
    return [
        {"rule": line["rule"], "effect": Text(zh=line["zh"], en=line["en"])}
        for line in found.facts["lines"]
    ]


def _actions(found: Reward, whole: Sequence[Reward]) -> set[str]:
    allowed = set()
    if may("reward:approve"):
        allowed |= {"proposed": {"approve", "refuse"}, "paid": {"take_back"}}.get(
            found.status, set()
        )
    if may("reward:propose"):
        mine = any(part.part == "proposer" and part.staff_id == actor().id for part in found.parts)
        changeable = all(each.status in query.OPEN for each in whole)
        allowed |= {"change"} if mine and changeable else set()
        waits = found.joint_id and not found.agreed and found.status in sharing.OPEN_TO_AGREE
        allowed |= {"agree"} if waits else set()
    return allowed


def _done(reward_id: int, message: str) -> Response:
    flash(message)
    return redirect(url_for("rewards.reward", reward_id=reward_id))
