"""Every shipped scheme, quoted for facts that were worked out by hand against its text."""

from datetime import date
from typing import Any

import pytest

from tipline.domain.rewards import Facts, Quote, quote
from tipline.policy import load

SCHEMES = load().schemes
GOOD = {"real_name": True, "age": 40, "in_area": True, "previously_unknown": True}
NOT_DUE = "not due"
WAN = 1_000_000  # ten thousand yuan, in fen

# scheme, facts beside GOOD, the amount or range in yuan
LAW: list[tuple[str, dict[str, Any], object]] = [
    ("shantou_unlicensed", {"outcome": ("penalty",)}, 1000),
    ("shantou_unlicensed", {"outcome": ("judgment",)}, 1000),
    ("shantou_unlicensed", {"outcome": ("filed",)}, NOT_DUE),
    ("shantou_unlicensed", {"outcome": ("penalty",), "age": 17}, NOT_DUE),
    ("shantou_unlicensed", {"outcome": ("penalty",), "age": 18}, 1000),
    ("shantou_unlicensed", {"outcome": ("penalty",), "real_name": False}, NOT_DUE),
    ("shantou_unlicensed", {"outcome": ("penalty",), "previously_unknown": False}, NOT_DUE),
    ("shantou_unlicensed", {"outcome": ("penalty",), "in_area": False}, NOT_DUE),
    ("shantou_unlicensed", {"outcome": ("penalty",), "rank": 2}, NOT_DUE),
    ("shantou_unlicensed", {"outcome": ("penalty",), "rank": 2, "decisive": True}, (0, 1000)),
    ("shanghai_unlicensed_2016", {"outcome": ("filed",)}, 500),
    ("shanghai_unlicensed_2016", {"outcome": ("penalty",)}, 500),
    ("shanghai_unlicensed_2016", {"outcome": ("filed",), "merit": True}, (500, 5000)),
    ("shanghai_unlicensed_2016", {"outcome": ()}, NOT_DUE),
    ("shanghai_unlicensed_2016", {"outcome": ("filed",), "rank": 2, "decisive": True}, NOT_DUE),
    ("shanghai_unlicensed_2016", {"outcome": ("filed",), "accepted_on": date(2015, 1, 1)}, NOT_DUE),
    ("hangzhou_shangcheng_2012", {"case_value_fen": WAN}, 100),
    ("hangzhou_shangcheng_2012", {"case_value_fen": WAN + 1}, 300),
    ("hangzhou_shangcheng_2012", {"case_value_fen": 3 * WAN}, 300),
    ("hangzhou_shangcheng_2012", {"case_value_fen": 5 * WAN}, 500),
    ("hangzhou_shangcheng_2012", {"case_value_fen": 10 * WAN}, 1000),
    ("hangzhou_shangcheng_2012", {"case_value_fen": 10 * WAN + 1}, 2000),
    ("changshu_2018", {"outcome": ("penalty",)}, 500),
    ("changshu_2018", {"outcome": ("transferred",)}, 1000),
    ("changshu_2018", {"outcome": ("penalty", "transferred")}, 1000),
    ("changshu_2018", {"outcome": ("filed",)}, NOT_DUE),
    ("changshu_2018", {"outcome": ("penalty",), "real_name": None}, 500),
    ("changshu_2018", {"outcome": ("penalty",), "accepted_on": date(2018, 7, 31)}, NOT_DUE),
    ("lianyungang", {}, (100, 500)),
    ("lianyungang", {"merit": True}, (100, 1000)),
    ("lianyungang", {"previously_unknown": False}, NOT_DUE),
    ("lianyungang", {"rank": 3}, NOT_DUE),
    ("lianyungang", {"real_name": False}, (100, 500)),
    ("shenzhen_2018", {}, (2000, 100_000)),
    ("shenzhen_2018", {"real_name": False}, (2000, 100_000)),
    ("shenzhen_2018", {"accepted_on": date(2018, 8, 31)}, NOT_DUE),
    ("shenzhen_2018", {"accepted_on": date(2018, 9, 1)}, (2000, 100_000)),
    ("shenzhen_2018", {"rank": 2}, NOT_DUE),
    ("hunan_2005_fetal_sex", {}, 2000),
    ("hunan_2005_fetal_sex", {"joint": 3}, 2000),
    ("hunan_2005_fetal_sex", {"rank": 2}, NOT_DUE),
    ("hunan_2005_fetal_sex", {"accepted_on": date(2004, 12, 31)}, NOT_DUE),
    ("hunan_2005_fetal_sex", {"fine_fen": 100 * WAN}, 2000),
    (
        "samr_mof_2021",
        {"outcome": ("penalty",), "evidence_level": "L1", "fine_fen": 100 * WAN},
        50_000,
    ),
    (
        "samr_mof_2021",
        {"outcome": ("penalty",), "evidence_level": "L2", "fine_fen": 20 * WAN},
        6000,
    ),
    ("samr_mof_2021", {"outcome": ("penalty",), "evidence_level": "L3", "fine_fen": 5 * WAN}, 1000),
    ("samr_mof_2021", {"outcome": ("closed",), "evidence_level": "L1"}, 5000),
    (
        "samr_mof_2021",
        {
            "outcome": ("penalty",),
            "evidence_level": "L1",
            "fine_fen": 2000 * WAN,
            "confiscated_fen": WAN,
        },
        1_000_000,
    ),
    (
        "samr_mof_2021",
        {
            "outcome": ("penalty",),
            "evidence_level": "L2",
            "fine_fen": 10 * WAN,
            "confiscated_fen": 5 * WAN,
        },
        4500,
    ),
    (
        "samr_mof_2021",
        {"outcome": ("penalty",), "evidence_level": "L2", "fine_fen": 20 * WAN, "insider": True},
        (6000, 1_000_000),
    ),
    (
        "samr_mof_2021",
        {"outcome": ("penalty",), "evidence_level": "L2", "excluded_as": "offender"},
        NOT_DUE,
    ),
    (
        "samr_mof_2021",
        {
            "outcome": ("closed",),
            "evidence_level": "L3",
            "excluded_as": "offender",
            "insider": True,
        },
        (1000, 1_000_000),
    ),
    ("samr_mof_2021", {"outcome": ("filed",), "evidence_level": "L1"}, NOT_DUE),
    ("samr_mof_2021", {"outcome": ("penalty",)}, NOT_DUE),
    ("sfda_2017", {"evidence_level": "L1", "goods_value_fen": 100 * WAN}, (40_000, 60_000)),
    ("sfda_2017", {"evidence_level": "L1", "fine_fen": 10 * WAN}, (4000, 6000)),
    ("sfda_2017", {"evidence_level": "L1", "fine_fen": 4 * WAN}, (2000, 2400)),
    ("sfda_2017", {"evidence_level": "L1"}, 2000),
    ("sfda_2017", {"evidence_level": "L1", "fine_fen": 2000 * WAN}, 500_000),
    ("sfda_2017", {"evidence_level": "L2", "fine_fen": 10 * WAN}, NOT_DUE),
    ("fuyang_food_drug", {}, (50, 200_000)),
    ("fuyang_food_drug", {"real_name": False}, (50, 200_000)),
    ("fuyang_food_drug", {"insider": True}, (50, 200_000)),
    ("fuyang_food_drug", {"fine_fen": WAN}, (50, 200_000)),
    ("fuyang_food_drug", {"rank": 2}, NOT_DUE),
    ("nhsa_mof_2022", {"case_value_fen": 100 * WAN}, (200, 200_000)),
    ("nhsa_mof_2022", {"case_value_fen": WAN}, (200, 10_000)),
    ("nhsa_mof_2022", {}, 200),
    ("nhsa_mof_2022", {"accepted_on": date(2022, 12, 31)}, NOT_DUE),
    ("nhsa_mof_2022", {"rank": 2}, NOT_DUE),
    ("hunan_insurance", {"evidence_level": "L1", "case_value_fen": 10 * WAN}, 5000),
    ("hunan_insurance", {"evidence_level": "L2", "case_value_fen": 10 * WAN}, 3000),
    ("hunan_insurance", {"evidence_level": "L3", "case_value_fen": 10 * WAN}, 2000),
    ("hunan_insurance", {"evidence_level": "L3", "case_value_fen": 100}, 200),
    ("hunan_insurance", {"evidence_level": "L1", "case_value_fen": 1000 * WAN}, 200_000),
    ("work_safety_2018", {"fine_fen": 10 * WAN}, 15_000),
    ("work_safety_2018", {"fine_fen": WAN}, 3000),
    ("work_safety_2018", {"fine_fen": 300 * WAN}, 300_000),
    ("work_safety_2018", {"fine_fen": 10 * WAN, "insider": True}, 18_000),
    ("work_safety_2018", {"counts": {"hidden_deaths_ordinary": 2}}, 60_000),
    ("work_safety_2018", {"counts": {"hidden_deaths_gravest": 9}}, 300_000),
    ("state_security_2022", {}, (0, None)),
    ("state_security_2022", {"rank": 2, "decisive": True}, (0, None)),
    ("state_security_2022", {"rank": 2}, NOT_DUE),
    ("state_security_2022", {"excluded_as": "same_report_twice"}, NOT_DUE),
    ("state_security_2022", {"accepted_on": date(2022, 6, 5)}, NOT_DUE),
    ("state_security_2022", {"previously_unknown": False}, NOT_DUE),
]


def in_yuan(found: Quote) -> object:
    """What a quote says, as the table of hand-worked cases writes it."""
    if not found.eligible:
        return NOT_DUE
    if found.range_fen is not None:
        low, high = found.range_fen
        return (low / 100, None if high is None else high / 100)
    assert found.amount_fen is not None
    return found.amount_fen / 100


@pytest.mark.parametrize(("scheme", "told", "due"), LAW)
def test_a_scheme_gives_what_its_text_gives(scheme: str, told: dict[str, Any], due: object) -> None:
    assert in_yuan(quote(SCHEMES[scheme], Facts(**(GOOD | told)))) == due


def test_every_shipped_scheme_is_worked_out_for_at_least_five_sets_of_facts() -> None:
    worked = [scheme for scheme, _, _ in LAW]
    assert {scheme for scheme in SCHEMES if worked.count(scheme) < 5} == set()


def test_half_a_million_needs_the_finance_department_too() -> None:
    told = GOOD | {"outcome": ("penalty",), "evidence_level": "L1"}
    below, above = Facts(**told, fine_fen=999 * WAN), Facts(**told, fine_fen=1000 * WAN)
    approved = [
        [each.by for each in quote(SCHEMES["samr_mof_2021"], facts).approvals]
        for facts in (below, above)
    ]
    assert approved == [["reward_approver"], ["reward_approver", "finance_department"]]


def test_special_merit_and_insiders_need_their_own_consent() -> None:
    merit = quote(SCHEMES["lianyungang"], Facts(**GOOD, merit=True))
    assert [each.by for each in merit.approvals] == ["reward_approver", "health_commission"]
    told = GOOD | {"outcome": ("closed",), "evidence_level": "L3", "insider": True}
    insider = quote(SCHEMES["samr_mof_2021"], Facts(**told))
    assert insider.approvals[-1].by == "finance_department"


def test_what_is_not_known_yet_is_checked_at_the_claim() -> None:
    found = quote(SCHEMES["shantou_unlicensed"], Facts(outcome=("penalty",)))
    assert found.eligible
    later = [line.rule for line in found.lines if "checked at the claim" in line.effect.en]
    assert later == [
        "eligibility.real_name",
        "eligibility.min_age",
        "eligibility.in_area",
        "eligibility.previously_unknown",
    ]


@pytest.mark.parametrize(
    ("scheme", "window", "unit"),
    [
        ("sfda_2017", 30, "workday"),
        ("nhsa_mof_2022", 2, "month"),
        ("state_security_2022", 6, "month"),
    ],
)
def test_a_reward_waits_as_long_as_its_scheme_says(scheme: str, window: int, unit: str) -> None:
    claim = quote(SCHEMES[scheme], Facts(**GOOD)).claim
    assert (claim.window, claim.unit, claim.overdue) == (window, unit, "waived")


def test_a_scheme_names_what_was_not_seen_of_its_text() -> None:
    assert "claim_window" in SCHEMES["shantou_unlicensed"].gaps
    assert SCHEMES["state_security_2022"].gaps == ()
