"""Casework: one claims, works, earns the end; who is silent loses the claim."""

from collections.abc import Callable
from datetime import timedelta

import given
import pytest
from crowd import at_once
from flask import Flask

from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Case, Entry, Measure, Visit
from tipline.policy import load
from tipline.queries import casework as query
from tipline.services import casework, feedback, staff
from tipline.services.casework import NotYet
from tipline.services.claiming import TakenByColleague
from tipline.vault import sealing

INSPECTORS, CASES, WANTED_BY = 50, 100, 5
LEASE = timedelta(days=7)  # five working days, from a Wednesday


@pytest.fixture
def case(office: Actor, inspector: Actor) -> Case:
    """A case that the inspector has claimed."""
    return given.claimed(given.tip().id, office=office, inspector=inspector)


def now(case: Case) -> Case:
    """The case as it stands now."""
    return next(each for each in given.every(Case) if each.id == case.id)


def test_of_fifty_inspectors_exactly_one_gets_each_of_a_hundred_cases(
    app: Flask, office: Actor
) -> None:
    reach = {"case:claim": ("/1/",)}
    people = [
        Actor(given.staff("inspector", username=f"inspector{n}").id, "", reach)
        for n in range(INSPECTORS)
    ]
    pool = [given.accepted(given.tip().id, by=office).id for _ in range(CASES)]

    def claim_some(person: Actor, first: int) -> list[str]:
        """Every tenth case, so that five people want each of them at about the same time."""
        return [claim(person, case_id) for case_id in pool[first % 10 :: INSPECTORS // WANTED_BY]]

    def claim(person: Actor, case_id: int) -> str:
        try:
            casework.claim(case_id, by=person, now=given.NOW)
        except TakenByColleague:
            return "taken"
        return "mine"

    works = [lambda p=person, n=n: claim_some(p, n) for n, person in enumerate(people)]
    outcomes = at_once(app, works)
    told = [word for outcome in outcomes for word in outcome]  # type: ignore[attr-defined]
    assert (told.count("mine"), told.count("taken")) == (CASES, CASES * (WANTED_BY - 1))
    lines = [line for line in given.every(Entry) if line.event == "case.claimed"]
    owners = {case.id: f"staff:{case.claimed_by_id}" for case in given.every(Case)}
    assert {line.about_id: line.by for line in lines} == owners
    assert len(lines) == CASES


def test_a_claim_says_who_and_when_and_for_how_long(case: Case, inspector: Actor) -> None:
    assert (case.status, case.claimed_by_id, case.claimed_at, case.lease_until) == (
        "claimed",
        inspector.id,
        given.NOW,
        given.NOW + LEASE,
    )


def test_who_comes_second_is_told_and_changes_nothing(case: Case) -> None:
    second = given.staff("inspector", username="second")
    before = given.everything()
    with pytest.raises(TakenByColleague):
        casework.claim(case.id, by=second, now=given.NOW)
    assert given.everything() == before


def test_a_case_of_another_district_cannot_be_claimed(office: Actor) -> None:
    given.office("440902")
    stranger = given.staff("inspector", office_id=given.office("440904"))
    case = given.accepted(given.tip(division="440902").id, by=office)
    with pytest.raises(NotThere):
        casework.claim(case.id, by=stranger, now=given.NOW)


def test_a_case_that_is_not_in_the_pool_cannot_be_claimed(app: Flask, inspector: Actor) -> None:
    tip = given.tip()
    with pytest.raises(TakenByColleague):
        casework.claim(tip.case_id, by=inspector, now=given.NOW)
    assert given.case_of(tip.id).status == "received"


WORK = {
    "hand_back": {"reason": "wrong_district"},
    "visit": {},
    "measure": {"kind": "ban"},
    "record_finding": {"finding": "licensed", "note": ""},
    "file": {},
    "conclude": {},
}


def doing(work: str) -> Callable[..., object]:
    """The use case of this name."""
    found: Callable[..., object] = getattr(given, work, None) or getattr(casework, work)
    return found


@pytest.mark.parametrize("work", WORK)
def test_nobody_works_on_a_colleagues_case(case: Case, work: str) -> None:
    other = given.staff("inspector", username="other")
    with pytest.raises(NotThere):
        doing(work)(case.id, by=other, now=given.NOW, **WORK[work])


@pytest.mark.parametrize("work", ["visit", "measure", "record_finding", "file"])
def test_work_renews_the_claim(case: Case, inspector: Actor, work: str) -> None:
    later = given.NOW + timedelta(days=5)
    doing(work)(case.id, by=inspector, now=later, **WORK[work])
    assert now(case).lease_until == later + LEASE


def test_handing_back_returns_the_case_to_the_pool_with_the_reason(
    case: Case, inspector: Actor
) -> None:
    casework.hand_back(case.id, by=inspector, reason="wrong_district", now=given.NOW)
    found = now(case)
    assert (found.status, found.claimed_by_id, found.claimed_at, found.lease_until) == (
        "queued",
        None,
        None,
        None,
    )
    line = given.every(Entry)[-1]
    assert (line.event, line.facts) == ("case.returned", {"reason": "wrong_district"})


def test_who_steps_aside_never_sees_the_case_again(case: Case, inspector: Actor) -> None:
    casework.hand_back(case.id, by=inspector, reason="conflict_of_interest", now=given.NOW)
    given.fresh()
    assert query.pool(inspector, after=None, now=given.NOW).rows == []
    with pytest.raises(TakenByColleague):
        casework.claim(case.id, by=inspector, now=given.NOW)
    with pytest.raises(NotThere):
        query.claimed_case(inspector, case.id, now=given.NOW)
    assert [line.event for line in given.every(Entry)][-1] == "case.recused"


def test_a_colleague_takes_over_from_who_stepped_aside(case: Case, inspector: Actor) -> None:
    casework.hand_back(case.id, by=inspector, reason="conflict_of_interest", now=given.NOW)
    colleague = given.staff("inspector", username="colleague")
    assert [row.id for row in query.pool(colleague, after=None, now=given.NOW).rows] == [case.id]
    casework.claim(case.id, by=colleague, now=given.NOW)
    assert now(case).claimed_by_id == colleague.id


def test_a_disabled_inspectors_cases_return_at_once(case: Case, inspector: Actor) -> None:
    staff.set_active(inspector.id, False, by="test", now=given.NOW)
    assert (now(case).status, now(case).claimed_by_id) == ("queued", None)


def test_what_was_recorded_stays_when_a_case_is_handed_back(case: Case, inspector: Actor) -> None:
    given.visit(case.id, by=inspector, now=given.NOW)
    casework.hand_back(case.id, by=inspector, reason="health_or_leave", now=given.NOW)
    assert len(given.every(Visit)) == 1


def test_a_silent_claim_returns_by_itself_at_the_end_of_its_lease(case: Case) -> None:
    assert casework.return_idle(now=given.NOW + LEASE - timedelta(seconds=1)) == 0
    assert casework.return_idle(now=given.NOW + LEASE) == 1
    assert casework.return_idle(now=given.NOW + LEASE) == 0
    assert now(case).status == "queued"
    line = given.every(Entry)[-1]
    assert (line.event, line.by, line.facts) == ("case.returned", "system", {"reason": "idle"})


def test_two_workers_return_each_silent_claim_once(
    app: Flask, office: Actor, inspector: Actor
) -> None:
    for _ in range(10):
        given.claimed(given.tip().id, office=office, inspector=inspector)
    late = given.NOW + LEASE
    at_once(app, [lambda: casework.return_idle(now=late)] * 4)
    returned = [line.about_id for line in given.every(Entry) if line.event == "case.returned"]
    assert sorted(returned) == sorted(case.id for case in given.every(Case))


def test_a_concluded_case_is_not_returned(case: Case, inspector: Actor) -> None:
    given.visit(case.id, by=inspector, now=given.NOW)
    casework.record_finding(case.id, by=inspector, finding="partly", note="", now=given.NOW)
    casework.conclude(case.id, by=inspector, now=given.NOW)
    assert casework.return_idle(now=given.NOW + 10 * LEASE) == 0


@pytest.mark.parametrize("finding", load().findings)
def test_the_end_is_earned_by_a_finding_and_where_it_is_needed_a_visit(
    case: Case, inspector: Actor, finding: str
) -> None:
    with pytest.raises(NotYet, match="finding"):
        casework.conclude(case.id, by=inspector, now=given.NOW)
    casework.record_finding(case.id, by=inspector, finding=finding, note="", now=given.NOW)
    if load().findings[finding].needs_visit:
        with pytest.raises(NotYet, match="visit"):
            casework.conclude(case.id, by=inspector, now=given.NOW)
        given.visit(case.id, by=inspector, now=given.NOW)
    for need in load().findings[finding].needs:
        with pytest.raises(NotYet, match=need):
            casework.conclude(case.id, by=inspector, now=given.NOW)
        given.measure(case.id, by=inspector, kind=need)
    casework.conclude(case.id, by=inspector, now=given.NOW)
    assert (now(case).status, now(case).lease_until) == ("concluded", None)


def test_a_finding_may_be_changed_until_the_case_is_concluded(case: Case, inspector: Actor) -> None:
    given.visit(case.id, by=inspector, now=given.NOW)
    for finding in ("licensed", "substantiated"):
        casework.record_finding(case.id, by=inspector, finding=finding, note="", now=given.NOW)
    casework.conclude(case.id, by=inspector, now=given.NOW)
    assert now(case).finding == "substantiated"
    with pytest.raises(IllegalTransition):
        casework.record_finding(case.id, by=inspector, finding="partly", note="", now=given.NOW)


def test_a_case_is_filed_once(case: Case, inspector: Actor) -> None:
    casework.file(case.id, by=inspector, now=given.NOW)
    with pytest.raises(IllegalTransition):
        casework.file(case.id, by=inspector, now=given.NOW)
    assert now(case).filed_at == given.NOW


def test_what_was_imposed_is_kept_in_fen(case: Case, inspector: Actor) -> None:
    """Maoming 2020: 10,300 confiscated, 51,500 of fine, 61,800 in all."""
    for kind, fen in (("confiscate_income", 1_030_000), ("fine", 5_150_000)):
        given.measure(case.id, by=inspector, kind=kind, amount_fen=fen, now=given.NOW)
    assert sum(each.amount_fen or 0 for each in given.every(Measure)) == 6_180_000


def test_a_case_whose_only_reporter_withdrew_closes_when_it_is_concluded(
    office: Actor, inspector: Actor
) -> None:
    code = sealing.mint_code()
    case = given.claimed(given.tip(code=code).id, office=office, inspector=inspector)
    feedback.withdraw(code, now=given.NOW)
    given.visit(case.id, by=inspector, now=given.NOW)
    casework.record_finding(case.id, by=inspector, finding="partly", note="", now=given.NOW)
    casework.conclude(case.id, by=inspector, now=given.NOW)
    assert now(case).status == "closed"
