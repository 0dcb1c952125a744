"""Judging: the worker ranks what came in; a burst of smears goes to the slow lane, none is lost."""

from datetime import timedelta

import given

from tipline.domain.actors import Actor
from tipline.models import Entry, Tip
from tipline.queries.urgency import shown
from tipline.services import judging, matching

SMEAR = {"facts": "这家店无证行医害人不浅，请马上查封，药全是假的，老板态度恶劣"}
HONEST = {"facts": "我路过时看到有人在里面给老人挂盐水，墙上什么证都没有"}


def understood() -> None:
    while matching.understand(now=given.NOW):
        pass


def test_what_the_words_signal_ranks_a_tip_and_no_word_is_kept(office: Actor) -> None:
    plain = given.tip(words={"facts": "墙上没有执照"})
    urgent = given.tip(words={"facts": "给孩子打针，有人晕倒"}, address="别处 3 号")
    understood()
    assert (given.reread(plain.id).priority, given.reread(urgent.id).priority) == (2, 1)
    assert given.case_of(urgent.id).priority == 1
    assert given.reread(urgent.id).signals == "harm_done minors injections"


def test_a_place_where_something_was_imposed_before_counts_more_and_says_so(
    office: Actor,
) -> None:
    inspector = given.staff("inspector")
    past = given.tip()
    given.fined(past.id, office=office, inspector=inspector)
    new = given.tip(words=HONEST)
    understood()
    found = shown(given.reread(new.id), now=given.NOW)
    assert "这个地方以前查处过" in [reason.zh for reason, _ in found.reasons]
    assert (given.reread(new.id).priority, found.sources) == (1, 2)


def test_a_flood_of_smears_is_one_cluster_and_the_honest_tip_in_it_keeps_its_place(
    office: Actor,
) -> None:
    first = given.tip(words=HONEST)
    smears = [given.tip(words=SMEAR, now=given.NOW + timedelta(minutes=n)) for n in range(9)]
    understood()
    assert {given.reread(tip.id).lane for tip in smears} == {"slow"}
    assert {given.reread(tip.id).priority for tip in smears} == {4}
    assert {given.reread(tip.id).cluster_id for tip in smears} == {smears[0].id}
    kept = given.reread(first.id)
    assert (kept.lane, kept.cluster_id) == ("normal", None)
    assert kept.priority <= 2
    assert {tip.status for tip in given.every(Tip)} == {"received"}


def test_who_was_promoted_once_is_not_slowed_down_again(office: Actor) -> None:
    smears = [given.tip(words=SMEAR) for _ in range(6)]
    understood()
    judging.promote(smears[2].id, by=office, now=given.NOW)
    given.tip(words=SMEAR)
    understood()
    found = given.reread(smears[2].id)
    assert (found.lane, found.priority) == ("promoted", 2)
    assert "tip.promoted" in [line.event for line in given.every(Entry)]


def test_what_triage_has_decided_is_left_as_it_is(office: Actor) -> None:
    tip = given.tip(words={"facts": "给孩子打针"})
    given.accepted(tip.id, by=office, priority=3)
    understood()
    assert (given.case_of(tip.id).priority, given.reread(tip.id).status) == (3, "accepted")
