"""The clinic file: one place, many cases; who is behind it, and what they did elsewhere."""

from datetime import date, timedelta

import given
import pytest
from flask import Flask

from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Clinic, Entry, Party, Tip
from tipline.queries.clinics import clinic_view
from tipline.services import casework, clinics, parties, triage
from tipline.services.clinics import Known
from tipline.services.parties import Described
from tipline.vault import sealing

LANDLORD = Described(kind="person", name="李房东", identity="440902197001011234")


def known(**said: object) -> Known:
    return Known(**({"division": "440902", "address": "官山一路 11 号"} | said))  # type: ignore[arg-type]


def clinic_of(tip: Tip) -> Clinic:
    return given.case_of(tip.id).clinic


def test_the_file_keeps_names_and_the_phones_of_the_place_each_once(office: Actor) -> None:
    clinic_id = clinic_of(given.tip()).id
    said = known(
        sign="康民诊所",
        aliases=("老陈那里", "老陈那里", " "),
        phones=("0668-222 3333", "+86 138 0013 8000", "13800138000"),
        kind="flat",
        coordinates=(21.66, 110.92),
    )
    for _ in range(2):
        clinics.amend(clinic_id, by=office, known=said, now=given.NOW)
    (clinic,) = given.every(Clinic)
    assert [(each.kind, each.name) for each in clinic.names] == [
        ("sign", "康民诊所"),
        ("alias", "老陈那里"),
    ]
    assert [each.number for each in clinic.phones] == ["06682223333", "13800138000"]
    assert (clinic.latitude, clinic.longitude, clinic.kind) == (21.66, 110.92, "flat")


def test_a_case_put_to_another_file_comes_back_when_it_was_a_mistake(office: Actor) -> None:
    first, second = given.tip(), given.tip(address="官山一路 12 号")
    own = clinic_of(second).id
    clinics.place(second.case_id, clinic_of(first).id, by=office, now=given.NOW)
    assert clinic_of(second).id == clinic_of(first).id
    assert (given.reread(second.id).address, given.reread(second.id).case_id) == (
        "官山一路 12 号",
        second.case_id,
    )
    clinics.take_back(second.case_id, by=office, now=given.NOW)
    assert clinic_of(second).id == own


def test_a_case_that_was_never_moved_cannot_be_taken_back(office: Actor) -> None:
    with pytest.raises(IllegalTransition):
        clinics.take_back(given.tip().case_id, by=office, now=given.NOW)


def test_accepting_one_of_several_cases_leaves_the_file_they_share_alone(office: Actor) -> None:
    first, second = given.tip(address="官山一路 11 号"), given.tip(address="别处")
    clinics.place(second.case_id, clinic_of(first).id, by=office, now=given.NOW)
    given.accepted(second.id, by=office, address="写错的地址")
    assert clinic_of(second).address == "官山一路 11 号"


def test_who_has_the_same_identity_number_is_one_party_with_one_record(office: Actor) -> None:
    here, there = clinic_of(given.tip()), clinic_of(given.tip(address="站前路 3 号"))
    parties.add(here.id, by=office, described=LANDLORD, role="venue_provider", now=given.NOW)
    link = given.every(Party)[0].clinics[0]
    parties.note_record(
        here.id,
        link.id,
        by=office,
        kind="ban",
        on=date(2018, 5, 4),
        note="卫罚字 7 号",
        here=True,
        now=given.NOW,
    )
    again = Described(kind="person", name="李某", identity=" 440902１97001011234 ")
    parties.add(there.id, by=office, described=again, role="practitioner", now=given.NOW)
    [party] = given.every(Party)
    (seen,) = clinic_view(office, there.id, now=given.NOW).parties
    assert [(record.kind, record.on) for _, record in seen.records] == [("ban", date(2018, 5, 4))]
    assert [other.address for other in seen.elsewhere] == ["官山一路 11 号 401"]
    assert party.name == "李房东"


def test_an_identity_number_lies_nowhere_in_clear(office: Actor) -> None:
    clinic = clinic_of(given.tip())
    parties.add(clinic.id, by=office, described=LANDLORD, role="venue_provider", now=given.NOW)
    assert LANDLORD.identity not in str(given.everything())
    assert given.every(Party)[0].identity_sealed is not None


def test_people_without_a_number_are_never_taken_for_each_other(office: Actor) -> None:
    clinic = clinic_of(given.tip())
    nobody = Described(kind="person", name="不详")
    for _ in range(2):
        parties.add(clinic.id, by=office, described=nobody, role="practitioner", now=given.NOW)
    assert len(given.every(Party)) == 2


def test_a_party_cannot_have_left_before_it_came(office: Actor) -> None:
    clinic = clinic_of(given.tip())
    came = date(2026, 3, 1)
    parties.add(
        clinic.id, by=office, described=LANDLORD, role="employer", since=came, now=given.NOW
    )
    link = given.every(Party)[0].clinics[0]
    with pytest.raises(parties.EndsBeforeItBegan):
        parties.end(clinic.id, link.id, by=office, until=came - timedelta(days=1), now=given.NOW)
    parties.end(clinic.id, link.id, by=office, until=came, now=given.NOW)
    assert given.every(Party)[0].clinics[0].until == came


def test_an_inspector_reads_the_file_while_holding_a_case_there_and_sees_no_tip(
    office: Actor,
) -> None:
    inspector, other = given.staff("inspector"), given.staff("inspector", username="other")
    tip = given.tip()
    case = given.claimed(tip.id, office=office, inspector=inspector)
    view = clinic_view(inspector, case.clinic_id, now=given.NOW)
    assert [(past.number, past.tips) for past in view.cases] == [(case.number, [])]
    with pytest.raises(NotThere):
        clinic_view(other, case.clinic_id, now=given.NOW)
    clinics.add_habit(
        case.clinic_id, by=inspector, weekdays=[None], hours=(19, 23), note="", now=given.NOW
    )
    with pytest.raises(NotThere):
        clinics.add_habit(
            case.clinic_id, by=other, weekdays=[0], hours=(9, 12), note="", now=given.NOW
        )


def test_a_case_from_which_an_inspector_stepped_aside_is_no_part_of_the_history(
    office: Actor,
) -> None:
    inspector = given.staff("inspector")
    first, second = given.tip(), given.tip(address="官山一路 11 号")
    left = given.claimed(first.id, office=office, inspector=inspector)
    casework.hand_back(left.id, by=inspector, reason="conflict_of_interest", now=given.NOW)
    clinics.place(second.case_id, left.clinic_id, by=office, now=given.NOW)
    held = given.claimed(second.id, office=office, inspector=inspector)
    view = clinic_view(inspector, held.clinic_id, now=given.NOW)
    assert [past.number for past in view.cases] == [held.number]


def test_an_office_elsewhere_knows_nothing_of_a_clinic(app: Flask) -> None:
    given.office("440902")
    stranger = given.staff("triage_officer", office_id=given.office("440802"))
    clinic_id = clinic_of(given.tip()).id
    with pytest.raises(NotThere):
        clinic_view(stranger, clinic_id, now=given.NOW)
    with pytest.raises(NotThere):
        clinics.amend(clinic_id, by=stranger, known=known(), now=given.NOW)


def test_what_changes_in_a_file_is_in_the_journal_without_what_was_written(office: Actor) -> None:
    clinic = clinic_of(given.tip())
    clinics.amend(clinic.id, by=office, known=known(sign="康民诊所"), now=given.NOW)
    lines = [line for line in given.every(Entry) if line.about_kind == "clinic"]
    assert [(line.event, line.facts) for line in lines] == [("clinic.amended", {})]


def test_the_mark_of_an_identity_number_depends_on_the_pepper() -> None:
    marks = {sealing.identity_mark("44", pepper) for pepper in ("one", "other")}
    assert len(marks) == 2


def test_joined_tips_keep_their_own_place_while_the_case_has_one_clinic(office: Actor) -> None:
    first, second = given.tip(), given.tip(address="官山一路口")
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    assert clinic_of(second).id == clinic_of(first).id
    assert given.reread(second.id).address == "官山一路口"


def test_what_is_known_of_a_place_goes_along_when_two_files_are_united(office: Actor) -> None:
    first, second = given.tip(), given.tip(address="官山一路 12 号")
    here, there = clinic_of(first).id, clinic_of(second).id
    clinics.amend(
        here, by=office, known=known(sign="康康诊所", phones=("0668-2223333",)), now=given.NOW
    )
    described = Described(kind="person", name="吴某", identity="吴某")
    party = parties.add(here, by=office, described=described, role="practitioner", now=given.NOW)
    clinics.unite(here, there, by=office, now=given.NOW)
    united = clinic_of(first)
    assert united.id == there
    assert [each.party_id for each in united.parties] == [party]
    assert "康康诊所" in {each.name for each in united.names}
    assert united.phones
