"""The laws that are shipped: what their files say, and dates that were worked out by hand."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tipline.domain.deadlines import StepDue, due_for
from tipline.domain.rules import Rule
from tipline.policy import load

POLICY = load()
SHANGHAI = ZoneInfo("Asia/Shanghai")
REGIMES = {
    "12320_shiyan_2021",
    "12345_beijing",
    "12345_jinan_2018",
    "12345_shandong_2020",
    "12345_state_council_2020_53",
    "12345_state_council_2025_66",
    "administrative_compulsion_law_2011",
    "administrative_penalty_law_2021",
    "advertising_law_53",
    "criminal_transfer_310_2020",
    "data_incident",
    "health_penalty_procedure_1997_2006",
    "health_xinfang_54_2007",
    "local_health_supervision_examples",
    "nhc_order_13_2025",
    "nhsa_order_5_2022",
    "reporter_remedies",
    "reporting_duties_health",
    "reward_steps_nhsa_2022",
    "reward_steps_sfda_2017",
    "samr_order_121_2025",
    "samr_order_20_2019",
    "samr_penalty_procedure_2022",
    "unlicensed_practice_norm_2016",
    "xinfang_2022",
    "zhejiang_health_extension_2019",
}
STEPS = [(law.id, step.id) for law in POLICY.regimes.values() for step in law.steps]


def rule(regime: str, step: str) -> Rule:
    found = POLICY.rule(regime, step)
    assert found is not None
    return found


def due(regime: str, step: str, start: str) -> StepDue:
    at = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI).astimezone(UTC)
    return due_for(rule(regime, step), at=at, calendar=POLICY.calendar, zone=SHANGHAI)


def test_every_law_of_the_research_is_shipped_with_its_source_and_confidence() -> None:
    assert set(POLICY.regimes) == REGIMES
    assert all(law.source and law.confidence for law in POLICY.regimes.values())
    assert len(STEPS) > 80


@pytest.mark.parametrize(("regime", "step"), STEPS)
def test_every_step_that_names_a_figure_can_be_counted(regime: str, step: str) -> None:
    if rule(regime, step).has_term:
        assert due(regime, step, "2026-07-01T10:00").lines
    else:
        with pytest.raises(ValueError, match="no figure"):
            due(regime, step, "2026-07-01T10:00")


@pytest.mark.parametrize(
    ("regime", "step", "start", "day"),
    [
        ("samr_order_121_2025", "complaint_accept", "2026-04-30", "2026-05-13"),
        ("samr_order_121_2025", "mediation_end", "2026-08-02", "2026-10-08"),
        ("samr_order_121_2025", "report_handling", "2026-09-18", "2026-10-15"),
        ("samr_penalty_procedure_2022", "decision", "2026-07-03", "2026-10-08"),
        ("samr_penalty_procedure_2022", "decision", "2026-06-21", "2026-09-19"),
        ("administrative_penalty_law_2021", "decision", "2026-06-21", "2026-09-20"),
        ("administrative_penalty_law_2021", "limitation", "2026-03-01", "2028-03-01"),
        ("administrative_penalty_law_2021", "hearing_notice", "2026-10-12", "2026-09-24"),
        ("xinfang_2022", "receipt_notice", "2026-09-16", "2026-10-01"),
        ("xinfang_2022", "register_and_route", "2026-09-16", "2026-10-08"),
        ("xinfang_2022", "object_to_routing", "2026-09-30", "2026-10-13"),
        ("criminal_transfer_310_2020", "head_decides", "2026-09-30", "2026-10-03"),
        ("reward_steps_nhsa_2022", "claim", "2026-07-31", "2026-09-30"),
        ("reporting_duties_health", "monthly_report", "2026-10-24", "2026-10-25"),
        ("reporting_duties_health", "monthly_report", "2026-10-25", "2026-11-25"),
        ("reporting_duties_health", "summary_tables", "2026-10-01", "2026-12-15"),
        ("reporting_duties_health", "final_summary", "2026-07-01", "2027-06-15"),
    ],
)
def test_a_step_is_due_on_the_day_that_was_worked_out_by_hand(
    regime: str, step: str, start: str, day: str
) -> None:
    assert due(regime, step, f"{start}T10:00").due_on == date.fromisoformat(day)


def test_a_transfer_is_handed_over_within_a_day_through_the_holiday() -> None:
    found = due("criminal_transfer_310_2020", "hand_over", "2026-10-01T17:00")
    assert found.due_at == datetime(2026, 10, 2, 17, tzinfo=SHANGHAI)


def test_limitation_is_five_years_when_somebody_was_harmed() -> None:
    at = datetime(2026, 3, 1, 2, tzinfo=UTC)
    limitation = rule("administrative_penalty_law_2021", "limitation")
    facts = {"harm": "life_health_or_finance"}
    found = due_for(limitation, at=at, calendar=POLICY.calendar, zone=SHANGHAI, facts=facts)
    assert found.due_on == date(2031, 3, 1)


def test_the_first_extension_is_the_heads_and_the_second_a_collective_decision() -> None:
    decision = rule("samr_penalty_procedure_2022", "decision")
    first, second = decision.extension_after(0), decision.extension_after(1)
    assert first is not None
    assert (first.max, first.approver) == (30, "head")
    assert second is not None
    assert (second.max, second.approver) == (None, "collective")
    assert decision.extension_after(2) is None
    with pytest.raises(ValueError, match="at most 30"):
        first.ensure_allows(31)


def test_no_step_counts_a_refused_ground() -> None:
    refused = {ground.id for ground in POLICY.grounds.values() if ground.refused}
    assert refused == {"staff_absence_or_turnover", "workload", "slackness"}
    rules = [step for law in POLICY.regimes.values() for step in law.steps]
    for each in [*rules, *POLICY.deadlines.steps]:
        for part in each.extensions:
            assert not refused & set(part.grounds)


def test_the_profile_takes_its_grounds_from_the_local_rule() -> None:
    (first,) = POLICY.deadlines.step("initial_check").extensions
    local = POLICY.regimes["zhejiang_health_extension_2019"]
    assert (first.grounds, first.refused) == (local.extension_grounds, local.refused_grounds)


def test_what_the_reporter_is_owed_never_rolls_in_any_law() -> None:
    owed = [
        step
        for law in POLICY.regimes.values()
        for step in law.steps
        if step.notify and step.notify.tells_reporter
    ]
    assert len(owed) > 10
    assert {step.roll for step in owed} == {"none"}


def test_a_repealed_law_says_until_when_it_held() -> None:
    old, new = POLICY.regimes["samr_order_20_2019"], POLICY.regimes["samr_order_121_2025"]
    assert old.is_in_force(date(2026, 4, 14))
    assert not old.is_in_force(date(2026, 4, 15))
    assert new.is_in_force(date(2026, 4, 15))
    assert not new.is_in_force(date(2026, 4, 14))
