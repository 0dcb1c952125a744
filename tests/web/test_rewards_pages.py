"""Rewards: who may be owed one, without who it is."""

import browsing
import given
import pytest
from flask import Flask

from tipline.domain.actors import Actor
from tipline.models import Tip
from tipline.services import casework


def concluded(office: Actor, inspector: Actor, finding: str, *, wants: bool = True) -> Tip:
    tip = given.tip(wants_reward=wants, contact=("sms", "+8613800138000"), words={"facts": "秘密"})
    case = given.claimed(tip.id, office=office, inspector=inspector)
    given.measure(case.id, by=inspector, kind="fine", amount_fen=5_150_000, now=given.NOW)
    given.visit(case.id, by=inspector, now=given.NOW)
    casework.record_finding(case.id, by=inspector, finding=finding, note="", now=given.NOW)
    casework.conclude(case.id, by=inspector, now=given.NOW)
    return tip


@pytest.mark.parametrize(
    ("finding", "wants", "listed"),
    [
        ("substantiated", True, True),
        ("partly", True, True),
        ("substantiated", False, False),
        ("unsubstantiated", True, False),
        ("premises_empty", True, False),
    ],
)
def test_a_tip_is_listed_when_it_found_something_and_its_reporter_wishes_so(
    app: Flask, office: Actor, inspector: Actor, finding: str, wants: bool, listed: bool
) -> None:
    tip = concluded(office, inspector, finding, wants=wants)
    text = browsing.signed_in(app, "reward_officer").read("/rewards/").text
    assert (tip.number in text) is listed


def test_the_list_shows_what_was_imposed_and_nobody(
    app: Flask, office: Actor, inspector: Actor
) -> None:
    concluded(office, inspector, "substantiated")
    html = browsing.signed_in(app, "reward_officer").read("/rewards/").html
    assert "51,500.00" in html
    for hidden in ("13800138000", "秘密", "官山"):
        assert hidden not in html


def test_a_reward_officer_of_another_district_sees_nothing(
    app: Flask, office: Actor, inspector: Actor
) -> None:
    elsewhere = given.office("440904")
    tip = concluded(office, inspector, "substantiated")
    browser = browsing.signed_in(app, "reward_officer", office_id=elsewhere)
    assert tip.number not in browser.read("/rewards/").text
