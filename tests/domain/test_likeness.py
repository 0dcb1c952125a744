"""Matching: what people write differently is read alike, and neighbours are told apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipline.domain.matching import (
    Address,
    Traits,
    keys_of,
    likeness,
    nearby_cells,
    read_address,
    resemblance,
    sketch,
)
from tipline.domain.matching.names import core, names_in
from tipline.domain.matching.plain import plain

KEY = b"k" * 32
TOLD = "晚上有人给人打吊针，墙上没有执照，里面挂着输液架，收现金不开票"
NEARLY = "晚上有人在给人打吊针，墙上没有执照，里边挂着输液架，收现金不开票。"
OTHER = "美容院的工作室里做双眼皮，问了不肯给看证，用过的针头扔在楼下"


def place(line: str, floor: str = "", division: str = "440902") -> Traits:
    """Sounds as they are written: what is spoken is read elsewhere."""
    read = read_address(line, floor)
    return Traits(division=division, address=read, road_sound=read.road, estate_sound=read.estate)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("官山一路 11 号 401", "官山1路11号401"),
        ("官山一路十一号、四零一室", "官山1路11号401室"),
        ("ＡＢ座—１２０１", "ab座1201"),
        ("11号 401", "11号401"),
        ("11 401", "11 401"),
        ("14－2号", "14-2号"),
        ("2O栋l单元", "20栋l单元"),
        ("一百二十三号", "123号"),
        ("宫山路", "官山路"),
    ],
)
def test_a_text_has_one_plain_form(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize(
    ("line", "floor", "read"),
    [
        (
            "广东省茂名市茂南区河东街道光华南路 77 号",
            "二楼",
            Address(
                whole="光华南路77号 2楼", town="河东街道", road="光华南路", number="77", floor="2"
            ),
        ),
        (
            "茂名市高州市油城五路13号",
            "",
            Address(whole="油城5路13号", road="油城5路", number="13"),
        ),
        (
            "阳光小区3栋2单元502",
            "",
            Address(
                whole="阳光小区3栋2单元502",
                estate="阳光小区",
                building="3",
                floor="5",
                room="502",
            ),
        ),
        ("东门市场15幢", "", Address(whole="东门市场15幢", estate="东门市场", building="15")),
        (
            "站前四路",
            "四〇四",
            Address(whole="站前4路 404", road="站前4路", floor="4", room="404"),
        ),
        ("菜市场后面第二个门", "", Address(whole="菜市场后面第2个门")),
    ],
)
def test_an_address_is_read_into_its_parts(line: str, floor: str, read: Address) -> None:
    assert read_address(line, floor) == read


def test_the_same_door_in_other_words_is_likely_and_says_why() -> None:
    found = likeness(place("官山一路 11 号 401"), place("茂南区官山1路十一号", "4楼401房"))
    assert found.score == 1.0
    assert found.reasons == ("same_door", "same_room", "same_division")


@pytest.mark.parametrize(
    "other",
    [
        place("官山一路 12 号 401"),
        place("官山一路 11 号 402"),
        place("官山一路 11 号", "2楼"),
        place("官山二路 11 号 401"),
        place("官山一路 11 号 401", division="440981"),
        place(""),
    ],
)
def test_a_neighbour_is_less_likely_than_the_place_itself(other: Traits) -> None:
    mine = place("官山一路 11 号 401")
    assert likeness(mine, other).score < 0.6 < likeness(mine, mine).score


def test_a_phone_alone_is_enough_and_a_spot_close_by_helps() -> None:
    one = Traits(phones=frozenset({"13800138000"}), coordinates=(21.66, 110.92))
    other = Traits(phones=frozenset({"13800138000", "1"}), coordinates=(21.6603, 110.9202))
    assert likeness(one, other).reasons == ("same_phone", "close_by")
    far = Traits(phones=one.phones, coordinates=(22.0, 111.0))
    assert likeness(one, far).score < likeness(one, other).score


@pytest.mark.parametrize(
    ("name", "rest"),
    [("康民中医诊所", "康民"), ("康民门诊", "康民"), ("诊所", "诊所"), ("老陈那里", "老陈那里")],
)
def test_a_name_is_what_is_left_without_the_kind(name: str, rest: str) -> None:
    assert core(name) == rest


def test_names_are_found_in_an_address() -> None:
    assert names_in("官山1路11号旁边的康民诊所") == ("康民",)
    assert names_in("官山1路11号") == ()


def test_nearly_the_same_words_resemble_and_others_do_not() -> None:
    told, nearly, other = (sketch(text, KEY) for text in (TOLD, NEARLY, OTHER))
    assert resemblance(told, told) == 1.0
    assert resemblance(told, nearly) > 0.6
    assert resemblance(told, other) < 0.3


def test_a_sketch_says_nothing_without_its_key_and_nothing_of_a_few_signs() -> None:
    assert resemblance(sketch(TOLD, KEY), sketch(TOLD, b"x" * 32)) < 0.3
    assert len(sketch(TOLD, KEY)) == 16
    assert sketch("打针", KEY) == b""
    assert resemblance(b"", sketch(TOLD, KEY)) == 0.0


def test_a_spot_is_found_from_the_cell_next_to_it() -> None:
    (stored,) = keys_of(Traits(coordinates=(21.66499, 110.92)))
    assert stored in nearby_cells((21.66501, 110.92))
    assert nearby_cells(None) == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_written_can_be_compared_with_itself(line: str, floor: str) -> None:
    mine = place(line, floor)
    keys = keys_of(mine)
    assert len(keys) == len(set(keys)) <= 12
    assert all(0 <= key < 2**63 for key in keys)
    assert 0 <= likeness(mine, mine).score <= 1
    assert sketch(line, KEY) == sketch(line, KEY)
