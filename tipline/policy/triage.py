"""The policy files of the triage desk, and what no single form of theirs can show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tipline.domain.urgency import LEAST, Rules
from tipline.policy.files import Form

LEVELS = set(range(1, LEAST))


@dataclass(frozen=True, kw_only=True)
class PriorityFile(Form, Rules):
    """priority.yaml: how urgent a tip is, and when a burst of them is suspected"""

    effective_from: date


def check_priority(file: PriorityFile) -> Iterator[tuple[str, str]]:
    """Every level is reached by more points than the next, and every category has points."""
    if set(file.levels) != LEVELS:
        yield "levels", "needs points for 1, 2 and 3"
    elif not file.levels[1] > file.levels[2] > file.levels[3]:
        yield "levels", "the more urgent level needs more points"
    if set(file.category_points) != LEVELS | {LEAST}:
        yield "category_points", "needs points for 1, 2, 3 and 4"
    ids = [signal.id for signal in file.signals]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"signals.{name}", "this id is there twice"
    if file.age.days < 1 or file.corroboration.days < 1:
        yield "age.days", "takes a number from 1"
    if file.flood.at_least < 2:
        yield "flood.at_least", "takes a number from 2"
