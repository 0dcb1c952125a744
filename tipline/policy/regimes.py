"""Regimes: the periods of one law or local rule, as a file; profiles are composed from them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from tipline.domain.deadlines import Step
from tipline.domain.rules import Rule
from tipline.domain.words import Text

Confidence = Literal["full_text", "excerpt", "secondary", "general"]
ROLLING = ("calendar_day", "month", "year")


@dataclass(frozen=True, kw_only=True)
class RegimeStep(Rule):
    """One step of a law: what starts it, who it is about, and where it is written.

    `delegates_to` names the step of another regime whose period applies. `confidence` is that
    of this step where it differs from the whole.
    """

    id: str
    label: Text
    trigger: tuple[str, ...] = ()
    delegates_to: str | None = None
    article: str = ""
    confidence: Confidence | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Regime:
    """One law or local rule; `roll` is what its last days do when they fall on a rest day."""

    id: str
    title: Text
    document: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    repeals: tuple[str, ...] = ()
    source: str
    confidence: Confidence
    gap: str = ""
    note: str = ""
    roll: Literal["any_rest_day", "statutory_holiday_only", "none"] = "none"
    extension_grounds: tuple[str, ...] = ()
    refused_grounds: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    steps: tuple[RegimeStep, ...] = ()

    def step(self, id: str) -> RegimeStep | None:
        """The step of this id."""
        return next((step for step in self.steps if step.id == id), None)

    def is_in_force(self, day: date) -> bool:
        """Does this law hold on that day, as far as its dates are known?"""
        began = self.effective_from is None or self.effective_from <= day
        return began and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Why a period may be paused or made longer; a refused one never is a reason."""

    id: str
    label: Text
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class OutsideEvent:
    """Something that happens elsewhere and is noted on a case with its document."""

    id: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A deadline profile: the steps that run side by side.

    What is late for so many working days more goes on the circular list.
    """

    id: str
    steps: tuple[Step, ...]
    circular_after_workdays: int = 5

    def step(self, id: str) -> Step:
        """The step of this id; KeyError when the profile has none."""
        for step in self.steps:
            if step.id == id:
                return step
        raise KeyError(id)


@dataclass(frozen=True)
class UnknownRule(Exception):
    """A name that no regime or step has; `reason` says which."""

    reason: str


TAKEN = frozenset(field.name for field in fields(Rule)) | {"label"}


def with_defaults(regime: Any) -> Any:
    """The content of a regime file, where steps that may roll do as the whole regime says."""
    if not isinstance(regime, dict) or not isinstance(regime.get("steps"), list):
        return regime
    roll = regime.get("roll", "none")
    steps = [
        {"roll": roll} | step if isinstance(step, dict) and _may_roll(step) else step
        for step in regime["steps"]
    ]
    return regime | {"steps": steps}


def _may_roll(step: Mapping[str, Any]) -> bool:
    """Days of the calendar that the office owes; never what is owed to the reporter."""
    told = step["notify"].get("who", ()) if isinstance(step.get("notify"), dict) else ()
    owed = {"reporter", "petitioner", "caller"} & set(told) if isinstance(told, list) else ()
    days = step.get("unit") in ROLLING or "on_dates" in step
    return days and step.get("direction") != "before" and not owed


def composed(step: Any, regimes: Mapping[str, Any], *, grounds_from: str | None) -> Any:
    """A step of a profile, with all that it does not say itself taken from its rule.

    UnknownRule when it names one that there is not.
    """
    if not isinstance(step, dict):
        return step
    rule = step.get("rule")
    taken = _taken(rule, regimes) if isinstance(rule, str) else {}
    if "duration" in step or "on_dates" in step:
        taken = {name: taken[name] for name in taken if name not in ("duration", "on_dates")}
    merged = taken | _alternative(step, taken)
    if "promise" in merged:
        merged.setdefault("roll", "none")
        merged["roll"] = step.get("roll", "none")
    if grounds_from is not None and "extensions" in merged:
        merged["extensions"] = _with_grounds(merged["extensions"], regimes[grounds_from])
    return merged


def _alternative(step: dict[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """The step's own words; one that names an alternative of its rule takes its length."""
    name, own = step.get("alternative"), {k: v for k, v in step.items() if k != "alternative"}
    if name is None:
        return own
    for other in taken.get("alternatives", ()):
        if other["id"] == name:
            return {"duration": other["duration"], "unit": other["unit"]} | own
    raise UnknownRule(f"the rule has no alternative {name!r}")


def _taken(rule: str, regimes: Mapping[str, Any]) -> dict[str, Any]:
    regime_id, _, step_id = rule.partition(".")
    if regime_id not in regimes:
        raise UnknownRule(f"no regime {regime_id!r}")
    steps = regimes[regime_id].get("steps") or ()
    found = next((step for step in steps if step.get("id") == step_id), None)
    if found is None:
        raise UnknownRule(f"the regime {regime_id!r} has no step {step_id!r}")
    if "delegates_to" in found:
        return _taken(found["delegates_to"], regimes)
    taken = {name: value for name, value in found.items() if name in TAKEN}
    return {"starts_on": found["trigger"]} | taken if "trigger" in found else taken


def _with_grounds(extensions: Any, regime: Mapping[str, Any]) -> Any:
    """Extensions that name no grounds of their own take those of a local rule."""
    local = {
        "grounds": regime.get("extension_grounds", []),
        "refused": regime.get("refused_grounds", []),
    }
    return [part | (local if not part.get("grounds") else {}) for part in extensions]
