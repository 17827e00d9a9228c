"""What the people of the stories answer: complete answers for each form, varied by a test."""

from __future__ import annotations

from typing import Any

PERSON: dict[str, Any] = {
    "national_id": "9901234567",
    "first_name": "سلمى",
    "last_name": "الخطيب",
    "sex": "female",
    "date_of_birth": "1994-06-15",
    "residence_location": "irbid",
    "education_level": "secondary",
    "phone": "0600000777",
}
READY: dict[str, Any] = {
    "channel": "in_person",
    "can_start_within_week": True,
    "answered_without_hesitation": True,
    "can_commute_without_support": True,
    "transport_means": ["public_bus"],
    "accepts_minimum_wage": True,
    "health_status": "good_able_to_work",
    "has_occupation": True,
    "occupation_description": "خياطة منزلية",
    "experience_years": 3,
    "has_daily_care_duty": False,
    "can_be_away_10h": True,
}
"""Tool 1 of somebody who can start to work."""
NOT_READY: dict[str, Any] = {**READY, "can_be_away_10h": False}
"""Tool 1 of somebody who cannot be away for ten hours."""
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
"""Tool 2 of somebody who needs training and accepts it."""
MEDIATION_IRBID = "mol:irbid/mol_irbid.mediation"
TRAINING_IRBID = "provider:vtc_irbid/vtc_irbid.training"


def plan(destination: str, due: str, **changed: Any) -> dict[str, Any]:
    """The individual action plan with one step until `due`."""
    return {
        "destination": destination,
        "assessment_summary": "مستعدة للعمل بعد مقابلة الاستعداد الوظيفي",
        "client_goals_text": "عمل بأجر منتظم قريب من البيت",
        "steps": [
            {
                "step_text": "مراجعة الجهة المحال إليها",
                "responsible": "client",
                "due_date": due,
                "step_status": "planned",
            }
        ],
        "duties_rights_acknowledged": True,
        "sanctions_appeals_explained": True,
        "data_sharing_consent": True,
        **changed,
    }


def mediated(start: str, **changed: Any) -> dict[str, Any]:
    """The employment office's report of a job found."""
    return {
        "mediation_result": "employed",
        "wage_level_jod": 310,
        "job_title": "عاملة خياطة",
        "employer_name": "مصنع ألبسة - إربد",
        "employment_start_date": start,
        "placement_route": "mol_mediation",
        "ssc_registered": "not_yet",
        **changed,
    }


def employed(start: str, route: str = "mol_mediation", **changed: Any) -> dict[str, Any]:
    """The worker's record of a job that begins on `start`, a later day; of work begun already it
    is asked too whether she is still there."""
    return {
        "feedback_source": "mol",
        "outcome_type": "employed",
        "wage_level_jod": 310,
        "job_title": "عاملة خياطة",
        "employer_name": "مصنع ألبسة - إربد",
        "employment_start_date": start,
        "placement_route": route,
        "ssc_registered": "not_yet",
        **changed,
    }


CRITERIA: dict[str, Any] = {
    "vacancy_id": "V-2019-0001",
    "employer_name": "مصنع ألبسة - إربد",
    "job_title": "عاملة خياطة",
    "workplace_location": "irbid",
    "offered_wage_jod": 310,
    "positions": 3,
    "checked_by_institution": "mol",
    "employer_registered_ssc": True,
    "workplace_not_harmful": True,
    "employer_mobility_plan": True,
    "new_hires_registered_labour_law": True,
    "employer_no_mistreatment": True,
}
"""A vacancy that meets the five criteria."""
STILL_AT_WORK: dict[str, Any] = {
    "feedback_source": "client",
    "still_employed": True,
    "ssc_registered": "registered",
    "current_wage_jod": 310,
}
"""A retention check of somebody who is still at work."""
