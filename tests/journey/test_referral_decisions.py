"""Every rule of the tables about plan, partner, vacancy and stable, with the edge values."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

import pytest

from tests.journey.journey_case import ROOT, decisions
from tests.journey.tables import NOW, parameters, rules, value


@pytest.mark.parametrize(("group", "needed"), [("A", True), ("B", True), ("C", False)])
def test_iap_required(group: str, needed: bool) -> None:
    assert value("iap_required", {"client_group": group}) is needed


def test_no_plan_is_decided_for_somebody_without_a_group() -> None:
    answer = decisions()["iap_required"].evaluate("iap_required", {"client_group": None}, now=NOW)
    assert answer.value is None
    assert answer.diagnostics


@pytest.mark.parametrize(
    ("group", "accepted", "partner", "intervention", "rule"),
    [
        ("A", [], "mol", "lm_mediation", 1),
        ("B", ["vocational_information"], "provider", "vocational_information_guidance", 2),
        ("B", ["career_guidance"], "provider", "vocational_information_guidance", 2),
        ("B", ["youth_apprenticeship"], "provider", "apprenticeship", 2),
        ("B", ["training", "self_employment"], "provider", "training", 2),
        ("B", ["self_employment"], "provider", "microfinance", 2),
        ("B", ["sheltered_employment"], "provider", "other", 2),
        ("B", ["wage_subsidy"], "provider", "other", 2),
        ("B", ["mobility_support"], "provider", "other", 2),
        ("B", None, "provider", None, 3),
    ],
)
def test_referral_track(
    group: str, accepted: list[str] | None, partner: str, intervention: str | None, rule: int
) -> None:
    facts = {"client_group": group, "services_accepted_by_client": accepted}
    found = value("referral_track", facts)
    assert (found["partner"], found["intervention_type"]) == (partner, intervention)
    assert rules("referral_track", facts) == [rule]


@pytest.mark.parametrize(
    ("search", "home", "office"),
    [
        (None, "irbid", "mol:irbid"),
        ("zarqa", "irbid", "mol:zarqa"),
        (None, "marka", "mol:east_amman"),
        (None, "petra", "mol:maan"),
        (None, "atlantis", None),
        (None, None, None),
    ],
)
def test_mol_office(search: str | None, home: str | None, office: str | None) -> None:
    facts = {"job_search_location": search, "residence_location": home}
    assert value("mol_office", facts)["mol_office"] == office


def test_every_one_of_the_24_offices_serves_a_place() -> None:
    table = decisions()["mol_office"].decision("mol_office")
    assert table.names == {"job_search_location", "residence_location"}
    with (ROOT / "journey" / "locations.csv").open(encoding="utf-8") as file:
        places = [row["code"] for row in csv.DictReader(file)]
    found = {
        value("mol_office", {"job_search_location": None, "residence_location": place})[
            "mol_office"
        ]
        for place in places
    }
    assert None not in found
    assert len(found) == 24


VACANCY: dict[str, Any] = {
    "employer_registered_ssc": True,
    "workplace_not_harmful": True,
    "new_hires_registered_labour_law": True,
    "employer_no_mistreatment": True,
    "offered_wage_jod": 290,
    "employer_mobility_plan": True,
    "can_commute_without_support": True,
    "transport_means": ["public_bus"],
    "parameters": parameters(),
}


@pytest.mark.parametrize(
    ("changed", "result", "rule"),
    [
        ({"employer_registered_ssc": False}, "rejected", 1),
        ({"workplace_not_harmful": False}, "rejected", 2),
        ({"new_hires_registered_labour_law": False}, "rejected", 3),
        ({"employer_no_mistreatment": False}, "rejected", 4),
        ({"offered_wage_jod": 289.999}, "rejected", 5),
        (
            {
                "employer_mobility_plan": False,
                "can_commute_without_support": False,
                "transport_means": ["employer_transport"],
            },
            "rejected",
            6,
        ),
        ({"employer_mobility_plan": False}, "admissible_with_warning", 7),
        ({}, "admissible", 8),
        ({"employer_registered_ssc": None}, "rejected", 1),
    ],
)
def test_vacancy_admissibility(changed: Mapping[str, Any], result: str, rule: int) -> None:
    facts = {**VACANCY, **changed}
    assert value("vacancy_admissibility", facts)["vacancy_admissible"] == result
    assert rules("vacancy_admissibility", facts) == [rule]


@pytest.mark.parametrize(
    ("facts", "handler", "tasks", "rule"),
    [
        ((True, "A", 2), "branch_head",
         ["contact_provider", "contact_client", "branch_head_case_review"], 1),
        ((False, "B", 2), "branch_head", ["branch_head_case_review"], 2),
        ((True, "A", 1), "case_worker", ["contact_provider", "contact_client"], 3),
        ((False, "A", 1), "case_worker", ["contact_client", "run_tool_2", "revise_iap"], 4),
        ((False, "B", 1), "case_worker", ["contact_client", "new_referral", "revise_iap"], 5),
    ],
)  # fmt: skip
def test_after_stable(
    facts: tuple[bool, str, int], handler: str, tasks: list[str], rule: int
) -> None:
    given = dict(zip(("feedback_overdue", "client_group", "stable_count"), facts, strict=True))
    found = value("after_stable", given)
    assert (found["stable_handler"], found["stable_tasks"]) == (handler, tasks)
    assert rules("after_stable", given) == [rule]
