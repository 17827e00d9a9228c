"""The shipped forms: both languages, a good submission each, each rule of visibility."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from forms import Field, FieldType, FormErrors

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


def test_all_are_there(shipped: Any) -> None:
    assert sorted(shipped) == sorted(FORMS)
    assert all(form.id == name for name, form in shipped.items())


def is_arabic(text: str) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in text)


@pytest.mark.parametrize("name", FORMS)
def test_both_languages_everywhere(shipped: Any, name: str) -> None:
    form = shipped[name]
    assert is_arabic(form.title_ar)
    assert form.title_en.isascii() or "–" in form.title_en
    for field in every_field(form):
        pairs = [(field.label_ar, field.label_en)]
        pairs += [(choice.label_ar, choice.label_en) for choice in field.choices]
        if field.hint_ar:
            pairs.append((field.hint_ar, field.hint_en))
        if "unit" in field.properties:
            pairs.append((field.properties["unit"], field.properties["unit.en"]))
        for arabic, english in pairs:
            assert is_arabic(arabic), field.path
            assert english.strip(), field.path
            assert not is_arabic(english), field.path


@pytest.mark.parametrize("name", FORMS)
def test_a_good_submission(shipped: Any, name: str) -> None:
    case = golden(name)
    clean = check(shipped[name], case, case["data"])
    assert clean == case["clean"]
    assert set(clean) == shipped[name].writes
    assert check(shipped[name], case, clean) == clean


@pytest.mark.parametrize("name", FORMS)
def test_every_required_answer_is_required(shipped: Any, name: str) -> None:
    case = golden(name)
    for field in shipped[name].fields.values():
        if not field.required or case["clean"].get(field.key) in (None, []):
            continue
        with pytest.raises(FormErrors) as found:
            check(shipped[name], case, {k: v for k, v in case["data"].items() if k != field.key})
        assert field.key in found.value.errors


@pytest.mark.parametrize("name", FORMS)
def test_prefill_fits_the_form(shipped: Any, name: str) -> None:
    case = golden(name)
    prefill = shipped[name].defaults(case["variables"], case["now"])
    offered = {k: v for k, v in prefill.items() if not shipped[name].fields[k].read_only}
    assert not offered.keys() & errors_of_case(shipped[name], case, offered).keys()


@pytest.mark.parametrize("name", FORMS)
def test_expressions_can_be_evaluated_in_an_empty_case(shipped: Any, name: str) -> None:
    case = {**golden(name), "variables": {}}
    shipped[name].defaults({}, case["now"])
    for data in (dict[str, Any](), case["data"]):
        errors_of_case(shipped[name], case, data)


def test_references_name_known_sources(shipped: Any) -> None:
    named = {source for form in shipped.values() for source, _ in form.references().values()}
    assert named == SOURCES


def test_the_health_answer_goes_to_no_partner(shipped: Any) -> None:
    for name in ("mol_acceptance", "provider_acceptance", "mol_mediation", "provider_feedback"):
        assert not {"health_status", "care_dependants"} & shipped[name].fields.keys()
    assert shipped["job_readiness_interview"].fields["health_status"].properties["sensitive"]


def test_partners_see_the_plan_only_with_consent(shipped: Any) -> None:
    now = golden("mol_acceptance")["now"]
    case = {"goal": "employment", "steps": [{"step_text": "x", "note": "y"}], "client_group": "A"}
    shown = shipped["mol_acceptance"].defaults({**case, "data_sharing_consent": True}, now)
    assert shown == {**case, "steps": [{"step_text": "x"}]}
    for refused in (False, None):
        variables = {**case, "data_sharing_consent": refused}
        assert shipped["mol_acceptance"].defaults(variables, now) == {"client_group": "A"}


def test_the_screening_interview_asks_positively(shipped: Any) -> None:
    fields = shipped["lms_almp_screening_interview"].fields
    assert fields["can_describe_career_goals"].label_ar == "أستطيع وصف أهدافي المهنية"
    assert fields["has_occupation_screening"].label_ar == "لدي مهنة"


# form, changed answers, changed variables, keys then shown, keys then hidden
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


def test_no_answer_type_is_forgotten(shipped: Any) -> None:
    used = {field.type for form in shipped.values() for field in every_field(form)}
    unused = {FieldType.NATIONAL_ID, FieldType.TIME, FieldType.MULTI_REFERENCE}
    assert used == set(FieldType) - unused
