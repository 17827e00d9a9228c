"""Reports that come late: extended deadlines, tasks that a report makes needless, and what must not
be left over (journey.md T4, T5, L8, OQ20)."""

from __future__ import annotations

from typing import Any

from tests.journey.journey_case import JourneyCase
from tests.journey.people import CRITERIA, PLAN, grouped_a, mediated, planned, referred, served

JOB_FOUND: dict[str, Any] = {
    "mediation_result": "employed",
    "wage_level_jod": 290,
    "job_title": "Packer",
    "employer_name": "Factory",
    "employment_start_date": "2026-01-05",
    "ssc_registered": "not_yet",
}
TRAINED: dict[str, Any] = {
    "service_result": "completed",
    "service_end_date": "2026-01-18",
    "service_duration_weeks": 2,
    "actual_result": "Certificate",
}


def extended(case: JourneyCase, day: str) -> None:
    """The worker gives the partner until `day`."""
    case.do(
        "overdue_feedback",
        overdue_action="deadline_extended",
        extended_deadline=day,
        extension_reason="The employer decides next week",
    )


def test_an_extension_moves_the_due_date_of_the_offices_task() -> None:
    case = JourneyCase()
    mediated(case)
    assert case.task("mol_mediate").due == case.local(2026, 1, 19)
    case.advance(case.local(2026, 1, 19))
    extended(case, "2026-01-22")
    assert case.task("mol_mediate").due == case.local(2026, 1, 23)
    case.advance(case.local(2026, 1, 23))
    extended(case, "2026-01-30")
    assert case.task("mol_mediate").due == case.local(2026, 1, 31), "once more"
    case.do("mol_mediate", **JOB_FOUND)
    case.do("check_vacancy", **CRITERIA)
    assert "record_outcome_reported" in case.open


def test_an_extension_moves_the_due_date_of_the_providers_task() -> None:
    case = JourneyCase()
    served(case)
    case.advance(case.local(2026, 1, 19))
    extended(case, "2026-01-22")
    task = case.task("provider_feedback")
    assert (task.due, task.unit) == (case.local(2026, 1, 23), "provider:vtc_irbid")
    assert case.seen_from(task.scope)["provider_feedback_deadline"] == "2026-01-22"
    case.do("provider_feedback", **TRAINED)
    assert "record_outcome_reported" in case.open


def test_a_late_report_closes_the_task_that_asked_for_it() -> None:
    case = JourneyCase()
    mediated(case)
    case.advance(case.local(2026, 1, 19))
    assert "overdue_feedback" in case.open
    case.do("mol_mediate", **JOB_FOUND)
    assert case.open == ["check_vacancy", "record_outcome", "remind_client"]
    case.advance(case.local(2026, 1, 24))
    assert case.open == ["check_vacancy", "record_outcome", "remind_client"], "and it stays closed"


def test_a_late_report_closes_the_escalation_too() -> None:
    case = JourneyCase()
    served(case)
    case.advance(case.local(2026, 1, 22))
    assert {"overdue_feedback", "escalate_overdue"} <= set(case.open)
    case.do("provider_feedback", **TRAINED)
    assert case.open == ["record_outcome", "record_outcome_reported", "remind_client"]


def test_a_late_report_closes_an_escalation_whose_delay_was_dealt_with() -> None:
    case = JourneyCase()
    served(case)
    case.advance(case.local(2026, 1, 22))
    case.do("overdue_feedback", overdue_action="contacted", overdue_note="They promised")
    assert "escalate_overdue" in case.open
    case.do("provider_feedback", **TRAINED)
    assert case.open == ["record_outcome", "record_outcome_reported", "remind_client"]


def test_a_late_report_that_falls_through_is_asked_for_again() -> None:
    case = JourneyCase()
    mediated(case)
    case.advance(case.local(2026, 1, 19))
    case.do("mol_mediate", **JOB_FOUND)
    case.do("check_vacancy", **{**CRITERIA, "offered_wage_jod": 260})
    assert "overdue_feedback" not in case.open
    case.advance(case.local(2026, 1, 20))
    assert "overdue_feedback" in case.open
    case.advance(case.local(2026, 1, 25))
    assert case.open == ["stable_follow_up"]


def test_who_was_not_referred_is_not_reminded_to_report() -> None:
    case = JourneyCase()
    grouped_a(case)
    case.do(
        "agree_action_plan",
        destination="mol:irbid/mediation",
        **{**PLAN, "data_sharing_consent": False},
    )
    case.do("sharing_refused", sharing_decision="stay_with_branch")
    case.advance(case.local(2026, 1, 15))
    assert case.open == ["record_outcome"]


def test_who_took_the_consent_back_is_not_reminded_to_report() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, "mol:irbid/mediation")
    referred(case, "mol:irbid/mediation")
    case.correct("individual_action_plan", data_sharing_consent=False)
    case.do("sharing_refused", sharing_decision="stay_with_branch")
    case.advance(case.local(2026, 1, 15))
    assert case.open == ["record_outcome"]


def test_a_corrected_note_of_an_earlier_partner_is_not_in_the_next_report() -> None:
    case = JourneyCase()
    mediated(case)
    case.do(
        "mol_mediate",
        mediation_result="not_placed",
        not_placed_reason="no_vacancy",
        feedback_note="Came late",
    )
    case.correct("mol_mediation", feedback_note="Came ten minutes late")
    planned(case, "mol:irbid/mediation")
    referred(case, "mol:irbid/mediation")
    case.do("mol_accept", referral_decision="accepted")
    assert case.seen_from(case.task("mol_mediate").scope)["feedback_note"] is None
