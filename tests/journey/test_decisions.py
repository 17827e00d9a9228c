"""Every rule of the tables that judge readiness, needs and group, with the values at the edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.journey.journey_case import decisions
from tests.journey.tables import ask, parameters, rules, value


@pytest.mark.parametrize(
    ("as_of", "wage", "rule"),
    [
        ("2019-05-14", 220, 1),
        ("2020-12-31", 220, 1),
        ("2021-01-01", 260, 2),
        ("2024-12-31", 260, 2),
        ("2025-01-01", 290, 3),
        ("2033-12-31", 290, 3),
    ],
)
def test_parameters_by_date(as_of: str, wage: int, rule: int) -> None:
    found = parameters(as_of)
    assert found["minimum_wage_jod_month"] == wage
    assert found["realistic_wage_ceiling_jod"] == wage
    assert found["retention_check_days"] == [1, 7, 30, 90]
    assert rules("parameters", {"as_of": as_of}) == [rule]


READY: dict[str, Any] = {
    "can_start_within_week": True,
    "answered_without_hesitation": True,
    "can_commute_without_support": True,
    "transport_means": ["public_bus"],
    "accepts_minimum_wage": True,
    "expected_min_wage_jod": None,
    "health_status": "good_able_to_work",
    "can_be_away_10h": True,
    "parameters": parameters("2019-05-14"),
}


@pytest.mark.parametrize(
    ("changed", "barriers"),
    [
        ({}, []),
        ({"can_start_within_week": False, "answered_without_hesitation": None}, ["availability"]),
        ({"answered_without_hesitation": False}, ["availability"]),
        ({"can_commute_without_support": False}, ["transport"]),
        (
            {"can_commute_without_support": False, "transport_means": ["employer_transport"]},
            [],
        ),
        (
            {"can_commute_without_support": False, "transport_means": ["mol_naf_supported"]},
            ["transport"],
        ),
        ({"accepts_minimum_wage": False, "expected_min_wage_jod": 220}, []),
        ({"accepts_minimum_wage": False, "expected_min_wage_jod": 220.001}, ["wage"]),
        ({"accepts_minimum_wage": False, "expected_min_wage_jod": None}, ["wage"]),
        ({"health_status": "poor_unable_to_work"}, ["health"]),
        ({"can_be_away_10h": False}, ["time_away"]),
        (
            {name: None for name in READY if name != "parameters"},
            ["availability", "transport", "wage", "health", "time_away"],
        ),
    ],
)
def test_job_readiness(changed: Mapping[str, Any], barriers: list[str]) -> None:
    found = value("job_readiness", {**READY, **changed})
    assert found["readiness_barriers"] == barriers
    assert found["readiness_result"] == ("not_ready" if barriers else "ready")
    assert len(found["reasons"]) == max(1, len(barriers))
    assert all(" | " in reason for reason in found["reasons"]), "Arabic and English"


def test_supported_transport_counts_while_it_exists() -> None:
    supported = {**READY["parameters"], "mobility_support_available": True}
    facts = {
        **READY,
        "can_commute_without_support": False,
        "transport_means": ["mol_naf_supported"],
        "parameters": supported,
    }
    assert value("job_readiness", facts)["readiness_result"] == "ready"
    assert rules("transport_ok", facts) == [3]


def test_the_wage_ceiling_moves_with_the_law() -> None:
    facts = {**READY, "accepts_minimum_wage": False, "expected_min_wage_jod": 290}
    assert value("wage_ok", facts) is False
    assert value("wage_ok", {**facts, "parameters": parameters("2025-01-01")}) is True


def test_skills_and_care_never_exclude() -> None:
    names = decisions()["job_readiness"].decision("job_readiness").names
    assert names.isdisjoint({"has_occupation", "experience_years", "has_daily_care_duty"})


NO_NEED: dict[str, Any] = {
    "knows_labour_market_opportunities": True,
    "can_describe_career_goals": True,
    "needs_protected_work_experience": False,
    "age": 30,
    "health_status": "good_able_to_work",
    "has_occupation_screening": True,
    "can_run_own_business": False,
    "needs_commuting_financial_support": False,
    "readiness_barriers": [],
    "parameters": parameters(),
}


@pytest.mark.parametrize(
    ("changed", "services", "matched"),
    [
        ({}, [], []),
        ({"knows_labour_market_opportunities": False}, ["vocational_information"], [1]),
        ({"can_describe_career_goals": False}, ["career_guidance"], [2]),
        ({"needs_protected_work_experience": True, "age": 29}, ["youth_apprenticeship"], [3]),
        (
            {"needs_protected_work_experience": True, "health_status": "poor_unable_to_work"},
            ["sheltered_employment"],
            [4],
        ),
        ({"needs_protected_work_experience": True}, ["wage_subsidy"], [5]),
        ({"has_occupation_screening": False}, ["training"], [6]),
        ({"can_run_own_business": True}, ["self_employment"], [7]),
        ({"needs_commuting_financial_support": True}, ["mobility_support"], [8]),
        ({"readiness_barriers": ["wage"]}, ["vocational_information"], [9]),
        (
            {"readiness_barriers": ["wage"], "knows_labour_market_opportunities": False},
            ["vocational_information"],
            [1, 9],
        ),
        ({name: None for name in NO_NEED if name != "parameters"}, [], []),
    ],
)
def test_service_suggestion(
    changed: Mapping[str, Any], services: list[str], matched: list[int]
) -> None:
    facts = {**NO_NEED, **changed}
    assert value("service_suggestion", facts) == services
    answer = ask("service_suggestion", facts)
    of_table = [m.rule_index for m in answer.matched if m.decision_id == "services_by_answer"]
    assert of_table == matched


GROUPING: dict[str, Any] = {
    "readiness_result": "not_ready",
    "readiness_barriers": ["time_away"],
    "available_from": None,
    "cooperation_refused": False,
    "branch_head_confirmed": None,
    "suggested_services": [],
    "services_accepted_by_client": [],
    "unmet_need": None,
    "health_status": "good_able_to_work",
}
POSTPONED = {"readiness_barriers": ["availability"], "available_from": "2026-04-04"}


@pytest.mark.parametrize(
    ("changed", "group", "why", "flag", "rule"),
    [
        ({"readiness_result": "ready"}, "A", None, None, 1),
        (
            {"cooperation_refused": True, "branch_head_confirmed": True},
            "C", "non_cooperation", None, 2,
        ),
        ({"cooperation_refused": True}, "C", "non_cooperation", "needs_branch_head", 3),
        ({"cooperation_refused": True, "branch_head_confirmed": False}, "C", "remaining", None, 9),
        (POSTPONED, "postponed", None, None, 4),
        ({**POSTPONED, "available_from": "2026-04-05"}, "C", "remaining", None, 9),
        ({**POSTPONED, "readiness_barriers": ["availability", "wage"]}, "C", "remaining", None, 9),
        (
            {"suggested_services": ["training"], "services_accepted_by_client": ["training"]},
            "B", None, None, 5,
        ),
        ({"suggested_services": ["training"]}, "C", "declined_services", None, 6),
        ({"unmet_need": "Childcare"}, "B", None, "no_service_available", 7),
        ({"health_status": "poor_unable_to_work"}, "C", "health", None, 8),
        ({}, "C", "remaining", None, 9),
        (dict.fromkeys(GROUPING), "C", "remaining", None, 9),
    ],
)  # fmt: skip
def test_client_grouping(
    changed: Mapping[str, Any], group: str, why: str | None, flag: str | None, rule: int
) -> None:
    facts = {**GROUPING, **changed}
    found = value("client_grouping", facts)
    assert (found["proposed_group"], found["group_c_reason"], found["flag"]) == (group, why, flag)
    assert " | " in found["reason"]
    assert rules("client_grouping", facts) == [rule]


def test_every_matched_rule_says_why_in_both_languages() -> None:
    answers = [
        ask("job_readiness", {**READY, "can_be_away_10h": False}),
        ask("client_grouping", GROUPING),
    ]
    for answer in answers:
        assert answer.matched
        for rule in answer.matched:
            assert any("\u0600" <= letter <= "\u06ff" for letter in rule.annotation)
            assert any("a" <= letter <= "z" for letter in rule.annotation)
