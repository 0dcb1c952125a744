"""The quote: eligibility, amount or range, approvals and claim, each with the line that decided."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tipline.domain.rewards.amounts import OPEN, Amount, amount_for, part_of
from tipline.domain.rewards.eligibility import conditions
from tipline.domain.rewards.facts import Facts
from tipline.domain.rewards.lines import Line, line, yuan
from tipline.domain.rewards.schemes import Approval, Claim, Scheme, fen


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What a reporter would get: `amount_fen`, or `range_fen` where somebody has to decide."""

    eligible: bool
    amount_fen: int | None = None
    range_fen: tuple[int, int | None] | None = None
    approvals: tuple[Approval, ...] = ()
    claim: Claim
    lines: tuple[Line, ...]


def quote(scheme: Scheme, facts: Facts) -> Quote:
    """What this scheme gives for these facts, and why. Pure; money in whole fen."""
    checked = conditions(scheme, facts)
    lines = tuple(condition.line for condition in checked)
    if any(condition.met is False for condition in checked):
        return Quote(eligible=False, claim=scheme.claim, lines=lines)
    amount = amount_for(scheme, facts)
    if amount is None:
        nothing = line(
            "formula", "按本办法没有应得的奖励", "the scheme gives nothing for these facts"
        )
        return Quote(eligible=False, claim=scheme.claim, lines=(*lines, nothing))
    for adjust in (_add, _reward_insider, _raise_for_merit, _cut, _leave_later_to_discretion):
        amount = adjust(scheme, facts, amount)
    approvals = tuple(_approvals(scheme, facts, amount))
    return Quote(
        eligible=True,
        amount_fen=amount.low if amount.fixed else None,
        range_fen=None
        if amount.fixed
        else (amount.low, None if amount.high >= OPEN else amount.high),
        approvals=approvals,
        claim=scheme.claim,
        lines=(
            *lines,
            *amount.lines,
            *(_approval_line(each) for each in approvals),
            _terms(scheme),
        ),
    )


def _with(amount: Amount, low: int, high: int, why: Line) -> Amount:
    return Amount(low, high, (*amount.lines, why))


def _add(scheme: Scheme, facts: Facts, amount: Amount) -> Amount:
    """Amounts for each of something, such as a hidden death."""
    for addition in scheme.additions:
        number = facts.counts.get(addition.counts, 0)
        more = number * fen(addition.amount_yuan)
        if more:
            why = line(
                f"additions.{addition.counts}",
                f"{addition.counts} {number}：另加 {yuan(more)} 元",
                f"{number} × {addition.counts}: {yuan(more)} yuan more",
            )
            amount = _with(amount, amount.low + more, _sum(amount.high, more), why)
    return amount


def _sum(high: int, more: int) -> int:
    return high if high >= OPEN else high + more


def _reward_insider(scheme: Scheme, facts: Facts, amount: Amount) -> Amount:
    """An insider's share on top, or a range above what anybody else would have."""
    insider = scheme.insider
    if not facts.insider:
        return amount
    if insider.added_share_percent:
        percent = insider.added_share_percent
        why = line(
            "insider.added_share_percent",
            f"内部知情人增加 {percent}%",
            f"an insider has {percent} % more",
        )
        low = amount.low + part_of(amount.low, percent)
        high = _sum(amount.high, part_of(amount.high, percent))
        amount = _with(amount, low, high, why)
    if insider.higher_allowed:
        top = OPEN if scheme.cap_yuan is None else max(amount.high, fen(scheme.cap_yuan))
        why = line(
            "insider.higher_allowed", "内部知情人可以提高标准", "an insider may be given more"
        )
        amount = _with(amount, amount.low, top, why)
    return amount


def _raise_for_merit(scheme: Scheme, facts: Facts, amount: Amount) -> Amount:
    merit = scheme.special_merit
    if merit is None or not facts.merit:
        return amount
    top = max(amount.high, fen(merit.max_yuan))
    why = line(
        "special_merit",
        f"特别贡献可增至 {yuan(top)} 元",
        f"up to {yuan(top)} yuan for special merit",
    )
    return _with(amount, amount.low, top, why)


def _cut(scheme: Scheme, facts: Facts, amount: Amount) -> Amount:
    """Never below the floor, never above the cap; the cap has the last word."""
    floor, cap = fen(scheme.floor_yuan), _cap(scheme, facts)
    low, high = min(max(amount.low, floor), cap), min(max(amount.high, floor), cap)
    if floor > amount.low:
        why = line("floor_yuan", f"最低 {yuan(floor)} 元", f"at least {yuan(floor)} yuan")
        amount = _with(amount, low, high, why)
    if cap < amount.high:
        why = line("cap_yuan", f"最高 {yuan(cap)} 元", f"at most {yuan(cap)} yuan")
        amount = _with(amount, low, high, why)
    return replace(amount, low=low, high=high)


def _cap(scheme: Scheme, facts: Facts) -> int:
    cap = OPEN if scheme.cap_yuan is None else fen(scheme.cap_yuan)
    merit = scheme.special_merit
    return max(cap, fen(merit.max_yuan)) if merit is not None and facts.merit else cap


def _leave_later_to_discretion(scheme: Scheme, facts: Facts, amount: Amount) -> Amount:
    if facts.rank == 1:
        return amount
    why = line(
        "later_reporters",
        "在不超过最先举报人奖励的范围内酌情裁定",
        "decided at discretion, up to what the first would have",
    )
    return _with(amount, 0, amount.high, why)


def _approvals(scheme: Scheme, facts: Facts, amount: Amount) -> Iterator[Approval]:
    """Who must agree; for a range, everybody whom its highest sum would need."""
    yield from (each for each in scheme.approvals if amount.high >= fen(each.from_yuan))
    if scheme.special_merit is not None and facts.merit:
        yield scheme.special_merit.approver
    if scheme.insider.consent is not None and facts.insider:
        yield scheme.insider.consent


def _approval_line(approval: Approval) -> Line:
    return line(
        "approvals",
        f"须经{approval.label.zh}批准",
        f"needs the approval of the {approval.label.en}",
    )


def _terms(scheme: Scheme) -> Line:
    claim = scheme.claim
    units = {"workday": "个工作日", "calendar_day": "日", "month": "个月", "year": "年"}
    return line(
        "claim.window",
        f"自通知起 {claim.window} {units.get(claim.unit, claim.unit)}内领取",
        f"to be claimed within {claim.window} {claim.unit.replace('_', ' ')}s of the notice",
    )
