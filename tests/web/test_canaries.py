"""Planted tips: nobody can tell them apart, every view has a name, and no figure counts them."""

from datetime import timedelta

import browsing
import given
import pytest
from browsing import Browser
from flask import Flask

from tipline.models import Canary, Case, Entry, Tip
from tipline.queries import workforce
from tipline.queries.rewards import candidates
from tipline.services import casework

PLANTED = {"category": "unlicensed_clinic", "address": "新福三路 9 号", "facts": "里面有人输液"}


@pytest.fixture
def supervisor(app: Flask) -> Browser:
    return browsing.signed_in(app, "supervisor")


@pytest.fixture
def planted(supervisor: Browser) -> Tip:
    assert supervisor.post("/desk/canaries", PLANTED | {"note": "查丙组"}).status_code == 302
    (tip,) = given.every(Tip)
    return tip


def test_a_planted_tip_looks_like_any_other_to_triage_and_in_the_journal(
    app: Flask, planted: Tip
) -> None:
    other = given.tip(address="新福三路 9 号")
    lines = {line.about_id: line for line in given.every(Entry) if line.event == "tip.received"}
    assert lines[planted.id].by == lines[other.id].by == "reporter"
    officer = browsing.signed_in(app, "triage_officer")
    html = officer.read("/desk/").html + officer.read(f"/desk/tips/{planted.id}").html
    for telling in ("查丙组", "测试线索", "canary"):
        assert telling not in html


def test_every_view_of_a_planted_tip_has_one_persons_name(
    app: Flask, supervisor: Browser, planted: Tip
) -> None:
    officer, inspector = given.staff("triage_officer"), given.staff("inspector", username="leaky")
    case = given.accepted(planted.id, by=officer)
    casework.claim(case.id, by=inspector, now=given.NOW)
    Browser(app).sign_in("leaky").get(f"/field/cases/{case.id}")
    text = supervisor.read("/desk/canaries").text
    assert "leaky：领办" in text
    assert "leaky：看了案件页面" in text
    assert "triageofficer：受理" in text


def test_only_supervision_knows_of_planted_tips(app: Flask, planted: Tip) -> None:
    for role in ("triage_officer", "inspector", "auditor", "administrator"):
        assert browsing.signed_in(app, role).get("/desk/canaries").status_code == 403


def test_a_planted_tip_counts_for_no_reward_and_in_no_figure(app: Flask, planted: Tip) -> None:
    officer, inspector = given.staff("triage_officer"), given.staff("inspector")
    given.concluded(planted.id, office=officer, inspector=inspector, finding="premises_empty")
    head, rewarder = given.staff("supervisor", username="head"), given.staff("reward_officer")
    given.fresh()
    loads = workforce.workloads(head, now=given.NOW + timedelta(days=1))
    assert {(each.concluded, each.empty) for each in loads} == {(0, 0)}
    assert candidates(rewarder, before=None)[0] == []
    assert (len(given.every(Canary)), len(given.every(Case))) == (1, 1)


def test_a_place_and_what_happens_there_are_asked_for(supervisor: Browser) -> None:
    response = supervisor.post("/desk/canaries", PLANTED | {"facts": " "})
    assert "写得要像真的" in browsing.read(response).text
    assert given.every(Tip) == []
