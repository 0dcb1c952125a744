"""Eligibility: every condition of a scheme, held against the facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tipline.domain.rewards.facts import Facts, Outcome
from tipline.domain.rewards.lines import Line, line
from tipline.domain.rewards.schemes import Eligibility, Scheme
from tipline.domain.words import Text

OUTCOMES: Mapping[Outcome, Text] = {
    "filed": Text(zh="立案", en="filed"),
    "penalty": Text(zh="行政处罚", en="a penalty"),
    "transferred": Text(zh="移送公安", en="a transfer to the police"),
    "judgment": Text(zh="刑事判决", en="a criminal judgment"),
    "closed": Text(zh="结案", en="closed"),
}


@dataclass(frozen=True)
class Condition:
    """One condition and whether it is met; None is not known yet and is asked for at the claim."""

    met: bool | None
    line: Line


def conditions(scheme: Scheme, facts: Facts) -> tuple[Condition, ...]:
    """Every condition that the scheme names, in the order of the form."""
    asked = scheme.eligibility
    return (
        *_in_force(scheme, facts),
        *_outcome(asked, facts),
        *_identity(asked, facts),
        *_circumstances(asked, facts),
        *_exclusion(asked, facts),
        _rank(scheme, facts),
    )


def _in_force(scheme: Scheme, facts: Facts) -> Iterator[Condition]:
    if facts.accepted_on is None:
        return
    met, day = scheme.is_in_force(facts.accepted_on), facts.accepted_on
    yield Condition(
        met,
        line(
            "effective",
            f"{day} 受理时本办法{'' if met else '不'}适用",
            f"{'in' if met else 'not in'} force on {day}, the day of acceptance",
        ),
    )


def _outcome(asked: Eligibility, facts: Facts) -> Iterator[Condition]:
    if asked.outcome:
        met = bool(set(asked.outcome) & facts.reached)
        zh = "、".join(OUTCOMES[each].zh for each in asked.outcome)
        en = " or ".join(OUTCOMES[each].en for each in asked.outcome)
        yield Condition(
            met,
            line(
                "eligibility.outcome",
                f"案件结果须为{zh}：{'符合' if met else '不符合'}",
                f"the outcome must be {en}: {'met' if met else 'not met'}",
            ),
        )


def _identity(asked: Eligibility, facts: Facts) -> Iterator[Condition]:
    if asked.real_name == "required":
        yield _known(
            "eligibility.real_name",
            facts.real_name,
            ("须实名领取", "the real name is required"),
        )
    if asked.min_age is not None:
        old_enough = None if facts.age is None else facts.age >= asked.min_age
        yield _known(
            "eligibility.min_age",
            old_enough,
            (f"须年满 {asked.min_age} 周岁", f"at least {asked.min_age} years old"),
        )


def _circumstances(asked: Eligibility, facts: Facts) -> Iterator[Condition]:
    if asked.in_area:
        yield _known(
            "eligibility.in_area", facts.in_area, ("须发生在本辖区", "the place lies in the area")
        )
    if asked.previously_unknown:
        yield _known(
            "eligibility.previously_unknown",
            facts.previously_unknown,
            ("线索须事先未掌握", "the matter was not known before"),
        )


def _exclusion(asked: Eligibility, facts: Facts) -> Iterator[Condition]:
    name = facts.excluded_as
    if name is None:
        return
    if facts.insider and name in asked.insider_may_be:
        yield Condition(
            True,
            line("eligibility.insider_may_be", "内部知情人不受此限", "an insider is not excluded"),
        )
        return
    known = asked.exclusions.get(name)
    yield Condition(
        False,
        line(
            "eligibility.exclusions",
            f"属于不予奖励的情形：{known.zh if known else name}",
            f"excluded: {known.en if known else name}",
        ),
    )


def _rank(scheme: Scheme, facts: Facts) -> Condition:
    if facts.rank == 1:
        return Condition(True, line("first_reporter", "最先举报", "the first to report"))
    if scheme.later_reporters == "discretionary" and facts.decisive:
        return Condition(
            True,
            line(
                "later_reporters",
                "非最先举报，但线索起直接主要作用，可酌情奖励",
                "not the first, but decisive: a share at discretion",
            ),
        )
    return Condition(
        False,
        line(
            "first_reporter",
            f"第 {facts.rank} 位举报，只奖励最先举报的人",
            f"number {facts.rank} to report; only the first is rewarded",
        ),
    )


def _known(rule: str, met: bool | None, words: tuple[str, str]) -> Condition:
    zh, en = words
    verdicts = {
        True: ("符合", "met"),
        False: ("不符合", "not met"),
        None: ("领取时核实", "checked at the claim"),
    }
    return Condition(met, line(rule, f"{zh}：{verdicts[met][0]}", f"{en}: {verdicts[met][1]}"))
