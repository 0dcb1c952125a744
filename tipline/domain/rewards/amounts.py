"""Amounts: what a formula gives, as the lowest and the highest sum in fen.

A fraction of a fen is dropped at every sum that is worked out, never added.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tipline.domain.rewards import schemes
from tipline.domain.rewards.facts import Facts
from tipline.domain.rewards.lines import Line, line, yuan
from tipline.domain.rewards.schemes import Band, Base, Scheme, Share, fen

OPEN = 10**15  # a range without a top: ten thousand billion yuan


@dataclass(frozen=True)
class Amount:
    """From `low` to `high` fen: one sum where both are the same, nothing at all where None."""

    low: int
    high: int
    lines: tuple[Line, ...]

    @property
    def fixed(self) -> bool:
        """Whether nobody has to decide."""
        return self.low == self.high


def amount_for(scheme: Scheme, facts: Facts) -> Amount | None:
    """What the formula gives before floor, cap and additions; None when it gives nothing."""
    formula = scheme.formula
    if isinstance(formula, schemes.Fixed):
        return _single(fen(formula.amount_yuan), "formula.amount_yuan")
    if isinstance(formula, schemes.Discretionary):
        return _discretionary(formula)
    if isinstance(formula, schemes.FixedByOutcome):
        return _by_outcome(formula, facts)
    if isinstance(formula, schemes.ByBand):
        return _by_band(formula, facts)
    return _by_percent(scheme, formula, facts)


def part_of(sum_fen: int, percent: Decimal) -> int:
    """A percentage of a sum, without its fraction of a fen."""
    numerator, denominator = percent.as_integer_ratio()
    return sum_fen * numerator // (denominator * 100)


def _single(sum_fen: int, rule: str) -> Amount:
    return Amount(
        sum_fen,
        sum_fen,
        (line(rule, f"奖励 {yuan(sum_fen)} 元", f"the reward is {yuan(sum_fen)} yuan"),),
    )


def _range(low: int, high: int, rule: str) -> Amount:
    if low == high:
        return _single(low, rule)
    top = ("不封顶", "open") if high >= OPEN else (f"{yuan(high)} 元", f"{yuan(high)} yuan")
    return Amount(
        low,
        high,
        (
            line(
                rule,
                f"{yuan(low)} 元至{top[0]}之间裁定",
                f"decided from {yuan(low)} yuan to {top[1]}",
            ),
        ),
    )


def _discretionary(formula: schemes.Discretionary) -> Amount:
    high = OPEN if formula.max_yuan is None else fen(formula.max_yuan)
    found = _range(fen(formula.min_yuan), high, "formula.discretionary")
    return Amount(found.low, found.high, (*found.lines, *_steps(formula)))


def _steps(formula: schemes.Discretionary) -> Iterator[Line]:
    for number, step in enumerate(formula.steps, start=1):
        low = yuan(fen(step.min_yuan))
        high = "" if step.max_yuan is None else yuan(fen(step.max_yuan))
        yield line(
            f"formula.steps.{number}",
            f"第 {number} 档：{low} 元{'以上' if not high else f'至 {high} 元'}",
            f"step {number}: {low} yuan {'and more' if not high else f'to {high} yuan'}",
        )


def _by_outcome(formula: schemes.FixedByOutcome, facts: Facts) -> Amount | None:
    """The best tier whose outcome was reached; one for merit only where merit was established."""
    fitting = [
        tier
        for tier in formula.tiers
        if set(tier.outcome) & facts.reached and (facts.merit or not tier.merit)
    ]
    if not fitting:
        return None
    best = max(fitting, key=lambda tier: (tier.max_yuan or tier.amount_yuan, tier.amount_yuan))
    rule = f"formula.tiers.{formula.tiers.index(best) + 1}"
    return _range(fen(best.amount_yuan), fen(best.max_yuan or best.amount_yuan), rule)


def _by_band(formula: schemes.ByBand, facts: Facts) -> Amount:
    base = facts.base(formula.base)
    if formula.method == "progressive":
        return _progressive(formula.bands, base)
    number, band = next(
        (number, band)
        for number, band in enumerate(formula.bands, start=1)
        if band.up_to_yuan is None or base <= fen(band.up_to_yuan)
    )
    rule = f"formula.bands.{number}"
    if band.amount_yuan is not None:
        found = _single(fen(band.amount_yuan), rule)
    else:
        assert band.percent is not None
        found = _single(part_of(base, band.percent), rule)
    return Amount(found.low, found.high, (_base_line(formula.base, base), *found.lines))


def _progressive(bands: tuple[Band, ...], base: int) -> Amount:
    """Each segment at its own percentage, as with income tax."""
    total, below, lines = 0, 0, []
    for number, band in enumerate(bands, start=1):
        top = base if band.up_to_yuan is None else min(base, fen(band.up_to_yuan))
        segment = max(0, top - below)
        assert band.percent is not None
        part = part_of(segment, band.percent)
        if segment:
            lines.append(
                line(
                    f"formula.bands.{number}",
                    f"{yuan(segment)} 元 × {band.percent}% = {yuan(part)} 元",
                    f"{yuan(segment)} yuan at {band.percent} % is {yuan(part)} yuan",
                )
            )
        total, below = total + part, max(below, top)
    return Amount(total, total, tuple(lines) or _single(0, "formula.bands").lines)


def _by_percent(
    scheme: Scheme,
    formula: schemes.ByLevel | schemes.ByTarget | schemes.Percent,
    facts: Facts,
) -> Amount | None:
    base = facts.base(formula.base)
    if base < fen(scheme.threshold_yuan):
        return None
    share, rule = _share(formula, facts)
    if share is None:
        return None
    if share.percent < 0:
        return Amount(0, base, (_base_line(formula.base, base), _local_rule()))
    points = scheme.insider.added_points if facts.insider else Decimal(0)
    low = part_of(base, share.percent + points)
    high = part_of(base, (share.max_percent or share.percent) + points)
    floor = fen(share.floor_yuan)
    lines = [_base_line(formula.base, base), _percent_line(rule, share, points)]
    if floor > low:
        lines.append(
            line(
                f"{rule}.floor_yuan",
                f"不足 {yuan(floor)} 元的按 {yuan(floor)} 元",
                f"at least {yuan(floor)} yuan",
            )
        )
    return Amount(max(low, floor), max(high, floor), tuple(lines))


LOCAL = Share(percent=Decimal(-1))


def _share(
    formula: schemes.ByLevel | schemes.ByTarget | schemes.Percent, facts: Facts
) -> tuple[Share | None, str]:
    if isinstance(formula, schemes.ByLevel):
        level = facts.evidence_level
        return (formula.levels.get(level) if level else None), f"formula.levels.{level}"
    if isinstance(formula, schemes.ByTarget):
        return _named(formula.targets, facts.target), f"formula.targets.{facts.target}"
    if formula.percent is None:
        return LOCAL, "formula.percent"
    return Share(percent=formula.percent), "formula.percent"


def _named(shares: Mapping[str, Share], name: str | None) -> Share | None:
    return shares.get(name) if name else None


BASE_WORDS: Mapping[Base, tuple[str, str]] = {
    "fine": ("罚款", "the fine"),
    "fine_and_confiscated": ("罚没款", "fine and confiscated income"),
    "goods_value": ("货值", "the value of the goods"),
    "goods_value_or_fine": (
        "货值或罚没款",
        "the value of the goods or the fine, whichever is larger",
    ),
    "case_value": ("案值", "the value of the case"),
}


def _base_line(name: Base, base: int) -> Line:
    zh, en = BASE_WORDS[name]
    return line(
        "formula.base", f"以{zh}计：{yuan(base)} 元", f"counted from {en}: {yuan(base)} yuan"
    )


def _percent_line(rule: str, share: Share, points: Decimal) -> Line:
    top = f"–{share.max_percent + points}" if share.max_percent else ""
    percent = f"{share.percent + points}{top}"
    return line(f"{rule}.percent", f"按 {percent}% 计", f"{percent} %")


def _local_rule() -> Line:
    return line(
        "formula.percent",
        "比例由当地规定，须在范围内裁定",
        "the percentage is set by a local rule; decided within the range",
    )
