"""Urgency: points for what is known, each with its reason; and who counts as a source."""

from datetime import timedelta

import given as states
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipline.domain.matching import Voice, burst, independent, sketch
from tipline.domain.urgency import Known, signals_in, urgency
from tipline.policy import load

RULES = load().urgency
KEY = b"k" * 32
SMEAR = "这家店无证行医害人不浅，请马上查封，药全是假的，老板态度恶劣"
HONEST = "我路过时看到有人在里面给老人挂盐水，墙上什么证都没有"


def voice(tip_id: int, said: str, *, hours: int = 0, sender: bytes | None = None) -> Voice:
    at = states.NOW + timedelta(hours=hours)
    return Voice(tip_id=tip_id, received_at=at, sketch=sketch(said, KEY), sender=sender)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("有人大出血，快叫救护车", ("danger_now",)),
        ("给孩子打针", ("minors", "injections")),
        ("打完针晕倒住院了", ("harm_done", "injections")),
        ("在家里刮宫", ("surgery",)),
        ("They inject children", ("minors", "injections")),
        ("卖膏药", ()),
    ],
)
def test_signals_are_found_in_the_words(text: str, found: tuple[str, ...]) -> None:
    assert signals_in(text, RULES.signals) == found


@pytest.mark.parametrize(("category", "level"), [(1, 1), (2, 2), (3, 3), (4, 4)])
def test_a_tip_of_which_nothing_else_is_known_is_as_urgent_as_its_category(
    category: int, level: int
) -> None:
    assert urgency(Known(category_priority=category), RULES).level == level


def test_every_point_has_its_reason_the_weightiest_first() -> None:
    known = Known(
        category_priority=2,
        signals=("minors", "harm_done"),
        address="第三小学对面",
        repeat_place=True,
        sources=3,
        days_old=7,
    )
    found = urgency(known, RULES)
    assert found.level == 1
    assert [reason.what for reason in found.reasons] == [
        "category",
        "harm_done",
        "repeat_place",
        "corroboration",
        "minors",
        "key_area",
        "age",
    ]
    assert found.points == 45 + 25 + 20 + 16 + 15 + 10 + 10


@settings(max_examples=100, deadline=None)
@given(
    st.builds(
        Known,
        category_priority=st.integers(1, 4),
        signals=st.sets(st.sampled_from([s.id for s in RULES.signals])).map(tuple),
        repeat_place=st.booleans(),
        sources=st.integers(1, 30),
        days_old=st.integers(0, 400),
    )
)
def test_nothing_that_is_known_makes_a_tip_less_urgent(known: Known) -> None:
    bare = urgency(Known(category_priority=known.category_priority), RULES)
    found = urgency(known, RULES)
    assert 1 <= found.level <= bare.level
    assert sum(reason.points for reason in found.reasons) == found.points


def test_one_sender_and_one_text_count_once() -> None:
    voices = [
        voice(1, SMEAR, sender=b"a"),
        voice(2, HONEST, sender=b"a"),
        voice(3, SMEAR + "！"),
        voice(4, "美容院的工作室里做双眼皮，问了不肯给看证，用过的针头扔在楼下"),
    ]
    assert independent(voices) == 2
    assert independent([]) == 0


def test_a_burst_is_many_who_say_the_same_and_not_the_honest_one_among_them() -> None:
    smears = [voice(n, SMEAR) for n in range(10)]
    honest = voice(99, HONEST)
    within = timedelta(hours=48)
    found = burst(smears[0], [*smears[1:], honest], at_least=6, within=within)
    assert set(found) == set(range(10))
    assert burst(honest, smears, at_least=6, within=within) == ()
    assert burst(smears[0], smears[1:5], at_least=6, within=within) == ()
    old = [voice(n, SMEAR, hours=-72) for n in range(1, 10)]
    assert burst(smears[0], old, at_least=6, within=within) == ()
