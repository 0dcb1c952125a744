"""The official list: read as offices export it, with a word for every line that is wrong."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipline.domain.licences import Standing, Unreadable, read_list, standing
from tipline.domain.places import place_key

HEAD = "机构名称,执业许可证号,行政区划代码,地址,诊疗科目,有效期至\n"
LINE = "仁爱口腔诊所,PDY1,440902,官山一路11号,口腔科,2027年12月31日\n"
TODAY = date(2026, 7, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_in_the_encodings_of_offices(encoding: str) -> None:
    (found,) = read_list((HEAD + LINE).encode(encoding))
    assert (found.number, found.name, found.valid_until) == (
        "PDY1",
        "仁爱口腔诊所",
        date(2027, 12, 31),
    )


@pytest.mark.parametrize(
    "written", ["2027-12-31", "2027/12/31", "２０２７.12.31", "2027年12月31日"]
)
def test_dates_are_read_as_offices_write_them(written: str) -> None:
    raw = f"number,name,division,address,valid_until\nP1,甲,440902,某路1号,{written}\n"
    assert read_list(raw.encode())[0].valid_until == date(2027, 12, 31)


def test_every_fault_names_its_line_and_column() -> None:
    raw = HEAD + LINE + "甲,P2,44,某路,,明年\n" + "\n" + ",P3,,某路,,2027-01-01\n" + LINE
    with pytest.raises(Unreadable) as told:
        read_list(raw.encode())
    assert told.value.faults == (
        "line 3, column valid_until: '明年' is no date; write it like 2027-12-31",
        "line 5, column name: is empty",
        "line 5, column division: '' is no division code; or use --division",
        "column number: 'PDY1' is there twice",
    )


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "no column number"),
        ("机构名称,地址\n甲,乙\n".encode(), "no column number (许可证号), valid_until (有效期至)"),
        (b"\xff\xfe\xff\xff", "neither UTF-8 nor GB18030"),
    ],
)
def test_a_file_that_is_no_such_list_is_told_what_is_missing(raw: bytes, word: str) -> None:
    with pytest.raises(Unreadable, match=word.replace("(", r"\(").replace(")", r"\)")):
        read_list(raw)


def test_a_line_without_a_division_takes_the_one_of_the_whole_file() -> None:
    raw = "number,name,address,valid_until\nP1,甲,某路1号,2027-01-01\n"
    assert read_list(raw.encode(), division="440902")[0].division == "440902"


@pytest.mark.parametrize(
    ("scope", "until", "needed", "found"),
    [
        ("口腔科", date(2026, 7, 1), ("口腔",), Standing.LICENSED),
        ("内科", date(2027, 1, 1), ("口腔",), Standing.OUTSIDE_SCOPE),
        ("中医科（不含口腔）", date(2027, 1, 1), ("口腔",), Standing.OUTSIDE_SCOPE),
        ("口腔科", date(2026, 6, 30), ("口腔",), Standing.EXPIRED),
        ("", date(2027, 1, 1), (), Standing.LICENSED),
    ],
)
def test_a_licence_is_worth_what_it_says_until_its_last_day(
    scope: str, until: date, needed: tuple[str, ...], found: Standing
) -> None:
    assert standing(scope, until, needed=needed, today=TODAY) == found


def test_one_street_is_one_place_however_much_stands_before_it() -> None:
    written = [
        "官山一路 11 号",
        "茂名市茂南区官山１路十一号",
        "广东省茂名市茂南区河东街道官山一路11号",
    ]
    assert {place_key(line) for line in written} == {"官山1路11号"}
    assert place_key("河东街道") == "河东街道"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_file_is_read_or_told_why_not(raw: bytes) -> None:
    with suppress(Unreadable):
        assert all(each.name for each in read_list(raw, division="44"))
