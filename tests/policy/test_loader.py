"""Loading a policy: every mistake is named by file, key and reason, and none is a traceback."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipline.policy import PolicyError, load
from tipline.policy.loader import DEFAULT, FILES

DATED = "effective_from: 2026-01-01\n"
EDITS = [
    ("site.yaml", "leave_url:", "exit_url: x\nleave_url:", "exit_url: unknown key"),
    ("site.yaml", "leave_url: https", "#", "leave_url: is missing"),
    ("site.yaml", "https:", "http:", "leave_url: needs an https address"),
    ("site.yaml", "leave_url:", "leave_url: a\nleave_url:", "leave_url: is there twice (line 4)"),
    ("site.yaml", "https://www.weather.com.cn/", "12", "leave_url: Input should be a valid string"),
    (
        "site.yaml",
        "2026-01-01",
        "2026-02-30",
        "effective_from: Input should be a valid date in the format YYYY-MM-DD, day value is",
    ),
    ("site.yaml", "effective_from: 2026", "effective_from: [2026", "line 3: expected"),
    ("site.yaml", "leave_url: ", "leave_url: &x ", None),
    ("site.yaml", "leave_url:", "a: &x 1\nb: *x\nleave_url:", "-: aliases (*) are not used here"),
    ("site.yaml", "leave_url: ", "leave_url: !!binary ", "line 3: could not determine"),
    (
        "categories.yaml",
        "lead: drug_administration",
        "lead: drugs",
        "categories.pharmacy_practice.lead: no department 'drugs'",
    ),
    (
        "categories.yaml",
        "assisting: [police]",
        "assisting: [army]",
        "categories.blood.assisting: no department 'army'",
    ),
    (
        "categories.yaml",
        "priority: 1",
        "priority: 5",
        "categories.blood: priority takes a number from 1 to 4",
    ),
    (
        "categories.yaml",
        "priority: 1",
        "priority: '1'",
        "categories.blood.priority: Input should be a valid integer",
    ),
    ("categories.yaml", "id: unknown", "id: other", "categories: needs an active category"),
    ("categories.yaml", "id: blood", "id: unknown", "categories.unknown: this id is there twice"),
    (
        "departments.yaml",
        "zh: 公安局, en: Public Security Bureau (police)",
        "zh: 公安局",
        "departments.police.name.en: is missing",
    ),
    (
        "departments.yaml",
        "zh: 公安局",
        "zh: ' '",
        "departments.police.name: needs words in both languages",
    ),
    (
        "deadlines.yaml",
        "starts_on: [case.concluded]",
        "starts_on: [case.waiting]",
        "steps.outcome_notice.starts_on: no event 'case.waiting'",
    ),
    (
        "deadlines.yaml",
        "meets_on: [tip.outcome_told]",
        "meets_on: [tip.told]",
        "steps.outcome_notice.meets_on: no event 'tip.told'",
    ),
    (
        "deadlines.yaml",
        "stops_on: [measure.revoked]",
        "stops_on: [measure.undone]",
        "steps.reinspect_30.stops_on: no event 'measure.undone'",
    ),
    (
        "deadlines.yaml",
        "only_if: {measure: ban}",
        "only_if: {measure: exile}",
        "steps.reinspect_30.only_if.measure: no measure 'exile'",
    ),
    (
        "deadlines.yaml",
        "    promise:",
        "    roll: any_rest_day\n    promise:",
        "steps.acceptance_notice: what the reporter is owed may not roll past its day",
    ),
    (
        "deadlines.yaml",
        "rule: 12320_shiyan_2021.transfer",
        "rule: 12320_shiyan_2021.transfer\n    unit: fortnight",
        "steps.triage.unit: Input should be 'workday'",
    ),
    (
        "deadlines.yaml",
        "duration: 15\n      unit: calendar_day",
        "duration: 0\n      unit: calendar_day",
        "steps.acceptance_notice.hard_limit: unit calendar_day takes a number from 1",
    ),
    (
        "deadlines.yaml",
        "rule: 12320_shiyan_2021.transfer",
        "rule: 12320_shenzhen.transfer",
        "steps.triage.rule: no regime '12320_shenzhen'",
    ),
    (
        "deadlines.yaml",
        "rule: 12320_shiyan_2021.transfer",
        "rule: 12320_shiyan_2021.pass_on",
        "steps.triage.rule: the regime '12320_shiyan_2021' has no step 'pass_on'",
    ),
    (
        "deadlines.yaml",
        "    rule: 12320_shiyan_2021.transfer\n",
        "",
        "steps.triage: needs a duration, fixed dates or a rule that has one",
    ),
    (
        "deadlines.yaml",
        "rule: samr_order_121_2025.complaint_accept",
        "rule: samr_order_20_2019.complaint_accept",
        "steps.acceptance_notice.rule: samr_order_20_2019 is not in force on 2026-04-15",
    ),
    (
        "deadlines.yaml",
        "rule: reward_steps_sfda_2017.claim",
        "rule: reward_steps_sfda_2017.claim\n    alternative: three_years",
        "steps.reward_claim.rule: the rule has no alternative 'three_years'",
    ),
    (
        "deadlines.yaml",
        "grounds_from: zhejiang_health_extension_2019\n",
        "",
        "steps.initial_check.extensions.0.grounds: needs at least one ground",
    ),
    (
        "deadlines.yaml",
        "grounds_from: zhejiang_health_extension_2019",
        "grounds_from: nowhere",
        "grounds_from: no regime 'nowhere'",
    ),
    (
        "deadlines.yaml",
        "pauses: [testing, inspection, appraisal, awaiting_official_reply]",
        "pauses: [workload]",
        "steps.initial_check.pauses: 'workload' is refused and never is a ground",
    ),
    (
        "deadlines.yaml",
        "extensions: [{max: 15, unit: workday, approver: head}]",
        "extensions: [{max: 15, unit: hour, approver: head}]",
        "steps.initial_check: hours are extended by hours, days by days",
    ),
    (
        "deadlines.yaml",
        "stops_on: [tip.withdrawn]",
        "stops_on: [tip.withdrawn]\n    colour: red",
        "steps.triage.colour: unknown key",
    ),
    ("grounds.yaml", "id: complex", "id: testing", "grounds.testing: this id is there twice"),
    (
        "notices.yaml",
        "event: tip.accepted",
        "event: tip.agreed",
        "notices.3.event: no event 'tip.agreed'",
    ),
    (
        "notices.yaml",
        "notice: added",
        "notice: advert",
        "notices.1.notice: Input should be 'received'",
    ),
    (
        "notices.yaml",
        "event: tip.declined",
        "event: tip.accepted",
        "notices.4: tip.accepted already promises news",
    ),
    (
        "roles.yaml",
        "tip:take_in",
        "tip:delete",
        "roles.operator.permissions.0: Input should be 'tip:take_in'",
    ),
    ("answers.yaml", "  licensed:", "  licenced:", "answers: no answer for the finding 'licensed'"),
    ("answers.yaml", "  licensed:", "  licenced:", "answers.licenced: no finding 'licenced'"),
    ("answers.yaml", "：{measures}", "{address}", "answers.substantiated.zh: no place {address}"),
    ("answers.yaml", "：{measures}", "{}", "answers.substantiated.zh: no place {}"),
    ("answers.yaml", "：{measures}", "{number:>9}", "answers.substantiated.zh: no place {number:"),
    ("answers.yaml", "：{measures}", "{measures", "answers.substantiated.zh: a brace is wrong"),
    ("timeline.yaml", "tip.received:", "tip.seen:", "timeline.tip.seen: no event 'tip.seen'"),
    ("statuses.yaml", "  declined:", "  refused:", "statuses: no words for 'declined'"),
    ("statuses.yaml", "  declined:", "  refused:", "statuses.refused: there is no such status"),
    ("statuses.yaml", "  joined:", "  merged:", "case_statuses.merged: there is no such status"),
    ("events.yaml", "case.found:", "case.lost:", "events.case.lost: no event 'case.lost'"),
    (
        "casework.yaml",
        "claim_lease_workdays: 5",
        "claim_lease_workdays: 0",
        "casework: claim_lease_workdays takes a number from 1 to 90",
    ),
    (
        "identity_words.yaml",
        "regex: '[零〇",
        "regex: '[",
        None,
    ),
    (
        "identity_words.yaml",
        "{7,}'",
        "{7,}('",
        "identity_words.spoken_number: the regex cannot be read",
    ),
    (
        "questionnaire.yaml",
        "id: address",
        "id: street",
        "pages: needs a required field 'address'",
    ),
    (
        "questionnaire.yaml",
        "        options: categories\n",
        "",
        "pages.category.fields.category: options belong to a choice",
    ),
    (
        "questionnaire.yaml",
        "id: when\n        kind",
        "id: who\n        kind",
        "fields.who: this id",
    ),
    (
        "calendar.yaml",
        "2025-01-01,",
        "2024-11-01,",
        "years.2025.off_days: 2024-11-01 lies outside 2025",
    ),
    (
        "calendar.yaml",
        "2025-01-26,",
        "2025-01-28,",
        "years.2025: 2025-01-28 is both an off day and a make-up workday",
    ),
    (
        "calendar.yaml",
        "2025-01-26,",
        "2025-01-27,",
        "years.2025.makeup_workdays: 2025-01-27 is not on a weekend",
    ),
    ("calendar.yaml", "  2025:", "  soon:", "years.soon.[key]: Input should be a valid integer"),
    ("divisions.json", '"11":', '"1x":', "1x: a code has 2, 4 or 6 digits"),
    ("divisions.json", '"11":', '"99":', "1101: the area 11 above it is not in the list"),
    ("divisions.json", '"11":', '"12":', "12: is there twice"),
    ("divisions.json", '"北京市"', '""', "11: has no name"),
    ("divisions.json", '"北京市"', "7", "11: Input should be a valid string"),
]


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    content = (DEFAULT / name).read_text(encoding="utf-8")
    assert old in content
    (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")
    return folder


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(PolicyError) as refused:
        load(folder)
    return str(refused.value).splitlines()


@pytest.mark.parametrize(("name", "old", "new", "mistake"), EDITS)
def test_load_names_file_key_and_reason_when_a_file_has_a_mistake(
    tmp_path: Path, name: str, old: str, new: str, mistake: str | None
) -> None:
    folder = edited(tmp_path, name, old, new)
    if mistake is None:
        assert load(folder).version != load().version
    else:
        assert any(line.startswith(f"{name}: {mistake}") for line in mistakes(folder))


LAW = """
id: own_law
title: {zh: 本市规定, en: Own law}
source: the city
confidence: full_text
roll: any_rest_day
steps:
  - id: check
    label: {zh: 核查, en: Check}
    trigger: [tip.received]
    duration: 10
    unit: calendar_day
"""
LAW_EDITS = [
    ("id: own_law", "id: other_law", "id: must be the name of its file"),
    ("source: the city\n", "", "source: is missing"),
    ("full_text", "hearsay", "confidence: Input should be 'full_text'"),
    ("[tip.received]", "[tip.seen]", "steps.check.trigger: no event 'tip.seen'"),
    ("[tip.received]", "[outside.rain]", "steps.check.trigger: no event 'outside.rain'"),
    ("10\n", "0\n", "steps.check: unit calendar_day takes a number from 1"),
    ("calendar_day\n", "week\n", "steps.check.unit: Input should be 'workday'"),
    (
        "calendar_day\n",
        "calendar_day\n    pauses: [rain]\n",
        "steps.check.pauses: no ground 'rain'",
    ),
    (
        "calendar_day\n",
        "calendar_day\n    roll: any_rest_day\n    notify: {who: [reporter]}\n",
        "steps.check: what the reporter is owed may not roll past its day",
    ),
    (
        "calendar_day\n",
        "calendar_day\n    roll: any_rest_day\n    direction: before\n",
        "steps.check: days counted backwards do not roll",
    ),
    (
        "calendar_day\n",
        "calendar_day\n    on_dates: [{day: 25}]\n",
        "steps.check: has either a duration or fixed dates",
    ),
    (
        "calendar_day\n",
        "calendar_day\n    delegates_to: xinfang_2022.nothing\n",
        "steps.check.delegates_to: there is no step 'xinfang_2022.nothing'",
    ),
    (
        "calendar_day\n",
        "calendar_day\n    extensions: [{unit: calendar_day, approver: head}]\n",
        "steps.check.extensions.0: needs a max, unless a collective decision fixes the term",
    ),
    (
        "title:",
        "effective_from: 2026-02-01\neffective_to: 2026-01-01\ntitle:",
        "effective_to: lies",
    ),
]


def test_a_law_is_added_by_a_file_and_a_profile_uses_it(tmp_path: Path) -> None:
    (tmp_path / "regimes").mkdir()
    (tmp_path / "regimes" / "own_law.yaml").write_text(LAW, encoding="utf-8")
    edited(tmp_path, "deadlines.yaml", "rule: 12320_shiyan_2021.transfer", "rule: own_law.check")
    policy = load(tmp_path)
    triage = policy.deadlines.step("triage")
    assert (triage.duration, triage.unit, triage.roll) == (10, "calendar_day", "any_rest_day")
    assert policy.version != load().version


@pytest.mark.parametrize(("old", "new", "mistake"), LAW_EDITS)
def test_load_names_file_key_and_reason_when_a_law_has_a_mistake(
    tmp_path: Path, old: str, new: str, mistake: str
) -> None:
    (tmp_path / "regimes").mkdir()
    assert old in LAW
    law = LAW.replace(old, new, 1)
    (tmp_path / "regimes" / "own_law.yaml").write_text(law, encoding="utf-8")
    assert any(line.startswith(f"regimes/own_law.yaml: {mistake}") for line in mistakes(tmp_path))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "roles.yaml: -: Input should be an object"),
        (b"- 1\n- 2\n", "roles.yaml: -: Input should be an object"),
        (b"\xff\xfe\x00\x01binary", "roles.yaml: -: is not UTF-8 text"),
        (b"a: \x00b", "roles.yaml: -: is not YAML"),
        (b"a: " + b"[" * 5000, "roles.yaml: -: cannot be read"),
        (b"a: " + b"9" * 5000, "roles.yaml: -: cannot be read"),
        (b"a: &x [*x]", "roles.yaml: -: aliases"),
        (b"? [a]\n: b", "roles.yaml: line 1: found unhashable key"),
        (b"--- 1\n--- 2\n", "roles.yaml: line 2: but found another document"),
        (b"#" * 1_000_001, "roles.yaml: -: is larger than 1000000 bytes"),
        (b'roles: "\\ud800"', "roles.yaml: -: "),
        (b"!!python/object/apply:os.getcwd []", "roles.yaml: line 1: could not determine"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else "",
)
def test_load_names_the_file_when_it_is_odd(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "roles.yaml").write_bytes(content)
    assert mistakes(tmp_path)[0].startswith(reason)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.sampled_from(FILES), content=st.binary() | st.text().map(lambda text: text.encode()))
def test_load_never_fails_otherwise_when_a_file_is_anything(
    tmp_path: Path, name: str, content: bytes
) -> None:
    for left in tmp_path.iterdir():
        left.unlink()
    (tmp_path / name).write_bytes(content)
    assert all(line.startswith(f"{name}: ") for line in mistakes(tmp_path))


def test_load_says_so_when_a_file_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").mkdir()
    assert mistakes(tmp_path) == ["roles.yaml: -: is not a file"]


def test_load_says_so_when_a_file_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").symlink_to(tmp_path / "gone.yaml")
    assert mistakes(tmp_path) == ["roles.yaml: -: is not a file"]


def test_load_says_so_when_a_name_is_misspelt(tmp_path: Path) -> None:
    (tmp_path / "calender.yaml").write_text(DATED)
    assert mistakes(tmp_path) == ["calender.yaml: -: is not a policy file"]


def test_load_says_so_when_the_folder_is_not_there(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "gone") == [
        "gone: -: cannot be opened as a folder: No such file or directory"
    ]


def test_load_collects_the_mistakes_of_all_files(tmp_path: Path) -> None:
    edited(tmp_path, "site.yaml", "https:", "http:")
    edited(tmp_path, "roles.yaml", "tip:take_in", "tip:delete")
    edited(tmp_path, "timeline.yaml", "tip.received:", "tip.seen:")
    found = [line.partition(":")[0] for line in mistakes(tmp_path)]
    assert sorted(found) == ["roles.yaml", "site.yaml", "timeline.yaml"]


def test_load_finds_other_mistakes_when_one_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "departments.yaml").write_bytes(b"\xff")
    edited(tmp_path, "notices.yaml", "event: tip.accepted", "event: tip.agreed")
    assert [line.partition(":")[0] for line in mistakes(tmp_path)] == [
        "departments.yaml",
        "notices.yaml",
    ]


def test_load_overrides_only_the_files_that_the_folder_has(tmp_path: Path) -> None:
    edited(tmp_path, "casework.yaml", "claim_lease_workdays: 5", "claim_lease_workdays: 3")
    own = load(tmp_path)
    assert own.casework.claim_lease_workdays == 3
    assert own.categories == load().categories


def test_version_is_the_same_only_when_the_content_is(tmp_path: Path) -> None:
    assert load(tmp_path).version == load().version
    edited(tmp_path, "site.yaml", "weather.com.cn", "example.com")
    assert load(tmp_path).version != load().version


def test_effective_from_is_the_latest_of_the_files(tmp_path: Path) -> None:
    edited(tmp_path, "site.yaml", "2026-01-01", "2026-09-01")
    assert str(load(tmp_path).effective_from) == "2026-09-01"


def test_words_that_yaml_would_turn_into_truth_stay_words(tmp_path: Path) -> None:
    edited(tmp_path, "statuses.yaml", "en: Withdrawn", "en: Yes")
    assert load(tmp_path).statuses["withdrawn"].en == "Yes"


def test_a_letter_offers_no_other_days_for_a_redo_than_the_office_keeps(tmp_path: Path) -> None:
    text = (DEFAULT / "casework.yaml").read_text(encoding="utf-8")
    own = text.replace("redo_within_days: 15", "redo_within_days: 10")
    (tmp_path / "casework.yaml").write_text(own, encoding="utf-8")
    with pytest.raises(PolicyError, match="letters.yaml: letters.remedies.redo.within: differs"):
        load(tmp_path)
