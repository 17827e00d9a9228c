"""The first journey played through its diagrams, tables and forms (journey.md, S0 to S16)."""

from __future__ import annotations

from datetime import timedelta

from tests.journey.journey_case import PERSON, JourneyCase
from tests.journey.people import (
    CRITERIA,
    NOT_READY,
    READY,
    SCREENED,
    contacted,
    employed,
    grouped_a,
    grouped_b,
    mediated,
    planned,
    referred,
    served,
)


def test_group_a_goes_to_the_employment_office_and_stays_in_the_job() -> None:
    case = JourneyCase()
    mediated(case)
    task = case.task("mol_mediate")
    assert task.unit == "mol:irbid" and task.candidate_groups == ("mol_officer",)
    case.do(
        "mol_mediate",
        mediation_result="employed",
        wage_level_jod=290,
        job_title="Packer",
        employer_name="Factory",
        employment_start_date="2026-01-05",
        ssc_registered="not_yet",
    )
    case.do("check_vacancy", **CRITERIA)
    case.do("record_outcome_reported", **employed("2026-01-05"))
    assert case.open == []
    for day in (1, 7, 30, 90):
        case.advance(case.local(2026, 1, 5, 12) + timedelta(days=day))
        assert case.open == ["retention_check"]
        assert case.seen_from(case.task("retention_check").scope)["check_day"] == day
        case.do(
            "retention_check", feedback_source="client", still_employed=True, ssc_registered="registered"
        )
    assert case.completed
    assert case.variable("closure_reason") == "retained"
    watch = case.sent[-1]
    assert watch.message == "benefit_watch_due"
    assert watch.payload["benefit_retention_until"] == "2028-01-05"


def test_group_b_is_served_screened_again_and_may_become_a() -> None:
    case = JourneyCase()
    served(case)
    task = case.task("provider_feedback")
    assert task.unit == "provider:vtc_irbid" and task.candidate_groups == ("service_provider",)
    case.do(
        "provider_feedback",
        service_result="ongoing_until",
        service_end_date="2026-03-01",
        service_duration_weeks=8,
        expected_result="A certificate",
    )
    case.do(
        "record_outcome_reported",
        feedback_source="provider",
        outcome_type="referred_to_lms_almp",
        service_type="training",
        service_duration_weeks=8,
        expected_result="A certificate",
    )
    assert case.open == ["service_end"]
    assert case.task("service_end").unit == "provider:vtc_irbid"
    case.pass_days(40)
    assert case.open == ["service_end"], "an outcome is recorded, so nothing is stable"
    case.do("service_end", service_completed=True, actual_result="A certificate")
    case.do("readiness_interview", **READY)
    case.do("readiness_decision")
    case.do("grouping_decision")
    assert case.variable("client_group") == "A"
    assert case.open == ["agree_action_plan"]


def test_group_c_closes_the_cycle_and_starts_the_review() -> None:
    case = JourneyCase()
    contacted(case)
    case.do("readiness_interview", **NOT_READY)
    case.do("readiness_decision")
    case.do("screening_interview", **{**SCREENED, "services_accepted_by_client": []})
    case.do("grouping_decision")
    assert case.completed
    assert case.variable("closure_reason") == "group_c"
    assert case.variable("group_c_reason") == "declined_services"
    [review] = case.sent
    assert review.message == "group_c_review_due"
    later = JourneyCase("group_c_review", review.payload, start_message="group_c_review_due")
    assert later.open == []
    later.advance(later.local(2027, 1, 4))
    later.do("review_group_c", review_result="keep_c", review_reason="No change")
    assert later.open == [] and not later.completed
    assert later.deliver("group_c_review_requested", {}) == 1
    later.do("review_group_c", review_result="new_cycle", review_reason="Wants to work")
    assert later.completed


def test_non_cooperation_is_confirmed_by_the_branch_head() -> None:
    case = JourneyCase()
    contacted(case)
    case.do("readiness_interview", **NOT_READY)
    case.do("readiness_decision")
    case.do("screening_interview", channel="in_person", cooperation_refused=True)
    case.do("grouping_decision")
    assert case.open == ["confirm_group_c"]
    assert case.task("confirm_group_c").candidate_groups == ("branch_head",)
    case.do("confirm_group_c", branch_head_confirmed=False, confirmation_note="Call once more")
    assert case.open == ["grouping_decision"]
    case.do("grouping_decision", client_group="C", group_c_reason="non_cooperation",
            group_override_reason="Refuses")
    case.do("confirm_group_c", branch_head_confirmed=True)
    assert case.completed and case.variable("group_c_reason") == "non_cooperation"


def test_three_attempts_over_two_channels_go_to_the_branch_head() -> None:
    case = JourneyCase()
    for number, channel in enumerate(("phone", "phone", "phone"), start=1):
        assert case.seen_from(case.task("contact_client").scope)["attempt_no"] == number
        case.do("contact_client", channel=channel, attempt_result="no_answer")
    assert case.open == ["contact_client"], "one channel is not enough"
    case.do("contact_client", channel="home_visit", attempt_result="refused", refusal_reason="Ill")
    assert case.open == ["contact_review"]
    case.do("contact_review", contact_decision="try_again")
    assert case.open == ["contact_client"]
    case.do("contact_client", channel="phone", attempt_result="no_answer")
    case.do("contact_client", channel="home_visit", attempt_result="no_show")
    case.do("contact_client", channel="phone", attempt_result="refused")
    case.do("contact_review", contact_decision="close_refused")
    assert case.completed and case.variable("closure_reason") == "refused"
    assert case.variable("client_group") is None


def test_the_contact_window_ends_after_ten_working_days() -> None:
    case = JourneyCase()
    assert case.advance(case.local(2026, 1, 18)) == []
    assert case.advance(case.local(2026, 1, 19)) == ["contact_window_over"]
    case.do("contact_review", contact_decision="close_not_reached")
    assert case.variable("closure_reason") == "not_reached"


def test_a_no_show_goes_back_to_contact_and_counts() -> None:
    case = JourneyCase()
    case.do(
        "contact_client",
        channel="phone",
        attempt_result="appointment_agreed",
        appointment_at="2026-01-06T08:00:00Z",
    )
    assert case.open == ["readiness_interview"]
    assert case.pass_days(3) == ["interview_awaited"]
    assert case.open == ["readiness_interview", "record_no_show"]
    case.do("record_no_show", channel="phone", attempt_result="no_show")
    assert case.open == ["contact_client"]
    assert case.seen_from(case.task("contact_client").scope)["attempt_no"] == 2


def test_an_interview_after_the_question_about_the_no_show_withdraws_it() -> None:
    case = JourneyCase()
    contacted(case)
    case.pass_days(4)
    assert "record_no_show" in case.open
    case.do("readiness_interview", **READY)
    assert case.open == ["readiness_decision"]


def test_postponed_asks_tool_1_again_on_the_day() -> None:
    case = JourneyCase()
    contacted(case)
    case.do(
        "readiness_interview",
        **{**READY, "can_start_within_week": False, "available_from": "2026-02-10"},
    )
    case.do("readiness_decision")
    case.do("screening_interview", **SCREENED)
    case.do("grouping_decision")
    assert case.open == []
    case.advance(case.local(2026, 2, 9, 23))
    assert case.open == []
    case.advance(case.local(2026, 2, 10))
    assert case.open == ["readiness_interview"]


def test_an_override_of_readiness_leads_to_tool_2() -> None:
    case = JourneyCase()
    contacted(case)
    case.do("readiness_interview", **READY)
    case.do(
        "readiness_decision", result_override="to_not_ready", result_override_reason="No papers yet"
    )
    assert case.open == ["screening_interview"]


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
    assert case.completed and case.variable("closure_reason") == "branch_head"


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
    assert case.seen_from(case.task("mol_mediate").scope)["provider_feedback_deadline"] == "2026-01-18"
    case.advance(case.local(2026, 1, 19))
    assert "overdue_feedback" in case.open and "mol_mediate" in case.open
    case.advance(case.local(2026, 1, 22))
    assert "escalate_overdue" in case.open
    case.do("overdue_feedback", overdue_action="deadline_extended", extended_deadline="2026-01-30",
            extension_reason="The employer decides next week")
    case.do("escalate_overdue")
    case.advance(case.local(2026, 1, 30, 23))
    assert "mol_mediate" in case.open and case.variable("stable_count") == 0
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
    assert seen["referral_id"] == "R-2026-000001/2"


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
    case.do("retention_check", feedback_source="client", still_employed=False,
            leave_date="2026-01-06", leave_reason="wage")
    case.do("left_job", left_job_decision="replan")
    assert case.open == ["agree_action_plan"]
    assert case.variable("referral_status") is None


def test_a_rejected_vacancy_goes_back_to_mediation() -> None:
    case = JourneyCase()
    mediated(case)
    case.do("mol_mediate", mediation_result="employed", wage_level_jod=290, job_title="Packer",
            employer_name="Factory", employment_start_date="2026-01-05", ssc_registered="not_yet")
    assert case.task("check_vacancy").unit == "mol:irbid"
    case.do("check_vacancy", **{**CRITERIA, "offered_wage_jod": 260})
    assert "mol_mediate" in case.open


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
    assert "decide_after_correction" in case.open and "contact_provider" in case.open
    assert case.variable("proposed_group") == "C"
    case.do("decide_after_correction", client_group="B", group_override_reason="Sheltered work fits")
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


def test_the_benefit_watch_gives_notice_sixty_days_before_the_end() -> None:
    case = JourneyCase(
        "benefit_watch",
        {
            "employment_start_date": "2026-01-05",
            "benefit_retention_until": "2028-01-05",
            "benefit_notice_days": 60,
            "employer_name": "Factory",
        },
        start_message="benefit_watch_due",
    )
    case.advance(case.local(2027, 11, 6))
    case.do("benefit_end_notice", benefit_notice_channel="phone")
    case.advance(case.local(2028, 1, 5))
    assert case.completed


def test_a_service_that_nobody_reports_goes_to_the_worker() -> None:
    case = JourneyCase()
    served(case)
    case.do("provider_feedback", service_result="ongoing_until", service_end_date="2026-02-01",
            service_duration_weeks=4, expected_result="A certificate")
    case.do("record_outcome_reported", feedback_source="provider",
            outcome_type="referred_to_lms_almp", service_type="training",
            service_duration_weeks=4, expected_result="A certificate")
    case.advance(case.local(2026, 2, 9))
    assert case.open == ["service_end_by_worker"]


def test_the_start_variables_are_those_of_the_process() -> None:
    from tests.journey.journey_case import processes

    assert set(processes()["client_journey"].start_variables) == set(PERSON)
