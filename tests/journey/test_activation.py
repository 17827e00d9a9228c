"""Plan, referral, feedback and the three-week clock, played through the shipped diagrams."""

from __future__ import annotations

from typing import Any

from tests.journey.journey_case import JourneyCase
from tests.journey.people import (
    CRITERIA,
    NOT_READY,
    SCREENED,
    contacted,
    employed,
    grouped_a,
    grouped_b,
    mediated,
    planned,
    referred,
)

JOB_FOUND: dict[str, Any] = {
    "mediation_result": "employed",
    "wage_level_jod": 290,
    "job_title": "Packer",
    "employer_name": "Factory",
    "employment_start_date": "2026-01-05",
    "ssc_registered": "not_yet",
}


def test_a_stable_a_gets_tool_2_and_a_new_clock_then_the_branch_head() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, "mol:irbid/mediation")
    assert "found_stable" not in case.open
    case.advance(case.local(2026, 1, 24, 23))
    assert case.variable("stable_count") == 0
    case.advance(case.local(2026, 1, 25))
    assert case.open == ["stable_follow_up"], "local midnight of the grouping date plus 21 days"
    case.do("stable_follow_up", stable_follow_up_task="revise_iap", non_success_reason="no_vacancy")
    assert case.open == ["screening_interview"]
    case.do("screening_interview", **SCREENED)
    case.do("grouping_decision", client_group="B", group_override_reason="Needs training first")
    assert case.variable("client_group") == "B"
    case.pass_days(22)
    assert case.open == ["stable_review"]
    assert case.task("stable_review").candidate_groups == ("branch_head",)
    case.do("stable_review", stable_review_decision="close", stable_review_reason="Moved abroad")
    assert case.completed
    assert case.variable("closure_reason") == "branch_head"


def test_a_stable_b_gets_another_entry_and_a_revised_plan() -> None:
    case = JourneyCase()
    grouped_b(case)
    case.pass_days(22)
    case.do("stable_follow_up", non_success_reason="provider_full")
    assert case.open == ["agree_action_plan"]
    assert case.variable("stable_clock_from") == "2026-01-26"


def test_an_accepted_referral_postpones_stable_to_its_deadline() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, "mol:irbid/mediation")
    referred(
        case,
        "mol:irbid/mediation",
        provider_feedback_deadline="2026-02-05",
        deadline_reason="Course dates",
    )
    case.do("mol_accept", referral_decision="accepted")
    case.advance(case.local(2026, 2, 5, 23))
    assert "mol_mediate" in case.open
    case.advance(case.local(2026, 2, 6))
    assert case.open == ["stable_follow_up"]
    assert case.variable("stable_tasks") == ["contact_provider", "contact_client"]


def test_an_unanswered_referral_does_not_postpone_stable() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, "mol:irbid/mediation")
    referred(
        case,
        "mol:irbid/mediation",
        provider_feedback_deadline="2026-02-05",
        deadline_reason="Course dates",
    )
    case.advance(case.local(2026, 1, 25))
    assert case.open == ["stable_follow_up"]


def test_overdue_feedback_may_be_extended_and_then_postpones_stable() -> None:
    case = JourneyCase()
    mediated(case)
    assert (
        case.seen_from(case.task("mol_mediate").scope)["provider_feedback_deadline"] == "2026-01-18"
    )
    case.advance(case.local(2026, 1, 19))
    assert "overdue_feedback" in case.open
    assert "mol_mediate" in case.open
    case.advance(case.local(2026, 1, 22))
    assert "escalate_overdue" in case.open
    case.do(
        "overdue_feedback",
        overdue_action="deadline_extended",
        extended_deadline="2026-01-30",
        extension_reason="The employer decides next week",
    )
    case.do("escalate_overdue")
    case.advance(case.local(2026, 1, 30, 23))
    assert "mol_mediate" in case.open
    assert case.variable("stable_count") == 0
    case.advance(case.local(2026, 1, 31))
    assert case.variable("stable_count") == 1


def test_giving_up_a_silent_partner_leads_back_to_the_plan() -> None:
    case = JourneyCase()
    mediated(case)
    case.advance(case.local(2026, 1, 19))
    case.do("overdue_feedback", overdue_action="give_up", overdue_note="Office closed")
    assert case.open == ["agree_action_plan"]
    assert case.variable("stable_clock_from") == "2026-01-04", "the three weeks go on"


def test_a_declined_referral_is_not_decided_by_the_old_answer() -> None:
    case = JourneyCase()
    grouped_b(case)
    planned(case, "provider:vtc_irbid/welding")
    referred(case, "provider:vtc_irbid/welding")
    case.do("provider_accept", referral_decision="rejected", rejection_reason="no_capacity")
    assert "contact_provider" in case.open
    referred(case, "provider:nmb_irbid/loan")
    task = case.task("provider_accept")
    assert task.unit == "provider:nmb_irbid"
    seen = case.seen_from(task.scope)
    assert seen["referral_decision"] is None
    assert seen["referral_id"] == "R-2026-000001/1.2"


def test_a_referral_left_open_keeps_its_number() -> None:
    case = JourneyCase()
    grouped_b(case)
    planned(case, "provider:vtc_irbid/welding")
    referred(case, "provider:vtc_irbid/welding")
    first = case.seen_from(case.task("provider_accept").scope)["referral_id"]
    case.pass_days(22)  # nobody answers: stable, and a new plan
    case.do("stable_follow_up", non_success_reason="provider_silent")
    planned(case, "provider:nmb_irbid/loan")
    referred(case, "provider:nmb_irbid/loan")
    second = case.seen_from(case.task("provider_accept").scope)["referral_id"]
    assert (first, second) == ("R-2026-000001/1.1", "R-2026-000001/2.1")


def test_a_late_referral_is_escalated_on_day_three() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, "mol:irbid/mediation")
    case.advance(case.local(2026, 1, 7))
    assert "escalate_referral" in case.open
    assert "contact_provider" in case.open


def test_the_client_is_reminded_two_days_before_the_deadline() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, "mol:irbid/mediation")
    assert case.variable("client_feedback_deadline") == "2026-01-14"
    case.advance(case.local(2026, 1, 12))
    assert "remind_client" in case.open
    assert case.task("record_outcome").due == case.local(2026, 1, 15)


def test_a_direct_placement_is_checked_told_and_visited() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, "mol:irbid/mediation")
    case.do("record_outcome", **employed("2026-01-05", "naf_direct_to_employer"))
    assert case.open == ["check_placement_vacancy"]
    case.do("check_placement_vacancy", **{**CRITERIA, "employer_registered_ssc": False})
    assert [m.message for m in case.sent] == ["mol_informed_of_placement"]
    assert case.variable("referral_status") is None, "placed, not referred (X35)"
    assert case.open == ["visit_workplace"]
    case.do("visit_workplace", visit_place="employer", visit_result="Registered meanwhile")
    assert case.open == []


def test_a_lost_job_leads_back_to_the_plan_in_the_same_cycle() -> None:
    case = JourneyCase()
    mediated(case)
    case.do("record_outcome", **employed("2026-01-05", "own_search"))
    case.pass_days(2)
    case.do(
        "retention_check",
        feedback_source="client",
        still_employed=False,
        leave_date="2026-01-06",
        leave_reason="wage",
    )
    case.do("left_job", left_job_decision="replan")
    assert case.open == ["agree_action_plan"]
    assert case.variable("referral_status") is None


def test_a_job_already_left_when_it_is_recorded_goes_straight_to_the_question() -> None:
    case = JourneyCase()
    mediated(case)
    left = {"still_employed": False, "leave_date": "2026-01-04", "leave_reason": "wage"}
    case.do("record_outcome", **{**employed("2026-01-03", "own_search"), **left})
    assert case.open == ["left_job"]
    case.do("left_job", left_job_decision="close", left_job_reason="Moves away")
    assert case.completed
    assert case.variable("closure_reason") == "left_job"


def test_a_rejected_vacancy_goes_back_to_mediation() -> None:
    case = JourneyCase()
    mediated(case)
    case.do("mol_mediate", **JOB_FOUND)
    assert case.task("check_vacancy").unit == "mol:irbid"
    case.do("check_vacancy", **{**CRITERIA, "offered_wage_jod": 260})
    assert "mol_mediate" in case.open


def test_a_report_that_waits_to_be_recorded_stops_the_clocks() -> None:
    case = JourneyCase()
    mediated(case)
    assert case.variable("feedback_received") is False
    case.do("mol_mediate", **JOB_FOUND)
    assert case.variable("feedback_received") is True
    case.do("check_vacancy", **CRITERIA)
    case.pass_days(40)
    assert case.open == ["record_outcome", "record_outcome_reported", "remind_client"]
    assert case.variable("stable_count") == 0
    case.do("record_outcome_reported", **employed("2026-01-05"))
    assert case.variable("activation_result") == "employed"


def test_a_rejected_vacancy_sets_the_clocks_going_again() -> None:
    case = JourneyCase()
    mediated(case)
    case.do("mol_mediate", **JOB_FOUND)
    case.advance(case.local(2026, 1, 20))
    assert "overdue_feedback" not in case.open
    case.do("check_vacancy", **{**CRITERIA, "offered_wage_jod": 260})
    assert case.variable("feedback_received") is False
    case.advance(case.local(2026, 1, 21))
    assert "overdue_feedback" in case.open
    case.advance(case.local(2026, 1, 25))
    assert case.open == ["stable_follow_up"]


def test_who_reports_late_is_neither_escalated_nor_stable() -> None:
    case = JourneyCase()
    mediated(case)
    case.advance(case.local(2026, 1, 19))
    assert "overdue_feedback" in case.open
    case.do("mol_mediate", **JOB_FOUND)
    case.advance(case.local(2026, 2, 1))
    assert "escalate_overdue" not in case.open
    assert case.variable("stable_count") == 0
    case.do("check_vacancy", **{**CRITERIA, "offered_wage_jod": 260})
    case.advance(case.local(2026, 2, 2))
    assert case.open == ["stable_follow_up"], "rejected: nothing is waited for any more"


def test_the_next_round_does_not_begin_with_the_report_of_the_last() -> None:
    case = JourneyCase()
    mediated(case)
    case.do("mol_mediate", **JOB_FOUND)
    case.do("check_vacancy", **CRITERIA)
    case.do("record_outcome_reported", **employed("2026-01-05"))
    case.pass_days(2)
    case.do(
        "retention_check",
        feedback_source="client",
        still_employed=False,
        leave_date="2026-01-06",
        leave_reason="wage",
    )
    case.do("left_job", left_job_decision="replan")
    assert case.variable("feedback_received") is False
    case.pass_days(22)
    assert case.open == ["stable_follow_up"]


def test_not_placed_revises_the_plan() -> None:
    case = JourneyCase()
    mediated(case)
    case.do("mol_mediate", mediation_result="not_placed", not_placed_reason="no_vacancy")
    assert case.open == ["agree_action_plan"]


def test_a_correction_during_activation_asks_the_rules_and_may_regroup() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, "mol:irbid/mediation")
    case.pass_days(5)
    case.correct("job_readiness_interview", health_status="poor_unable_to_work")
    assert "decide_after_correction" in case.open
    assert "contact_provider" in case.open
    assert case.variable("proposed_group") == "C"
    case.do(
        "decide_after_correction", client_group="B", group_override_reason="Sheltered work fits"
    )
    assert case.open == ["agree_action_plan"]
    assert case.variable("grouping_date") == "2026-01-09"
    assert case.variable("stable_clock_from") == "2026-01-09", "regrouping restarts the weeks"


def test_a_correction_that_changes_nothing_restarts_nothing() -> None:
    case = JourneyCase()
    grouped_a(case)
    before = case.open
    case.correct("job_readiness_interview", has_occupation=True)
    case.do("decide_after_correction")
    assert case.open == before
    case.correct("contact_log", channel="home_visit")
    assert case.open == before


def test_a_correction_during_profiling_asks_the_rules_there() -> None:
    case = JourneyCase()
    contacted(case)
    case.do("readiness_interview", **NOT_READY)
    case.do("readiness_decision")
    case.do("screening_interview", **SCREENED)
    assert case.open == ["grouping_decision"]
    asked = case.decided.count("job_readiness")
    case.correct("job_readiness_interview")
    assert case.open == ["readiness_decision"]
    assert case.decided.count("job_readiness") == asked + 1
    case.do("readiness_decision")
    assert case.open == ["grouping_decision"], "tool 2 is not asked a second time"
