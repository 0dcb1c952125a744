"""Proposing: what the scheme says of a tip, the proposal, and another one in its place."""

from collections.abc import Mapping
from typing import get_args

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.domain.rewards.facts import Level
from tipline.models import Reward, Tip
from tipline.queries import rewards as query
from tipline.services.rewards import deciding, weighing
from tipline.services.rewards.deciding import Proposal
from tipline.services.rewards.weighing import Judged
from tipline.web.access import actor, needs
from tipline.web.amounts import fen
from tipline.web.rewards import pages
from tipline.web.rewards.refusals import REFUSALS, why
from tipline.web.typed import number
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
        return _weighed(tip, why(refused))
    flash(_("已提出，等待审批。"))
    return redirect(url_for("rewards.reward", reward_id=found))


@pages.get("/<int:reward_id>/change")
@needs("reward:propose")
def change(reward_id: int) -> str:
    """Another amount or split in place of what was proposed; what becomes void is said here."""
    whole = query.whole_for(actor(), reward_id, "reward:propose")
    return _weighed(whole[0].tip, {}, whole=whole)


@pages.post("/<int:reward_id>/change")
@needs("reward:propose")
def changed(reward_id: int) -> str | Response:
    """Work it out anew, or put it in place of what was proposed."""
    whole = query.whole_for(actor(), reward_id, "reward:propose")
    if request.form.get("go") != "propose":
        return _weighed(whole[0].tip, {}, whole=whole)
    try:
        deciding.change(reward_id, by=actor(), proposal=_proposal(), now=clock.now())
    except tuple(REFUSALS) as refused:
        return _weighed(whole[0].tip, why(refused), whole=whole)
    flash(_("已改，原来的批准作废，重新等待审批。"))
    return redirect(url_for("rewards.reward", reward_id=reward_id))


def _judged(form: Mapping[str, str]) -> Judged:
    """What was ticked; on the first look nothing was, and nobody is taken for excluded."""
    level = form.get("evidence_level", "")
    return Judged(
        evidence_level=level if level in LEVELS else None,  # type: ignore[arg-type]
        previously_unknown=form.get("previously_unknown", "yes") == "yes",
        decisive=form.get("decisive") == "yes",
        merit=form.get("merit") == "yes",
        insider=form.get("insider") == "yes",
        excluded_as=form.get("excluded_as") or None,
    )


def _proposal() -> Proposal:
    form = request.form
    amount = fen(form.get("amount_yuan", ""))
    together = {tip_id: _part(tip_id) for tip_id in map(number, form.getlist("together")) if tip_id}
    return Proposal(
        judged=_judged(form),
        amount_fen=amount,
        reason=form.get("reason", ""),
        together=together if len(together) > 1 else {},
    )


def _part(tip_id: int) -> int | None:
    """What was typed as somebody's part; nonsense counts as nothing, which no part may be."""
    typed = request.form.get(f"part_{tip_id}", "")
    return (fen(typed) or 0) if typed.strip() else None


def _typed(whole: list[Reward]) -> Mapping[str, str]:
    """What was typed; at first what stands in the proposal that is about to be changed."""
    if request.method == "POST" or not whole:
        return request.form
    judged, reason = whole[0].facts["judged"], whole[0].reason
    ticked = {name: "yes" for name, value in judged.items() if value is True}
    known = "yes" if judged["previously_unknown"] else "no"
    said = {name: judged[name] or "" for name in ("evidence_level", "excluded_as")}
    amount = {"amount_yuan": f"{sum(each.amount_fen or 0 for each in whole) / 100:.2f}"}
    parts = {f"part_{each.tip_id}": f"{(each.amount_fen or 0) / 100:.2f}" for each in whole}
    return ticked | said | amount | parts | {"previously_unknown": known, "reason": reason}


def _weighed(tip: Tip, errors: Mapping[str, str], *, whole: list[Reward] | None = None) -> str:
    scheme, whole = weighing.scheme_for(tip), whole or []
    typed = _typed(whole)
    return render_template(
        "rewards/weigh.html",
        tip=tip,
        whole=whole,
        scheme=scheme,
        quote=weighing.quote_for(tip, _judged(typed)),
        exclusions=list(scheme.eligibility.exclusions.items()),
        ranking=query.ranking(tip),
        others=[each.tip for each in whole] or query.joinable(tip),
        together=request.form.getlist("together"),
        typed=typed,
        errors=errors,
    )
