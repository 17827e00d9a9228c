"""The field test's answers: from a line of the pilot file to what each form is filled with.

A line says yes and no in words, several choices with `|` between them, several events with `;`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from engine.clock import TIMEZONE

Line = Mapping[str, str]
Answers = dict[str, Any]


def moment(text: str) -> datetime:
    """Local time of the file, as a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)


def _filled(answers: Answers) -> Answers:
    return {name: value for name, value in answers.items() if value not in (None, "", [])}


def _yes(text: str) -> bool | None:
    return None if not text else text == "yes"


def _many(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def _number(text: str) -> float | None:
    return float(text) if text else None


def _count(text: str) -> int | None:
    return int(text) if text else None


def _days_later(text: str, days: int) -> str:
    return (date.fromisoformat(text[:10]) + timedelta(days=days)).isoformat()


def contact(line: Line, at: str, channel: str, result: str) -> Answers:
    """One attempt to reach the person."""
    agreed = line["conducted_at"] or _days_later(at, 1) + "T09:00"
    return _filled(
        {
            "attempted_at": moment(at).isoformat(),
            "channel": channel,
            "attempt_result": result,
            "appointment_at": moment(agreed).isoformat()
            if result == "appointment_agreed"
            else None,
            "refusal_reason": line["refusal_reason"] if result == "refused" else None,
        }
    )


def contact_review(line: Line) -> Answers:
    """The branch head's decision about somebody not reached or unwilling to come."""
    return {"contact_decision": line["contact_decision"]}


def readiness(line: Line) -> Answers:
    """The ten questions of the job-readiness interview."""
    dependants = [part.split(":") for part in _many(line["care_dependants"])]
    return _filled(
        {
            "conducted_at": moment(line["conducted_at"]).isoformat(),
            "channel": line["channel"],
            "capture_mode": line["capture_mode"],
            "can_start_within_week": _yes(line["can_start_within_week"]),
            "answered_without_hesitation": _yes(line["answered_without_hesitation"]),
            "can_commute_without_support": _yes(line["can_commute_without_support"]),
            "transport_means": _many(line["transport_means"]),
            "accepts_minimum_wage": _yes(line["accepts_minimum_wage"]),
            "expected_min_wage_jod": _number(line["expected_min_wage_jod"]),
            "health_status": line["health_status"],
            "has_occupation": _yes(line["has_occupation"]),
            "occupation_description": line["occupation_description"],
            "experience_years": _count(line["experience_years"]),
            "has_daily_care_duty": _yes(line["has_daily_care_duty"]),
            "care_dependants": [
                {
                    "dependant_kind": kind,
                    "dependant_age": int(age),
                    "care_responsibility": "رعاية يومية",
                }
                for kind, age in dependants
            ],
            "can_be_away_10h": _yes(line["can_be_away_10h"]),
        }
    )


def readiness_decision(line: Line) -> Answers:
    """What the worker made of the rule's proposal."""
    return _filled(
        {
            "result_override": line["result_override"] or "none",
            "result_override_reason": line["result_override_reason"],
        }
    )


def screening(line: Line) -> Answers:
    """The six questions of the second interview, or the refusal to answer them."""
    return _filled(
        {
            "conducted_at": moment(line["screening_at"]).isoformat(),
            "channel": line["channel"],
            "capture_mode": line["capture_mode"],
            "cooperation_refused": _yes(line["cooperation_refused"]),
            **{
                name: _yes(line[name])
                for name in (
                    "knows_labour_market_opportunities",
                    "can_describe_career_goals",
                    "needs_protected_work_experience",
                    "has_occupation_screening",
                    "can_run_own_business",
                    "needs_commuting_financial_support",
                )
            },
            "services_accepted_by_client": _many(line["services_accepted_by_client"]),
        }
    )


def grouping(line: Line) -> Answers:
    """The group, with a reason where it is not the proposed one."""
    return _filled(
        {
            "client_group": line["client_group"],
            "group_override_reason": line["group_override_reason"],
            "group_c_reason": line["group_c_reason"],
            "review_date": _days_later(line["decided_at"], 365)
            if line["client_group"] == "C"
            else None,
        }
    )


def group_c_confirmation(_line: Line) -> Answers:
    """The branch head's word on non-cooperation."""
    return {"branch_head_confirmed": True}


def _destination(line: Line) -> str:
    """The catalogue entry of the file, with the unit that serves it before it."""
    provider = line["destination"].partition(".")[0]
    unit = f"mol:{line['office']}" if provider.startswith("mol_") else f"provider:{provider}"
    return f"{unit}/{line['destination']}"


def action_plan(line: Line) -> Answers:
    """The individual action plan."""
    group_a = line["client_group"] == "A"
    summary = (
        "مستعد للعمل بعد مقابلة الاستعداد الوظيفي"
        if group_a
        else "بحاجة إلى تدريب بعد مقابلة الفرز"
    )
    if line["nees_registered"] == "yes":
        summary += "؛ مسجل في النظام الإلكتروني الوطني للتشغيل"
    return {
        "goal": "employment" if group_a else "lms_almp",
        "destination": _destination(line),
        "client_feedback_deadline": _days_later(line["plan_at"], 10),
        "assessment_summary": summary,
        "client_goals_text": "عمل بأجر منتظم" if group_a else "تعلم مهنة",
        "steps": [
            {
                "step_text": "مراجعة الجهة المحال إليها",
                "responsible": "client",
                "due_date": _days_later(line["plan_at"], 10),
                "step_status": "planned",
            }
        ],
        "duties_rights_acknowledged": True,
        "sanctions_appeals_explained": True,
        "data_sharing_consent": True,
        "client_agreement_at": moment(line["plan_at"]).isoformat(),
    }


def provider_contact(line: Line) -> Answers:
    """The worker's first contact with the destination."""
    group_a = line["client_group"] == "A"
    return _filled(
        {
            "destination": _destination(line),
            "mol_office": f"mol:{line['office']}" if group_a else None,
            "provider_contacted_at": moment(line["provider_contacted_at"]).isoformat(),
            "contact_person": "موظف مكتب التشغيل" if group_a else "قسم القبول",
        }
    )


def referral(line: Line) -> Answers:
    """The referral form."""
    return {
        "issue_date": line["issue_date"],
        "destination_name": _destination(line),
        "destination_address": "مكتب التشغيل المحلي",
        "intervention_type": "lm_mediation" if line["client_group"] == "A" else "training",
        "provider_feedback_deadline": _days_later(line["issue_date"], 14),
        "deadline_reason": "اختبار ميداني" if line["client_group"] == "A" else None,
    }


def vacancy_check(line: Line) -> Answers:
    """The quality check of the factory's vacancy, as the branch found it."""
    return {
        "vacancy_id": line["vacancy_id"],
        "employer_name": line["employer_name"],
        "job_title": line["job_title"],
        "workplace_location": "jerash" if "جرش" in line["employer_name"] else "sahab",
        "offered_wage_jod": float(line["wage_level_jod"]),
        "positions": 20 if "جرش" in line["employer_name"] else 10,
        "checked_by_institution": "naf",
        "employer_registered_ssc": True,
        "workplace_not_harmful": True,
        "employer_mobility_plan": False,
        "new_hires_registered_labour_law": True,
        "employer_no_mistreatment": True,
    }


def outcome(line: Line) -> Answers:
    """What the branch itself learnt at the factory (000:L43)."""
    return {
        "feedback_date": line["outcome_at"][:10],
        "feedback_source": "visit",
        "outcome_type": "employed",
        "wage_level_jod": float(line["wage_level_jod"]),
        "job_title": line["job_title"],
        "employer_name": line["employer_name"],
        "employment_start_date": line["employment_start_date"],
        "placement_route": line["placement_route"],
        "ssc_registered": line["ssc_registered"],
        "benefit_retention_until": _years_later(line["employment_start_date"], 2),
        "still_employed": True,
    }


def workplace_visit(line: Line) -> Answers:
    """The visit to the factory (000:L43), one record a person."""
    return {
        "visit_date": line["workplace_visited_at"][:10],
        "visit_place": "employer",
        "visit_place_name": line["employer_name"],
        "visit_result": "زيارة متابعة إلى المصنع بسيارة الموظف الخاصة",
    }


def _years_later(text: str, years: int) -> str:
    day = date.fromisoformat(text)
    return day.replace(year=day.year + years).isoformat()


def retention(line: Line, at: str, still: str) -> Answers:
    """Whether the person is still at work."""
    return _filled(
        {
            "retention_check_date": at[:10],
            "feedback_source": "visit",
            "still_employed": still == "yes",
            "ssc_registered": line["ssc_registered"] if still == "yes" else None,
            "leave_date": line["leave_date"] if still == "no" else None,
            "leave_reason": line["leave_reason"] if still == "no" else None,
        }
    )
