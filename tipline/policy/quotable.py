"""A scheme and a facts file as they are handed to a quote, checked like policy."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tipline.domain.rewards import Facts, Scheme
from tipline.policy import loader
from tipline.policy.checks import Mistake
from tipline.policy.files import Form
from tipline.policy.loader import PolicyError
from tipline.policy.reading import Unreadable, read

OUTCOMES: Mapping[str, str] = {
    "filed": "filed",
    "verified_and_filed": "filed",
    "verified_and_case_filed": "filed",
    "penalty": "penalty",
    "penalty_decided": "penalty",
    "penalty_decision": "penalty",
    "administrative_penalty": "penalty",
    "transferred": "transferred",
    "transfer": "transferred",
    "suspected_crime_transferred_to_police": "transferred",
    "judgment": "judgment",
    "criminal_judgment": "judgment",
    "criminal": "judgment",
    "closed": "closed",
    "verified_and_closed": "closed",
}
"""What schemes and people call an outcome, and our word for it."""


@dataclass(frozen=True, kw_only=True)
class FactsFile(Form, Facts):
    """The facts of one report"""


def scheme_in(path: Path) -> Scheme:
    """The scheme in a file; PolicyError says what is wrong with it."""
    try:
        _, content = read(path)
        found: Scheme = loader.in_form(f"rewards/{path.name}", content)
        return found
    except Unreadable as error:
        raise PolicyError([Mistake(path.name, error.key, error.reason)]) from None
    except ValidationError as error:
        raise PolicyError(loader.mistakes_of_form(path.name, content, error)) from None


def facts_in(path: Path) -> Facts:
    """The facts in a JSON or YAML file; PolicyError says what is wrong with them."""
    try:
        _, content = read(path)
        told = TypeAdapter(dict[str, Any]).validate_json(content)
        return TypeAdapter(FactsFile).validate_json(json.dumps(_in_our_words(told)))
    except Unreadable as error:
        raise PolicyError([Mistake(path.name, error.key, error.reason)]) from None
    except ValidationError as error:
        raise PolicyError(loader.mistakes_of_form(path.name, content, error)) from None


def _in_our_words(told: dict[str, Any]) -> dict[str, Any]:
    """One outcome or several, a level by number, joint reporters by number or by their shares."""
    ours = {name: value for name, value in told.items() if value is not None}
    if "outcome" in ours:
        given = ours["outcome"] if isinstance(ours["outcome"], list) else [ours["outcome"]]
        ours["outcome"] = [OUTCOMES.get(each, each) for each in given]
    if ours.get("evidence_level") in (1, 2, 3, "1", "2", "3"):
        ours["evidence_level"] = f"L{ours['evidence_level']}"
    if isinstance(ours.get("joint"), list):
        ours["joint"] = len(ours["joint"])
    elif isinstance(ours.get("joint"), bool):
        ours["joint"] = 2 if ours["joint"] else 1
    return ours
