"""Supervision: assign, draw lots, take over, list; and what the workload says."""

from datetime import date, timedelta
from random import Random

import given
import pytest
from flask import Flask

from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Case, Clock, Entry, Listing
from tipline.queries import casework as query
from tipline.queries import supervision, workforce
from tipline.services import casework, supervising
from tipline.services.supervising import CannotAssign

DUE = date(2026, 7, 20)


@pytest.fixture
def colleague(app: Flask) -> Actor:
    return given.staff("inspector", username="colleague")


def pooled(office: Actor) -> int:
    return given.accepted(given.tip().id, by=office).id


def stands(case_id: int) -> Case:
    return next(case for case in given.every(Case) if case.id == case_id)


def test_a_case_goes_from_one_hand_to_the_other_and_the_first_sees_it_no_more(
    office: Actor, inspector: Actor, colleague: Actor, supervisor: Actor
) -> None:
    case_id = pooled(office)
    casework.claim(case_id, by=inspector, now=given.NOW)
    supervising.assign(case_id, by=supervisor, to=colleague.id, reason="更近", now=given.NOW)
    assert stands(case_id).claimed_by_id == colleague.id
    with pytest.raises(NotThere):
        query.claimed_case(inspector, case_id, now=given.NOW)
    line = given.every(Entry)[-1]
    assert (line.event, line.facts["from"], line.facts["to"]) == (
        "case.assigned",
        inspector.id,
        colleague.id,
    )
    assert casework.inspectors_of(stands(case_id)) == {inspector.id, colleague.id}


def test_nobody_is_given_a_case_who_stepped_aside_or_is_away_or_is_no_inspector(
    office: Actor, inspector: Actor, colleague: Actor, supervisor: Actor
) -> None:
    case_id = pooled(office)
    casework.claim(case_id, by=inspector, now=given.NOW)
    casework.hand_back(case_id, by=inspector, reason="conflict_of_interest", now=given.NOW)
    today = given.NOW.date()
    supervising.set_leave(colleague.id, by=supervisor, first_on=today, last_on=today, now=given.NOW)
    for who, why in ((inspector, "aside"), (colleague, "away"), (office, "not_theirs")):
        with pytest.raises(CannotAssign, match=why):
            supervising.assign(case_id, by=supervisor, to=who.id, reason="", now=given.NOW)
    with pytest.raises(CannotAssign, match="nobody"):
        supervising.assign_by_lot(case_id, by=supervisor, dice=Random(1), now=given.NOW)


def test_the_lot_falls_on_who_carries_least(
    office: Actor, inspector: Actor, colleague: Actor, supervisor: Actor
) -> None:
    casework.claim(pooled(office), by=inspector, now=given.NOW)
    case_id = pooled(office)
    supervising.assign_by_lot(case_id, by=supervisor, dice=Random(1), now=given.NOW)
    assert stands(case_id).claimed_by_id == colleague.id


def test_what_the_policy_gives_out_by_lot_is_in_nobodys_pool(
    office: Actor, inspector: Actor
) -> None:
    case_id = pooled(office)
    with given.casework_policy(by_lot=("unlicensed_clinic",)):
        given.fresh()
        assert query.pool(inspector, after=None, now=given.NOW).rows == []
        assert supervising.deal_out(dice=Random(1), now=given.NOW) == 1
    assert stands(case_id).claimed_by_id == inspector.id
    assert supervising.deal_out(dice=Random(1), now=given.NOW) == 0


def test_the_office_above_takes_a_case_over_and_the_district_sees_it_no_more(
    office: Actor, supervisor: Actor
) -> None:
    local = given.staff("inspector", office_id=given.office("440902"), username="local")
    case_id = given.accepted(given.tip(division="440902").id, by=office).id
    casework.claim(case_id, by=local, now=given.NOW)
    supervising.take_over(case_id, by=supervisor, reason="保护主义", now=given.NOW)
    assert (stands(case_id).status, stands(case_id).office_id) == ("queued", 1)
    assert query.pool(local, after=None, now=given.NOW).rows == []
    with pytest.raises(CannotAssign, match="same_office"):
        supervising.take_over(case_id, by=supervisor, reason="再来", now=given.NOW)


def test_a_listed_case_has_a_day_of_its_own_until_it_is_done_or_taken_off(
    office: Actor, inspector: Actor, supervisor: Actor
) -> None:
    case_id = pooled(office)
    listed = {"level": "city", "reason": "群众反映强烈", "due_on": DUE}
    supervising.list_case(case_id, by=supervisor, now=given.NOW, **listed)  # type: ignore[arg-type]
    clock = next(each for each in given.every(Clock) if each.step == "supervision")
    assert (clock.due_on, clock.state) == (DUE, "running")
    with pytest.raises(CannotAssign, match="listed"):
        supervising.list_case(case_id, by=supervisor, now=given.NOW, **listed)  # type: ignore[arg-type]
    row = supervision.open_cases(supervisor, listed=True, now=given.NOW).rows[0]
    assert (row.id, row.listed.zh if row.listed else "") == (case_id, "市级挂牌督办")
    supervising.unlist(case_id, by=supervisor, now=given.NOW + timedelta(days=1))
    assert supervision.open_cases(supervisor, listed=True, now=given.NOW).rows == []
    assert [each.state for each in given.every(Clock) if each.step == "supervision"] == ["stopped"]
    assert len(given.every(Listing)) == 1


def test_a_closed_case_is_neither_assigned_nor_listed(
    office: Actor, inspector: Actor, supervisor: Actor
) -> None:
    case = given.answered(given.tip().id, office=office, inspector=inspector)
    with pytest.raises(IllegalTransition):
        supervising.assign(case.id, by=supervisor, to=inspector.id, reason="", now=given.NOW)
    with pytest.raises(CannotAssign, match="not_open"):
        supervising.list_case(
            case.id, by=supervisor, level="city", reason="x", due_on=DUE, now=given.NOW
        )


def test_the_workload_counts_what_is_in_hand_and_how_often_nobody_was_there(
    office: Actor, inspector: Actor, supervisor: Actor
) -> None:
    for finding in ("premises_empty", "substantiated"):
        given.concluded(given.tip().id, office=office, inspector=inspector, finding=finding)
    casework.claim(pooled(office), by=inspector, now=given.NOW)
    given.fresh()
    loads = workforce.workloads(supervisor, now=given.NOW + timedelta(days=30))
    load = next(each for each in loads if each.id == inspector.id)
    assert (load.cases, load.weight, load.late, load.oldest_days) == (1, 2, 1, 30)
    assert (load.concluded, load.empty_rate) == (2, 0.5)
    (district,) = workforce.by_district(supervisor, now=given.NOW)
    assert (district.waiting, district.claimed, district.late) == (0, 1, 0)


def test_another_districts_supervisor_can_do_nothing_about_a_case(office: Actor) -> None:
    case_id = pooled(office)
    stranger = given.staff("supervisor", office_id=given.office("440904"))
    with pytest.raises(NotThere):
        supervising.list_case(
            case_id, by=stranger, level="city", reason="x", due_on=DUE, now=given.NOW
        )
    with pytest.raises(NotThere):
        supervision.overseen(stranger, case_id, now=given.NOW)
    assert workforce.workloads(stranger, now=given.NOW) == []
