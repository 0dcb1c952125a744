"""The default deadline profile: what the law and good practice ask of a health tip line."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tipline.domain.deadlines import Step, StepDue, due_for
from tipline.policy import load

POLICY = load()
PROFILE = POLICY.deadlines
SHANGHAI = ZoneInfo("Asia/Shanghai")
PROMISES = [step for step in PROFILE.steps if step.promise]


def due(step: str, *, day: str) -> StepDue:
    at = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=SHANGHAI).astimezone(UTC)
    return due_for(PROFILE.step(step), at=at, calendar=POLICY.calendar, zone=SHANGHAI)


def test_profile_has_the_id_that_others_name() -> None:
    assert PROFILE.id == "cn_health_tipline_default"


@pytest.mark.parametrize(
    ("step", "duration", "unit", "starts_on"),
    [
        ("ack", 0, "same_day", ("tip.received",)),
        ("triage", 1, "workday", ("tip.received",)),
        ("acceptance_notice", 7, "workday", ("tip.received",)),
        ("interim_reply_12345", 5, "workday", ("tip.received",)),
        ("initial_check", 15, "workday", ("tip.received",)),
        ("filing_notice", 5, "workday", ("case.filed", "case.not_filed")),
        ("decision", 90, "calendar_day", ("case.filed",)),
        ("transfer_decision", 3, "calendar_day", ("transfer.proposed",)),
        ("transfer_hand_over", 24, "hour", ("transfer.approved",)),
        ("police_decide", 3, "calendar_day", ("transfer.handed_over",)),
        ("outcome_notice", 15, "workday", ("case.concluded",)),
        ("request_reconsideration", 3, "calendar_day", ("outside.police_refusal_received",)),
        ("police_redecide", 3, "calendar_day", ("outside.reconsideration_requested",)),
        (
            "suggest_prosecutor_supervision",
            3,
            "calendar_day",
            ("outside.reconsideration_answered",),
        ),
        (
            "hand_over_goods",
            3,
            "calendar_day",
            ("transfer.accepted", "outside.police_filing_received"),
        ),
        ("interim_answer", 5, "workday", ("clock.missed",)),
        ("reward_start", 15, "workday", ("case.closed",)),
        ("reward_tell", 15, "workday", ("reward.approved",)),
        ("evidence_registration", 7, "workday", ("holding.registration",)),
        ("seizure", 30, "calendar_day", ("holding.seizure",)),
        ("hearing_request", 5, "workday", ("outside.notice_served",)),
        ("service", 7, "workday", ("decision.made",)),
        ("payment", 15, "calendar_day", ("measure.served",)),
        ("court_application", 3, "month", ("outside.remedies_expired",)),
        ("rectification", 0, "same_day", ("measure.imposed",)),
        ("supervision", 0, "same_day", ("case.listed",)),
        ("monthly_report", None, "same_day", ("office.added", "office.period_began")),
        ("reward_claim", 30, "workday", ("reward.notified",)),
        ("reward_claim_two_months", 2, "month", ("reward.notified",)),
        ("reinspect_30", 30, "calendar_day", ("measure.imposed",)),
        ("reinspect_90", 90, "calendar_day", ("measure.imposed",)),
        ("reinspect_180", 180, "calendar_day", ("measure.imposed",)),
    ],
)
def test_step_runs_as_long_as_its_source_says(
    step: str, duration: int | None, unit: str, starts_on: tuple[str, ...]
) -> None:
    found = PROFILE.step(step)
    assert (found.duration, found.unit, found.starts_on) == (duration, unit, starts_on)


def test_profile_has_no_step_that_is_not_checked_here() -> None:
    assert len(PROFILE.steps) == 32


def test_ack_is_met_by_the_event_that_starts_it() -> None:
    assert PROFILE.step("ack").is_met_by("tip.received", {})


def test_acceptance_notice_is_due_after_seven_workdays() -> None:
    assert due("acceptance_notice", day="2026-07-01").due_on == date(2026, 7, 10)


def test_acceptance_notice_is_due_after_fifteen_days_when_a_long_holiday_lies_between() -> None:
    found = due("acceptance_notice", day="2026-02-12")
    assert found.due_on == date(2026, 2, 27)
    assert found.due_instant == datetime(2026, 2, 27, 16, tzinfo=UTC)


def test_initial_check_is_due_after_fifteen_workdays_over_the_national_holiday() -> None:
    assert due("initial_check", day="2026-09-18").due_on == date(2026, 10, 15)


def test_decision_promised_to_the_reporter_never_leans_on_a_holiday() -> None:
    assert due("decision", day="2026-07-03").due_on == date(2026, 10, 1)


def test_transfer_is_handed_over_within_a_day_when_the_day_is_a_holiday() -> None:
    assert due("transfer_hand_over", day="2026-10-02").due_instant == datetime(
        2026, 10, 3, 2, tzinfo=UTC
    )


def test_reinspections_are_due_at_their_intervals_after_a_ban() -> None:
    dates = [due(f"reinspect_{days}", day="2026-01-05").due_on for days in (30, 90, 180)]
    assert dates == [date(2026, 2, 4), date(2026, 4, 5), date(2026, 7, 4)]


@pytest.mark.parametrize("measure", ["warning", "fine", "rectification_order"])
def test_reinspections_start_only_after_a_ban(measure: str) -> None:
    step = PROFILE.step("reinspect_30")
    assert step.is_started_by("measure.imposed", {"measure": "ban"})
    assert not step.is_started_by("measure.imposed", {"measure": measure})


def test_reinspection_is_met_only_by_a_visit_made_for_it() -> None:
    step = PROFILE.step("reinspect_90")
    assert step.is_met_by("visit.made", {"clock": "reinspect_90"})
    assert not step.is_met_by("visit.made", {"clock": "reinspect_30"})


def test_interim_reply_is_owed_only_when_the_hotline_sent_the_tip() -> None:
    step = PROFILE.step("interim_reply_12345")
    assert step.is_started_by("tip.received", {"source": "hotline_12345"})
    assert not step.is_started_by("tip.received", {"source": "own_channel"})


def test_reporter_is_promised_every_stage_from_acceptance_to_reward() -> None:
    assert [step.id for step in PROMISES] == [
        "acceptance_notice",
        "initial_check",
        "decision",
        "outcome_notice",
        "interim_answer",
        "reward_claim",
        "reward_claim_two_months",
    ]


@pytest.mark.parametrize("step", PROMISES, ids=lambda step: step.id)
def test_promise_is_about_a_tip_and_never_leans_on_the_roll(step: Step) -> None:
    assert (step.about, step.roll) == ("tip", "none")


@pytest.mark.parametrize(
    "step", [step for step in PROMISES if step.bound == "office"], ids=lambda step: step.id
)
def test_promise_is_kept_only_by_events_that_the_reporter_can_read(step: Step) -> None:
    assert set(step.meets_on) <= set(POLICY.timeline)


def test_only_the_reporter_the_party_and_the_police_owe_their_own_steps() -> None:
    others = {step.id: step.bound for step in PROFILE.steps if step.bound != "office"}
    assert others == {
        "hearing_request": "accused",
        "payment": "accused",
        "police_decide": "police",
        "police_redecide": "police",
        "reward_claim": "reporter",
        "reward_claim_two_months": "reporter",
    }


def test_every_step_names_its_source() -> None:
    assert all(len(step.basis.en) > 10 and len(step.basis.zh) > 6 for step in PROFILE.steps)


def test_step_is_unknown_when_the_profile_has_none_of_that_name() -> None:
    with pytest.raises(KeyError):
        PROFILE.step("no_such_step")
