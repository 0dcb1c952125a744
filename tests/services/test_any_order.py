"""Whatever is done to a tip and its case, in any order: the clocks stand as the journal says."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import given as state
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipline.domain.actors import Actor
from tipline.domain.countdown import NEVER
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Clock, TimeRequest
from tipline.queries import history
from tipline.services import answers, casework, clocks, feedback, postponing, triage
from tipline.services.casework import NotYet
from tipline.services.claiming import NotNow, TakenByColleague
from tipline.services.postponing import NotPossible
from tipline.vault import sealing

DAY = timedelta(days=1)
# What the product itself refuses; everything else that goes wrong is a mistake of ours.
REFUSED = (IllegalTransition, NotPossible, NotYet, NotNow, TakenByColleague, feedback.TooEarly)
GROUND = "depends_on_other_case"


class Matter:
    """One tip with its case, and the people who deal with it."""

    def __init__(self, people: dict[str, Actor], now: datetime) -> None:
        self.people, self.now, self.code = people, now, sealing.mint_code()
        self.tip_id = state.tip(code=self.code, source="hotline_12345", now=now).id

    @property
    def case_id(self) -> int:
        return state.case_of(self.tip_id).id

    @property
    def inspector(self) -> Actor:
        return self.people["inspector"]

    def accept(self) -> None:
        state.accepted(self.tip_id, by=self.people["office"], now=self.now)

    def join(self) -> None:
        other = state.tip(now=self.now)
        triage.join(other.id, self.case_id, by=self.people["office"], now=self.now)

    def claim(self) -> None:
        casework.claim(self.case_id, by=self.inspector, now=self.now)

    def ask_pause(self) -> None:
        wish = {"ground": "testing", "document": "检字 3 号", "began_at": self.now}
        postponing.ask_pause(self.case_id, by=self.inspector, now=self.now, **wish)  # type: ignore[arg-type]

    def resume(self) -> None:
        over = {"ground": "testing", "document": "报告", "ended_at": self.now}
        postponing.resume(self.case_id, by=self.inspector, now=self.now, **over)  # type: ignore[arg-type]

    def ask_check(self) -> None:
        self._ask("initial_check", 7)

    def ask_decision(self) -> None:
        self._ask("decision", 30)

    def _ask(self, step: str, n: int) -> None:
        wish = {"step": step, "ground": GROUND, "n": n, "document": ""}
        postponing.ask_extension(self.case_id, by=self.inspector, now=self.now, **wish)  # type: ignore[arg-type]

    def grant(self) -> None:
        ours = [each for each in state.every(TimeRequest) if each.case_id == self.case_id]
        for each in (each for each in ours if each.decided_at is None):
            supervisor = self.people["supervisor"]
            postponing.decide(each.id, by=supervisor, granted=True, now=self.now)

    def add(self) -> None:
        feedback.add(self.code, words="又看见他们搬东西。", now=self.now)

    def renew(self) -> None:
        postponing.start_again(self.tip_id, by=self.people["office"], now=self.now)

    def file(self) -> None:
        casework.file(self.case_id, by=self.inspector, now=self.now)

    def progress(self) -> None:
        answers.tell_progress(self.tip_id, by=self.people["office"], body="在查", now=self.now)

    def conclude(self) -> None:
        found = {"finding": "other_authority", "note": ""}
        casework.record_finding(self.case_id, by=self.inspector, now=self.now, **found)  # type: ignore[arg-type]
        casework.conclude(self.case_id, by=self.inspector, now=self.now)

    def answer(self) -> None:
        answers.release(self.tip_id, by=self.people["office"], body="查过了", now=self.now)

    def withdraw(self) -> None:
        feedback.withdraw(self.code, now=self.now)

    def ring(self) -> None:
        clocks.ring(now=self.now)


STEPS: tuple[Callable[[Matter], None], ...] = tuple(
    getattr(Matter, name)
    for name in (
        *("accept", "join", "claim", "ask_pause", "resume", "ask_check", "ask_decision", "grant"),
        *("add", "renew", "file", "progress", "conclude", "answer", "withdraw", "ring"),
    )
)
# Two matters of course, so that most runs come far, and then anything.
COURSE = st.sampled_from([(0, 2), (0, 2, 3, 7), (0, 1, 2, 10), (0, 2, 10, 6, 7), (0, 2, 5, 7)])
ANYTHING = st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 12)), max_size=8)


@pytest.fixture
def people(app: Flask) -> dict[str, Actor]:
    return {
        "office": state.staff("triage_officer"),
        "inspector": state.staff("inspector"),
        "supervisor": state.staff("supervisor"),
    }


def test_clocks_stand_as_a_replay_of_the_journal_says_after_anything(
    people: dict[str, Actor],
) -> None:
    @settings(
        max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
    )
    @given(COURSE, ANYTHING)
    def check(course: tuple[int, ...], anything: list[tuple[int, int]]) -> None:
        matter = Matter(people, state.NOW)
        for step, days in [*((each, 0) for each in course), *anything]:
            matter.now += days * DAY
            with suppress(*REFUSED):
                STEPS[step](matter)
        ensure_as_replayed(matter)

    check()


def ensure_as_replayed(matter: Matter) -> None:
    case = state.case_of(matter.tip_id)
    refs = {case.ref, *(tip.ref for tip in case.tips)}
    rows = [each for each in state.every(Clock) if each.ref in refs]
    for row in rows:
        found = history.running(row)
        stored = (row.state, row.due_on, row.due_at, row.started_at, row.ended_at)
        due = found.due
        replayed = (found.state, due.due_on, due.due_instant, found.started.at, found.ended_at)
        assert stored == replayed, (row.step, row.rung_at)
    owed = [each.due_at for each in rows if each.state == "running" and each.bound == "office"]
    assert case.due_at == min(owed, default=NEVER)
