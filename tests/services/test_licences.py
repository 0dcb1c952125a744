"""The official list of licensed institutions."""

from datetime import date

import given
from flask import Flask

from tipline.domain.licences import Institution
from tipline.queries.licences import licences_at
from tipline.services import licences

CLINIC = Institution(
    "PDY440902001", "仁爱口腔诊所", "440902", "官山一路11号", "口腔科", date(2026, 12, 31)
)
OLD = Institution("PDY440902002", "康宁诊所", "440902", "官山一路12号", "内科", date(2025, 12, 31))
TODAY = date(2026, 7, 1)


def test_licences_at_finds_an_institution_when_the_address_is_written_otherwise(app: Flask) -> None:
    licences.replace_list([CLINIC, OLD], by="test", now=given.NOW)
    found = licences_at("440902", "官山一路 １１ 号", today=TODAY)
    assert [(each.name, each.expired) for each in found] == [("仁爱口腔诊所", False)]


def test_licences_at_says_expired_when_the_licence_has_ended(app: Flask) -> None:
    licences.replace_list([OLD], by="test", now=given.NOW)
    assert [each.expired for each in licences_at("440902", OLD.address, today=TODAY)] == [True]


def test_licences_at_finds_none_when_the_district_or_the_address_is_another(app: Flask) -> None:
    licences.replace_list([CLINIC], by="test", now=given.NOW)
    assert not licences_at("440904", CLINIC.address, today=TODAY)
    assert not licences_at("440902", "", today=TODAY)


def test_replace_list_drops_what_the_new_list_lacks(app: Flask) -> None:
    licences.replace_list([CLINIC, OLD], by="test", now=given.NOW)
    assert licences.replace_list([OLD], by="test", now=given.NOW) == 1
    assert not licences_at("440902", CLINIC.address, today=TODAY)


def test_a_licence_for_something_else_is_outside_its_scope(app: Flask) -> None:
    licences.replace_list([CLINIC], by="test", now=given.NOW)
    (found,) = licences_at("440902", CLINIC.address, today=TODAY, category="cosmetic_treatment")
    assert found.standing == "outside_scope"
    (dental,) = licences_at("440902", CLINIC.address, today=TODAY, category="dental_treatment")
    assert dental.standing == "licensed"
