"""Administrative divisions: readable names, and no filler levels."""

import pytest

from tipline.domain.divisions import Division, Divisions
from tipline.policy import load

DIVISIONS: Divisions = load().divisions


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("44", "广东省"),
        ("4409", "广东省茂名市"),
        ("440902", "广东省茂名市茂南区"),
        ("110101", "北京市东城区"),
        ("500229", "重庆市城口县"),
        ("419001", "河南省济源市"),
        ("441900", "广东省东莞市"),
        ("5002", "重庆市"),
    ],
)
def test_name_of_reads_like_an_address_when_the_code_is_known(code: str, name: str) -> None:
    assert DIVISIONS.name_of(code) == name


@pytest.mark.parametrize("code", ["", "4", "999999", "440902001", "东城区"])
def test_name_of_is_empty_when_the_code_is_unknown(code: str) -> None:
    assert DIVISIONS.name_of(code) == ""
    assert code not in DIVISIONS
    assert not DIVISIONS.is_county(code)


def test_children_of_nothing_are_the_provinces() -> None:
    provinces = DIVISIONS.children()
    assert len(provinces) == 31
    assert provinces[0] == Division("11", "北京市")


def test_children_of_a_municipality_are_its_districts() -> None:
    codes = [area.code for area in DIVISIONS.children("50")]
    assert "500101" in codes
    assert "500229" in codes


def test_children_of_a_province_include_counties_that_have_no_city() -> None:
    names = [area.name for area in DIVISIONS.children("41")]
    assert "郑州市" in names
    assert "济源市" in names


def test_children_of_a_county_are_none() -> None:
    assert DIVISIONS.children("440902") == ()


def test_every_county_can_be_reached_when_walking_down() -> None:
    reached, waiting = set(), [area.code for area in DIVISIONS.children()]
    while waiting:
        code = waiting.pop()
        reached.add(code)
        waiting += [area.code for area in DIVISIONS.children(code)]
    assert {code for code in DIVISIONS.names if DIVISIONS.is_county(code)} <= reached


def test_every_county_has_a_name_of_its_own() -> None:
    counties = [code for code in DIVISIONS.names if DIVISIONS.is_county(code)]
    assert len({DIVISIONS.name_of(code) for code in counties}) == len(counties) > 2900
