"""Checks of the deadlines: names in regimes and profiles that refer to nothing."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from tipline.domain.deadlines import Step
from tipline.domain.rules import Rule
from tipline.policy.files import DeadlinesFile, GroundsFile, MeasuresFile, OutsideEventsFile
from tipline.policy.regimes import Ground, Regime
from tipline.policy.vocabulary import EVENTS

Found = Iterator[tuple[str, str]]
WIRES = ("starts_on", "meets_on", "stops_on")


def mistakes(read: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """File, key and reason of every mistake in the folder of regimes, and in what names them."""
    if not {"outside_events.yaml", "grounds.yaml"} <= set(read):
        return
    by_file = {name: law for name, law in read.items() if isinstance(law, Regime)}
    known = {law.id: law for law in by_file.values()}
    others = {"outside": read["outside_events.yaml"], "grounds": read["grounds.yaml"]}
    for name, law in by_file.items():
        for key, reason in check_regime(law, laws=known, **others):
            yield name, key, reason
    if "deadlines.yaml" in read:
        for key, reason in check_laws_in_force(read["deadlines.yaml"], known):
            yield "deadlines.yaml", key, reason


def check_deadlines(file: DeadlinesFile, outside: OutsideEventsFile, grounds: GroundsFile) -> Found:
    """Steps name events that can happen and grounds that count, and each id stands once."""
    seen = set[str]()
    for step in file.steps:
        key = f"steps.{step.id}"
        if step.id in seen:
            yield key, "this id is there twice"
        seen.add(step.id)
        for wire in WIRES:
            yield from unknown_events(f"{key}.{wire}", getattr(step, wire), outside)
        yield from _of_rule(key, step, outside, {ground.id: ground for ground in grounds.grounds})


def check_measures_of_steps(deadlines: DeadlinesFile, known: MeasuresFile) -> Found:
    """A step that waits for a measure names one that exists."""
    measures = {measure.id for measure in known.measures}
    for step in deadlines.steps:
        wanted = step.only_if.get("measure")
        for name in (wanted,) if isinstance(wanted, str) else wanted or ():
            if name not in measures:
                yield f"steps.{step.id}.only_if.measure", f"no measure {name!r}"


def check_laws_in_force(file: DeadlinesFile, laws: Mapping[str, Regime]) -> Found:
    """A profile is composed of laws that hold on its first day."""
    if file.grounds_from is not None and file.grounds_from not in laws:
        yield "grounds_from", f"no regime {file.grounds_from!r}"
    for step in file.steps:
        law = laws.get(step.rule.partition(".")[0])
        if law is not None and not law.is_in_force(file.effective_from):
            yield f"steps.{step.id}.rule", f"{law.id} is not in force on {file.effective_from}"


def check_regime(
    law: Regime,
    *,
    laws: Mapping[str, Regime],
    outside: OutsideEventsFile,
    grounds: GroundsFile,
) -> Found:
    """The steps of a law refer to what there is."""
    known = {ground.id: ground for ground in grounds.grounds}
    if _ends_before(law.effective_from, law.effective_to):
        yield "effective_to", "lies before effective_from"
    yield from _grounds("extension_grounds", law.extension_grounds, known, refused=False)
    yield from _grounds("refused_grounds", law.refused_grounds, known, refused=True)
    seen = set[str]()
    for step in law.steps:
        key = f"steps.{step.id}"
        if step.id in seen:
            yield key, "this id is there twice"
        seen.add(step.id)
        yield from unknown_events(f"{key}.trigger", step.trigger, outside)
        yield from _of_rule(key, step, outside, known)
        yield from _delegated(f"{key}.delegates_to", step.delegates_to, laws)


def _ends_before(begin: date | None, end: date | None) -> bool:
    return begin is not None and end is not None and end < begin


def _delegated(key: str, to: str | None, laws: Mapping[str, Regime]) -> Found:
    if to is None:
        return
    law_id, _, step_id = to.partition(".")
    found = laws[law_id].step(step_id) if law_id in laws else None
    if found is None:
        yield key, f"there is no step {to!r}"
    elif found.delegates_to:
        yield key, f"{to!r} delegates itself"


def _of_rule(
    key: str, rule: Rule | Step, outside: OutsideEventsFile, grounds: Mapping[str, Ground]
) -> Found:
    yield from unknown_events(f"{key}.restarts_on", rule.restarts_on, outside)
    lapses = (rule.lapses_as,) if rule.lapses_as else ()
    yield from unknown_events(f"{key}.lapses_as", lapses, outside)
    yield from _grounds(f"{key}.pauses", rule.pauses, grounds, refused=False)
    for number, part in enumerate(rule.extensions):
        here = f"{key}.extensions.{number}"
        yield from _grounds(f"{here}.grounds", part.grounds, grounds, refused=False)
        yield from _grounds(f"{here}.refused", part.refused, grounds, refused=True)
        if not part.grounds:
            yield f"{here}.grounds", "needs at least one ground"


def _grounds(
    key: str, names: Iterable[str], known: Mapping[str, Ground], *, refused: bool
) -> Found:
    for name in names:
        if name not in known:
            yield key, f"no ground {name!r}"
        elif known[name].refused and not refused:
            yield key, f"{name!r} is refused and never is a ground"


def unknown_events(key: str, names: Iterable[str], outside: OutsideEventsFile) -> Found:
    """Events that can neither happen here nor be noted from outside."""
    known = {f"outside.{each.id}" for each in outside.outside_events}
    for name in names:
        if name not in EVENTS and name not in known:
            yield key, f"no event {name!r}"
