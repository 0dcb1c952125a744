"""The packaged policy: what it must hold for reporters and staff, whatever its wording."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from tipline.domain.words import Text
from tipline.policy import load
from tipline.policy.vocabulary import EVENTS, PERMISSIONS

POLICY = load()
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif is_dataclass(value):
        for part in fields(value):
            yield from texts(getattr(value, part.name))


def permissions_of(role: str) -> frozenset[str]:
    return frozenset(POLICY.roles[role].permissions)


def test_every_text_is_chinese_in_chinese_and_english_in_english() -> None:
    found = list(texts(POLICY))
    assert len(found) > 150
    for text in found:
        assert CHINESE.search(text.zh), text
        assert not CHINESE.search(text.en), text


def test_questionnaire_asks_what_the_intake_interface_takes() -> None:
    asked = POLICY.questionnaire.fields
    assert list(asked) == [
        "category",
        "division",
        "address",
        "landmark",
        "floor",
        "facts",
        "when",
        "who",
        "contact",
        "wants_reply",
        "wants_reward",
    ]
    assert [name for name, field in asked.items() if field.required] == ["address", "facts"]


@pytest.mark.parametrize(
    ("keeps", "names"),
    [
        ("place", {"category", "division", "address", "floor"}),
        ("words", {"landmark", "facts", "when", "who"}),
        ("contact", {"contact"}),
        ("wish", {"wants_reply", "wants_reward"}),
    ],
)
def test_questionnaire_keeps_in_clear_only_what_routing_needs(keeps: str, names: set[str]) -> None:
    asked = POLICY.questionnaire.fields
    assert {name for name, field in asked.items() if field.keeps == keeps} == names


def test_questionnaire_has_at_most_eight_pages_and_only_two_must_be_answered() -> None:
    pages = POLICY.questionnaire.pages
    assert len(pages) <= 8
    assert [page.id for page in pages if not page.optional] == ["place", "facts"]


def test_categories_are_urgent_when_life_is_in_danger() -> None:
    urgent = {kind.id for kind in POLICY.categories.values() if kind.priority == 1}
    assert urgent == {"blood", "black_ambulance"}


def test_roles_use_every_permission_and_no_other() -> None:
    used = {name for role in POLICY.roles.values() for name in role.permissions}
    assert used == set(PERMISSIONS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("reward:propose", "reward:approve"),
        ("reward:approve", "reward:pay"),
        ("reward:propose", "reward:pay"),
        ("staff:manage", "tip:words"),
        ("journal:read", "case:work"),
        ("case:work", "answer:release"),
    ],
)
def test_roles_never_join_what_two_people_must_do(one: str, other: str) -> None:
    assert not [role.id for role in POLICY.roles.values() if {one, other} <= role.permissions]


def test_inspectors_open_no_tip() -> None:
    own = {"case:pool", "case:claim", "case:work", "clinic:read", "clinic:keep"}
    assert permissions_of("inspector") == own


def test_only_triage_reads_the_reporters_words() -> None:
    assert [name for name in POLICY.roles if "tip:words" in permissions_of(name)] == [
        "triage_officer"
    ]


@pytest.mark.parametrize("finding", POLICY.findings)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_answer_can_be_filled_for_every_finding(finding: str, locale: str) -> None:
    text = POLICY.answers[finding].in_locale(locale)
    filled = text.format(number="T4821-3907-2214", received_on="2026-07-01", measures="—")
    assert "T4821-3907-2214" in filled
    assert "{" not in filled


def test_answer_names_measures_when_something_was_imposed() -> None:
    naming = {name for name, text in POLICY.answers.items() if "{measures}" in text.zh}
    assert naming == {"substantiated", "partly"}


def test_timeline_never_shows_what_could_warn_a_suspect() -> None:
    hidden = {event for event in EVENTS if event.startswith(("visit.", "transfer.", "identity."))}
    assert not (hidden | {"tip.joined", "case.claimed", "case.queued"}) & set(POLICY.timeline)


def test_every_event_has_words_for_staff() -> None:
    assert set(POLICY.events) == EVENTS


def test_every_event_that_is_told_can_be_read_in_the_timeline() -> None:
    assert {rule.event for rule in POLICY.notices} <= set(POLICY.timeline)


def test_workload_is_no_ground_for_handing_a_case_back() -> None:
    offered = {reason.id for reason in POLICY.return_reasons.values() if reason.offered}
    assert not offered & {"workload", "busy", "idle"}
    assert [name for name, why in POLICY.return_reasons.items() if why.recuses] == [
        "conflict_of_interest"
    ]


def test_a_case_is_concluded_without_a_visit_only_when_another_authority_takes_it() -> None:
    without = [name for name, finding in POLICY.findings.items() if not finding.needs_visit]
    assert without == ["other_authority"]
