"""What the people of a walk answer: complete answers for each form, to be varied by a test."""

from __future__ import annotations

from typing import Any

from tests.journey.journey_case import JourneyCase

READY: dict[str, Any] = {
    "channel": "in_person",
    "can_start_within_week": True,
    "answered_without_hesitation": True,
    "can_commute_without_support": True,
    "transport_means": ["public_bus"],
    "accepts_minimum_wage": True,
    "health_status": "good_able_to_work",
    "has_occupation": False,
    "has_daily_care_duty": False,
    "can_be_away_10h": True,
}
NOT_READY: dict[str, Any] = {**READY, "can_be_away_10h": False}
SCREENED: dict[str, Any] = {
    "channel": "in_person",
    "knows_labour_market_opportunities": True,
    "can_describe_career_goals": True,
    "needs_protected_work_experience": False,
    "has_occupation_screening": False,
    "can_run_own_business": False,
    "needs_commuting_financial_support": False,
    "services_accepted_by_client": ["training"],
}
PLAN: dict[str, Any] = {
    "assessment_summary": "Fits the group.",
    "client_goals_text": "A job close to home.",
    "steps": [
        {
            "step_text": "Call the office",
            "responsible": "client",
            "due_date": "2026-02-01",
            "step_status": "planned",
        }
    ],
    "duties_rights_acknowledged": True,
    "sanctions_appeals_explained": True,
    "data_sharing_consent": True,
}
CRITERIA: dict[str, Any] = {
    "vacancy_id": "V-1",
    "employer_name": "Factory",
    "job_title": "Packer",
    "workplace_location": "irbid",
    "offered_wage_jod": 290,
    "positions": 3,
    "checked_by_institution": "mol",
    "employer_registered_ssc": True,
    "workplace_not_harmful": True,
    "employer_mobility_plan": True,
    "new_hires_registered_labour_law": True,
    "employer_no_mistreatment": True,
}


def employed(start: str, route: str = "mol_mediation") -> dict[str, Any]:
    """An outcome: hired on `start`."""
    return {
        "feedback_source": "mol",
        "outcome_type": "employed",
        "wage_level_jod": 290,
        "job_title": "Packer",
        "employer_name": "Factory",
        "employment_start_date": start,
        "placement_route": route,
        "ssc_registered": "not_yet",
        "still_employed": True,
    }


def contacted(case: JourneyCase) -> None:
    """Reached at the first call."""
    case.do("contact_client", channel="phone", attempt_result="interviewed_at_once")


def grouped_a(case: JourneyCase) -> None:
    """Contact, tool 1, group A."""
    contacted(case)
    case.do("readiness_interview", **READY)
    case.do("readiness_decision")
    case.do("grouping_decision")


def grouped_b(case: JourneyCase) -> None:
    """Contact, tools 1 and 2, group B."""
    contacted(case)
    case.do("readiness_interview", **NOT_READY)
    case.do("readiness_decision")
    case.do("screening_interview", **SCREENED)
    case.do("grouping_decision")


def planned(case: JourneyCase, destination: str) -> None:
    """The action plan, with a destination of the catalogue."""
    case.do("agree_action_plan", destination=destination, **PLAN)


def referred(case: JourneyCase, destination: str, **deadline: Any) -> None:
    """Contact with the partner and the referral form."""
    case.do("contact_provider", destination=destination, contact_person="Officer")
    case.do(
        "issue_referral",
        destination_name=destination,
        destination_address="Main street",
        intervention_type="lm_mediation" if destination.startswith("mol:") else "training",
        **deadline,
    )


def mediated(case: JourneyCase) -> None:
    """Group A up to an accepted referral at the employment office."""
    grouped_a(case)
    planned(case, "mol:irbid/mediation")
    referred(case, "mol:irbid/mediation")
    case.do("mol_accept", referral_decision="accepted")


def served(case: JourneyCase) -> None:
    """Group B up to an accepted referral at a provider."""
    grouped_b(case)
    planned(case, "provider:vtc_irbid/welding")
    referred(case, "provider:vtc_irbid/welding")
    case.do("provider_accept", referral_decision="accepted")
