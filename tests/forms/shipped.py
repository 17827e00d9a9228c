"""The shipped forms and good answers to each, as the tests read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from forms import Field, FormErrors

GOLDEN = Path(__file__).parent / "golden"
FORMS = [
    "contact_log",
    "contact_review",
    "job_readiness_interview",
    "readiness_decision",
    "lms_almp_screening_interview",
    "grouping_decision",
    "group_c_confirmation",
    "individual_action_plan",
    "sharing_refused",
    "vacancy_quality_check",
    "provider_contact",
    "referral_form",
    "mol_acceptance",
    "provider_acceptance",
    "mol_mediation",
    "provider_feedback",
    "follow_up_form",
    "overdue_feedback",
    "stable_follow_up",
    "stable_case_review",
    "retention_check",
    "left_job",
    "follow_up_visit",
    "benefit_end_notice",
    "group_c_review",
    "service_end",
]
SOURCES = {"catalogue", "contacted", "units_mol", "locations", "occupations", "case_person"}
EMPLOYMENT = (
    "wage_level_jod job_title employer_name employment_start_date placement_route ssc_registered"
)


def golden(form: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{form}.json").read_text("utf-8"))
    found["now"] = datetime.fromisoformat(found["now"])
    return found


def check(form: Any, case: dict[str, Any], data: Any, language: str = "en") -> Any:
    return form.validate(
        data,
        variables=case["variables"],
        options=case["options"],
        now=case["now"],
        language=language,
    )


def errors_of_case(form: Any, case: dict[str, Any], data: Any) -> dict[str, list[str]]:
    """The errors by path; an expression that cannot be evaluated is raised."""
    try:
        check(form, case, data)
    except FormErrors as error:
        return error.errors
    return {}


def every_field(form: Any) -> Iterator[Field]:
    for field in form.fields.values():
        yield field
        yield from field.items
