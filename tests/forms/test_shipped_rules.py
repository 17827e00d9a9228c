"""The rules inside the shipped forms: what is asked when, limits, and what is offered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from forms import FormErrors
from tests.forms.shipped import (
    EMPLOYMENT,
    check,
    errors_of_case,
    golden,
)

VISIBILITY: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    ("contact_log", {}, {}, "appointment_at", "refusal_reason"),
    ("contact_log", {"attempt_result": "refused"}, {}, "refusal_reason", "appointment_at"),
    ("contact_log", {"attempt_result": "no_show"}, {}, "", "refusal_reason appointment_at"),
    (
        "job_readiness_interview",
        {},
        {},
        "answered_without_hesitation expected_min_wage_jod occupation_description occupation_code "
        "experience_years care_dependants",
        "available_from",
    ),
    (
        "job_readiness_interview",
        {
            "can_start_within_week": False,
            "accepts_minimum_wage": True,
            "has_occupation": False,
            "has_daily_care_duty": False,
        },
        {},
        "available_from",
        "answered_without_hesitation expected_min_wage_jod occupation_description occupation_code "
        "experience_years care_dependants",
    ),
    ("readiness_decision", {}, {}, "result_override_reason", ""),
    ("readiness_decision", {"result_override": "none"}, {}, "", "result_override_reason"),
    (
        "grouping_decision",
        {},
        {},
        "group_override_reason group_c_reason review_date",
        "available_from",
    ),
    (
        "grouping_decision",
        {"client_group": "B"},
        {},
        "",
        "group_override_reason group_c_reason review_date available_from",
    ),
    (
        "grouping_decision",
        {"client_group": "postponed"},
        {"proposed_group": "postponed"},
        "available_from",
        "group_override_reason group_c_reason review_date",
    ),
    ("grouping_decision", {"client_group": "A"}, {"proposed_group": None}, "", "review_date"),
    ("provider_contact", {}, {}, "mol_office", ""),
    ("provider_contact", {}, {"client_group": "B"}, "", "mol_office"),
    ("referral_form", {}, {}, "intervention_other deadline_reason", ""),
    (
        "referral_form",
        {"intervention_type": "training", "provider_feedback_deadline": "2019-05-30"},
        {},
        "",
        "intervention_other deadline_reason",
    ),
    ("mol_acceptance", {}, {}, "rejection_reason", ""),
    ("mol_acceptance", {"referral_decision": "accepted"}, {}, "", "rejection_reason"),
    ("provider_acceptance", {}, {}, "", "rejection_reason"),
    ("provider_acceptance", {"referral_decision": "rejected"}, {}, "rejection_reason", ""),
    ("mol_mediation", {}, {}, EMPLOYMENT, "not_placed_reason"),
    (
        "mol_mediation",
        {"mediation_result": "not_placed"},
        {},
        "not_placed_reason",
        EMPLOYMENT,
    ),
    (
        "provider_feedback",
        {},
        {},
        "service_end_date service_duration_weeks expected_result",
        f"actual_result {EMPLOYMENT}",
    ),
    (
        "provider_feedback",
        {"service_result": "completed", "service_end_date": "2019-05-10"},
        {},
        "service_end_date service_duration_weeks actual_result",
        "expected_result",
    ),
    (
        "provider_feedback",
        {"service_result": "employed"},
        {},
        EMPLOYMENT,
        "service_end_date service_duration_weeks actual_result expected_result",
    ),
    ("provider_feedback", {"service_result": "dropped_out"}, {}, "actual_result", ""),
    (
        "follow_up_form",
        {},
        {},
        f"{EMPLOYMENT} benefit_retention_until still_employed",
        "service_type service_duration_weeks expected_result stable_follow_up_task "
        "non_success_reason leave_date leave_reason",
    ),
    ("follow_up_form", {"still_employed": False}, {}, "leave_date leave_reason", ""),
    (
        "follow_up_form",
        {"employment_start_date": "2019-05-15", "still_employed": False},
        {},
        EMPLOYMENT,
        "still_employed leave_date leave_reason",
    ),
    ("follow_up_form", {"employment_start_date": "2019-05-14"}, {}, "still_employed", ""),
    (
        "follow_up_form",
        {"outcome_type": "referred_to_lms_almp", "still_employed": False},
        {},
        "service_type service_duration_weeks expected_result",
        f"{EMPLOYMENT} benefit_retention_until still_employed leave_date leave_reason",
    ),
    (
        "follow_up_form",
        {"outcome_type": "stable"},
        {},
        "stable_follow_up_task non_success_reason",
        "service_type",
    ),
    ("overdue_feedback", {}, {}, "extended_deadline extension_reason", ""),
    (
        "overdue_feedback",
        {"overdue_action": "contacted"},
        {},
        "",
        "extended_deadline extension_reason",
    ),
    ("retention_check", {}, {}, "leave_date leave_reason", "ssc_registered current_wage_jod"),
    (
        "retention_check",
        {"still_employed": True},
        {},
        "ssc_registered current_wage_jod",
        "leave_date leave_reason",
    ),
    ("group_c_review", {}, {}, "next_review_date", ""),
    ("group_c_review", {"review_result": "new_cycle"}, {}, "", "next_review_date"),
    ("service_end", {}, {}, "non_completion_reason", ""),
    ("service_end", {"service_completed": True}, {}, "", "non_completion_reason"),
]


def visible(form: Any, case: dict[str, Any], data: dict[str, Any], key: str) -> bool:
    """Whether a key is asked: an impossible answer to it is an error only then."""
    return key in errors_of_case(form, case, {**data, key: {"impossible": True}})


@pytest.mark.parametrize("row", VISIBILITY)
def test_visibility(
    shipped: Any, row: tuple[str, dict[str, Any], dict[str, Any], str, str]
) -> None:
    name, answers, variables, shown, hidden = row
    case = golden(name)
    case["variables"].update(variables)
    data = {**case["data"], **answers}
    assert [key for key in shown.split() if not visible(shipped[name], case, data, key)] == []
    assert [key for key in hidden.split() if visible(shipped[name], case, data, key)] == []


def conditional_keys(components: list[Any], inherited: bool = False) -> Iterator[str]:
    for one in components:
        conditional = inherited or "conditional" in one
        if one["type"] == "group":
            yield from conditional_keys(one["components"], conditional)
        elif conditional and not one.get("disabled") and one["type"] != "text":
            yield one.get("key") or one["path"]


def test_each_rule_of_visibility_is_seen_both_ways(shipped: Any) -> None:
    for name, form in shipped.items():
        rows = [row for row in VISIBILITY if row[0] == name]
        shown = {key for row in rows for key in row[3].split()}
        hidden = {key for row in rows for key in row[4].split()}
        wanted = {key for key in conditional_keys(form.schema["components"]) if key in form.writes}
        assert wanted <= shown, name
        assert wanted <= hidden, name


REQUIRED_IF = [
    ("contact_review", {"contact_decision": "close_refused"}, "contact_decision_reason"),
    ("group_c_confirmation", {"branch_head_confirmed": True}, "confirmation_note"),
    ("mol_acceptance", {"rejection_reason": "no_vacancy"}, "acceptance_note"),
    ("left_job", {"left_job_decision": "replan"}, "left_job_reason"),
    ("lms_almp_screening_interview", {"cooperation_refused": True}, "can_run_own_business"),
    ("overdue_feedback", {"overdue_action": "contacted"}, "overdue_note"),
]


@pytest.mark.parametrize(("name", "free", "key"), REQUIRED_IF)
def test_required_only_when_it_matters(
    shipped: Any, name: str, free: dict[str, Any], key: str
) -> None:
    case = golden(name)
    without = {k: v for k, v in case["data"].items() if k != key}
    if name == "overdue_feedback":
        without["overdue_action"] = "give_up"
    with pytest.raises(FormErrors) as found:
        check(shipped[name], case, without)
    assert set(found.value.errors) == {key}
    assert check(shipped[name], case, {**without, **free})[key] is None


LIMITS = [
    ("contact_log", "attempted_at", "2019-05-14T10:01", "2019-05-14T10:00"),
    ("contact_log", "appointment_at", "2019-05-14T08:59", "2019-05-14T09:00"),
    ("job_readiness_interview", "expected_min_wage_jod", 5001, 5000),
    ("job_readiness_interview", "experience_years", 61, 60),
    ("job_readiness_interview", "interview_minutes", 0, 1),
    ("lms_almp_screening_interview", "interview_minutes", 241, 240),
    ("grouping_decision", "review_date", "2019-05-14", "2019-05-15"),
    ("individual_action_plan", "client_feedback_deadline", "2019-06-01", "2019-05-31"),
    ("individual_action_plan", "client_feedback_deadline", "2019-05-14", "2019-05-15"),
    ("vacancy_quality_check", "positions", 0, 1),
    ("referral_form", "issue_date", "2019-05-15", "2019-05-12"),
    ("referral_form", "provider_feedback_deadline", "2019-08-13", "2019-08-12"),
    ("referral_form", "provider_feedback_deadline", "2019-05-14", "2019-05-15"),
    ("follow_up_form", "feedback_date", "2019-05-15", "2019-05-14"),
    ("provider_feedback", "service_duration_weeks", 0.1, 0.2),
    ("overdue_feedback", "extended_deadline", "2019-05-14", "2019-05-15"),
    ("retention_check", "leave_date", "2019-03-31", "2019-04-01"),
]


@pytest.mark.parametrize(("name", "key", "bad", "good"), LIMITS)
def test_limits(shipped: Any, name: str, key: str, bad: Any, good: Any) -> None:
    case = golden(name)
    with pytest.raises(FormErrors) as found:
        check(shipped[name], case, {**case["data"], key: bad})
    assert set(found.value.errors) == {key}
    assert check(shipped[name], case, {**case["data"], key: good})[key] is not None


def test_deadlines_offered(shipped: Any) -> None:
    case = golden("referral_form")
    offered = shipped["referral_form"].defaults(case["variables"], case["now"])
    assert offered["provider_feedback_deadline"] == "2019-05-28"  # 14 days
    late = {**case["variables"], "stable_clock_from": "2019-05-01"}
    offered = shipped["referral_form"].defaults(late, case["now"])
    assert offered["provider_feedback_deadline"] == "2019-05-21"  # day 20 after the grouping
    assert offered["intervention_type"] == "lm_mediation"
    plan = golden("individual_action_plan")
    offered = shipped["individual_action_plan"].defaults(plan["variables"], plan["now"])
    assert offered["client_feedback_deadline"] == "2019-05-24"  # 10 days
    assert offered["goal"] == "employment"


def test_the_outcome_starts_from_what_the_partner_reported(shipped: Any) -> None:
    case = golden("follow_up_form")
    reported = {"wage_level_jod": 240, "employment_start_date": "2019-05-20"}
    offered = shipped["follow_up_form"].defaults({**case["variables"], **reported}, case["now"])
    assert offered["wage_level_jod"] == 240
    assert offered["benefit_retention_until"] == "2021-05-20"  # 24 months


def test_the_vacancy_check_starts_from_what_was_reported(shipped: Any) -> None:
    case = golden("vacancy_quality_check")
    form = shipped["vacancy_quality_check"]
    reported = {"employer_name": "مصنع", "job_title": "عاملة تعبئة", "wage_level_jod": 240}
    earlier = {"offered_wage_jod": 190, "vacancy_id": "V-1", "workplace_not_harmful": True}
    asked = {**case["variables"], **reported, **earlier}
    assert form.defaults(asked, case["now"]) == {
        "employer_name": "مصنع",
        "job_title": "عاملة تعبئة",
        "offered_wage_jod": 240,
        "checked_by_institution": "mol",
    }
    direct = {**asked, "placement_route": "naf_direct_to_employer"}
    assert form.defaults(direct, case["now"])["checked_by_institution"] == "naf"


def test_consent_is_asked_anew_and_answered_with_yes_or_no(shipped: Any) -> None:
    case, form = golden("individual_action_plan"), shipped["individual_action_plan"]
    agreed = {**case["variables"], "data_sharing_consent": True}
    assert "data_sharing_consent" not in form.defaults(agreed, case["now"])
    unsaid = {k: v for k, v in case["data"].items() if k != "data_sharing_consent"}
    assert set(errors_of_case(form, case, unsaid)) == {"data_sharing_consent"}
    refused = {**case["data"], "data_sharing_consent": False}
    assert check(form, case, refused)["data_sharing_consent"] is False
