"""Who may take a case: limit, leave, skill and cooling-off; and the warning before it returns."""

from collections.abc import Iterator
from datetime import timedelta

import given
import pytest
from crowd import at_once
from flask import Flask

from tipline.domain.actors import Actor
from tipline.models import Case, Entry, Recusal, Reminder
from tipline.queries import casework as query
from tipline.services import casework, claiming, clinics, supervising
from tipline.services.claiming import NotNow, TakenByColleague
from tipline.services.clinics import Known

DAY = timedelta(days=1)
TODAY = given.NOW.date()


@pytest.fixture
def two_at_most(app: Flask) -> Iterator[None]:
    """A limit that two cases of the usual priority fill."""
    with given.casework_policy(most_weight=4):
        yield


def pooled(office: Actor, **assessed: object) -> int:
    return given.accepted(given.tip().id, by=office, **assessed).id


def test_nobody_carries_more_than_the_limit(
    two_at_most: None, office: Actor, inspector: Actor
) -> None:
    for _ in range(2):
        casework.claim(pooled(office), by=inspector, now=given.NOW)
    with pytest.raises(NotNow, match="weight"):
        casework.claim(pooled(office), by=inspector, now=given.NOW)


def test_two_claims_at_once_do_not_slip_past_the_limit(
    app: Flask, two_at_most: None, office: Actor, inspector: Actor
) -> None:
    pool = [pooled(office) for _ in range(6)]

    def claim(case_id: int) -> str:
        try:
            casework.claim(case_id, by=inspector, now=given.NOW)
        except NotNow:
            return "full"
        return "mine"

    told = at_once(app, [lambda case_id=case_id: claim(case_id) for case_id in pool])
    assert sorted(map(str, told)) == ["full"] * 4 + ["mine"] * 2


def test_who_is_on_leave_takes_nothing_until_the_day_after(
    office: Actor, inspector: Actor, supervisor: Actor
) -> None:
    case_id = pooled(office)
    supervising.set_leave(
        inspector.id, by=supervisor, first_on=TODAY, last_on=TODAY + DAY, now=given.NOW
    )
    for days in (0, 1):
        with pytest.raises(NotNow, match="away"):
            casework.claim(case_id, by=inspector, now=given.NOW + days * DAY)
    casework.claim(case_id, by=inspector, now=given.NOW + 2 * DAY)


def test_a_skill_is_asked_for_once_somebody_has_it(
    office: Actor, inspector: Actor, supervisor: Actor
) -> None:
    skilled = given.staff("inspector", username="skilled")
    case_id, other = pooled(office, category="blood"), pooled(office, category="blood")
    casework.claim(case_id, by=inspector, now=given.NOW)
    supervising.set_skills(
        skilled.id, by=supervisor, skills=frozenset({"blood", "x"}), now=given.NOW
    )
    given.fresh()
    assert [row.id for row in query.pool(skilled, after=None, now=given.NOW).rows] == [other]
    assert query.pool(inspector, after=None, now=given.NOW).rows == []
    with pytest.raises(TakenByColleague):
        casework.claim(other, by=inspector, now=given.NOW)
    casework.claim(other, by=skilled, now=given.NOW)


def test_who_drops_a_case_untouched_has_to_cool_off(office: Actor, inspector: Actor) -> None:
    case_id = pooled(office)
    casework.claim(case_id, by=inspector, now=given.NOW)
    casework.hand_back(case_id, by=inspector, reason="place_unclear", now=given.NOW)
    given.fresh()
    assert query.pool(inspector, after=None, now=given.NOW).rows == []
    with pytest.raises(TakenByColleague):
        casework.claim(case_id, by=inspector, now=given.NOW + DAY)
    casework.claim(case_id, by=inspector, now=given.NOW + 5 * DAY)  # three workdays later


def test_who_did_some_work_may_take_it_again_at_once(office: Actor, inspector: Actor) -> None:
    case_id = pooled(office)
    casework.claim(case_id, by=inspector, now=given.NOW)
    casework.record_finding(case_id, by=inspector, finding="partly", note="", now=given.NOW)
    casework.hand_back(case_id, by=inspector, reason="place_unclear", now=given.NOW)
    casework.claim(case_id, by=inspector, now=given.NOW)


def test_a_lapsed_claim_cools_off_too_and_stepping_aside_stays_for_good(
    office: Actor, inspector: Actor
) -> None:
    case_id = pooled(office)
    casework.claim(case_id, by=inspector, now=given.NOW)
    casework.return_idle(now=given.NOW + 7 * DAY)
    (barred,) = given.every(Recusal)
    assert barred.until is not None
    casework.claim(case_id, by=inspector, now=barred.until)
    casework.hand_back(case_id, by=inspector, reason="conflict_of_interest", now=barred.until)
    assert [row.until for row in given.every(Recusal)] == [None]


def test_the_holder_is_warned_once_before_the_claim_returns_and_work_begins_it_anew(
    office: Actor, inspector: Actor
) -> None:
    case_id = pooled(office)
    casework.claim(case_id, by=inspector, now=given.NOW)
    assert claiming.warn_idle(now=given.NOW + 5 * DAY) == 0
    assert [claiming.warn_idle(now=given.NOW + 6 * DAY) for _ in range(2)] == [1, 0]
    assert [row.staff_id for row in given.every(Reminder)][-1] == inspector.id
    casework.record_finding(
        case_id, by=inspector, finding="partly", note="", now=given.NOW + 6 * DAY
    )
    assert given.every(Case)[0].warned_at is None
    warned = [line for line in given.every(Entry) if line.event == "case.lease_warned"]
    assert len(warned) == 1


def test_of_two_cases_alike_the_one_near_what_is_in_hand_comes_first(
    office: Actor, inspector: Actor
) -> None:
    places = {"far": (21.90, 110.85), "mine": (21.66, 110.92), "near": (21.67, 110.92)}
    ids = {}
    for name, point in places.items():
        case = given.accepted(given.tip().id, by=office)
        known = Known(division="440902", address=name, coordinates=point)
        clinics.amend(case.clinic_id, by=office, known=known, now=given.NOW)
        ids[name] = case.id
    casework.claim(ids["mine"], by=inspector, now=given.NOW)
    given.fresh()
    rows = query.pool(inspector, after=None, now=given.NOW).rows
    best = query.next_of(rows, query.mine(inspector, now=given.NOW))
    assert best is not None
    assert best.id == ids["near"]
