"""Suggestions: the worker gives keys, the desk sees what may be the same, within its own reach."""

import given
import pytest
from flask import Flask

from tipline.db import db
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Clinic, MatchKey, Tip
from tipline.queries import matching as query
from tipline.services import clinics, feedback, matching, triage
from tipline.services.clinics import Known
from tipline.vault import sealing


def understood() -> int:
    return matching.understand(now=given.NOW)


def suggested(office: Actor, tip: Tip) -> list[tuple[int, tuple[str, ...]]]:
    found = query.for_tip(office, given.reread(tip.id))
    return [(each.clinic.id, each.likeness.reasons) for each in found]


def test_every_tip_gets_its_keys_once(office: Actor) -> None:
    given.tip()
    assert understood() == 1
    assert understood() == 0
    assert 3 <= len(given.every(MatchKey)) <= 16


def test_a_place_in_other_characters_numerals_and_sounds_is_suggested(office: Actor) -> None:
    first = given.tip(address="官山一路 11 号 401")
    later = given.tip(address="關山1路十一號", floor="４楼４０１", division="440902")
    elsewhere = given.tip(address="红旗中路 5 号")
    understood()
    ((clinic_id, reasons),) = suggested(office, later)
    assert clinic_id == given.case_of(first.id).clinic_id
    assert reasons[:2] == ("same_door", "same_words")
    assert suggested(office, elsewhere) == []


def test_the_name_in_a_file_leads_to_a_clinic_whose_address_is_unlike(
    office: Actor,
) -> None:
    known, unknown = given.tip(address="菜市场后门"), given.tip(address="河滨小巷，康民诊所")
    clinic_id = given.case_of(known.id).clinic_id
    file = Known(division="440902", address="菜市场后门", sign="康民中医馆")
    clinics.amend(clinic_id, by=office, known=file, now=given.NOW)
    understood()
    ((found, reasons),) = suggested(office, unknown)
    assert (found, "same_name" in reasons) == (clinic_id, True)


def test_nothing_is_suggested_from_an_office_out_of_reach(app: Flask) -> None:
    given.office("440902")
    stranger = given.staff("triage_officer", office_id=given.office("440802"))
    own, foreign = given.tip(division="440802"), given.tip(division="440902")
    understood()
    assert suggested(stranger, own) == []
    everybody = given.staff("triage_officer", username="root")
    assert [each for each, _ in suggested(everybody, own)] == [given.case_of(foreign.id).clinic_id]


def test_a_joined_tip_speaks_for_the_clinic_that_it_was_joined_to(office: Actor) -> None:
    first, second = given.tip(address="菜市场后门"), given.tip(address="官山一路 11 号 401")
    understood()
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    third = given.tip(address="官山一路11号四〇一")
    understood()
    assert [each for each, _ in suggested(office, third)] == [given.case_of(first.id).clinic_id]


def test_a_join_is_undone_and_nothing_of_either_reporter_was_touched(office: Actor) -> None:
    code = sealing.mint_code()
    first, second = given.tip(), given.tip(code=code)
    own = second.case_id
    before = {table: rows for table, rows in given.everything().items() if table == "contact"}
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    assert given.case_of(second.id).id == first.case_id
    triage.unjoin(second.id, by=office, now=given.NOW)
    again = given.reread(second.id)
    assert (again.case_id, again.case.status, again.status) == (own, "received", "received")
    assert again.case.joined_to_id is None
    assert given.everything()["contact"] == before["contact"]
    with pytest.raises(IllegalTransition):
        triage.unjoin(second.id, by=office, now=given.NOW)
    feedback.withdraw(code, now=given.NOW)
    assert given.reread(first.id).status == "received"


def test_a_tip_taken_out_of_a_case_already_taken_on_waits_for_its_own_brief(office: Actor) -> None:
    first, second = given.tip(), given.tip(address="别处 3 号")
    given.accepted(first.id, by=office)
    triage.join(second.id, first.case_id, by=office, now=given.NOW)
    assert given.reread(second.id).status == "accepted"
    triage.unjoin(second.id, by=office, now=given.NOW)
    assert (given.reread(second.id).status, given.case_of(second.id).status) == (
        "accepted",
        "received",
    )
    own = given.accepted(second.id, by=office, address="别处 3 号")
    assert (own.status, own.clinic.address) == ("queued", "别处 3 号")


def test_two_files_of_one_place_become_one_and_come_apart_again(office: Actor) -> None:
    first, second = given.tip(), given.tip()
    here, there = given.case_of(first.id).clinic_id, given.case_of(second.id).clinic_id
    clinics.unite(there, here, by=office, now=given.NOW)
    assert {given.case_of(tip.id).clinic_id for tip in (first, second)} == {here}
    clinics.take_back(second.case_id, by=office, now=given.NOW)
    assert given.case_of(second.id).clinic_id == there
    assert len(given.every(Clinic)) == 2


def test_the_keys_hold_no_word_and_no_address(office: Actor) -> None:
    given.tip(address="官山一路 11 号", words={"facts": "金丝雀在这里唱了一整天的歌谁也没有听见"})
    understood()
    rows = given.everything()["match_key"]
    assert all(isinstance(value, int) or value == "tip" for row in rows for value in row)
    assert db.session.query(Tip).one().sketch != b""
