"""The first journey played through its diagrams, tables and forms (journey.md, S0 to S16)."""

from __future__ import annotations

from datetime import timedelta

from tests.journey.journey_case import PERSON, JourneyCase, processes
from tests.journey.people import (
    CRITERIA,
    NOT_READY,
    READY,
    SCREENED,
    contacted,
    employed,
    mediated,
    served,
)


def test_group_a_goes_to_the_employment_office_and_stays_in_the_job() -> None:
    case = JourneyCase()
    mediated(case)
    task = case.task("mol_mediate")
    assert task.unit == "mol:irbid"
    assert task.candidate_groups == ("mol_officer",)
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
            "retention_check",
            feedback_source="client",
            still_employed=True,
            ssc_registered="registered",
        )
    assert case.completed
    assert case.variable("closure_reason") == "retained"
    watch = case.sent[-1]
    assert watch.message == "benefit_watch_due"
    assert watch.payload["benefit_retention_until"] == "2028-01-05"


def test_the_vacancy_check_shows_what_the_officer_reported_a_moment_ago() -> None:
    case = JourneyCase()
    mediated(case)
    found = {
        "mediation_result": "employed",
        "wage_level_jod": 305,
        "job_title": "Packer",
        "employer_name": "Factory",
        "employment_start_date": "2026-01-05",
        "ssc_registered": "not_yet",
    }
    case.do("mol_mediate", **found)
    reported = ("employer_name", "job_title", "offered_wage_jod", "checked_by_institution")
    only_the_check = {key: value for key, value in CRITERIA.items() if key not in reported}
    scope = case.task("check_vacancy").scope
    case.do("check_vacancy", **only_the_check)
    seen = case.seen_from(scope)
    assert [seen[name] for name in reported] == ["Factory", "Packer", 305, "mol"]
    assert "record_outcome_reported" in case.open


def test_who_begins_later_is_asked_whether_still_at_work_from_the_start_of_work_on() -> None:
    case = JourneyCase()
    mediated(case)
    outcome = {**employed("2026-01-20", route="own_search"), "still_employed": False}
    case.do("record_outcome", **outcome)
    assert case.open == [], "work has not begun: an answer about it counts for nothing"
    assert case.variable("still_employed") is None
    case.advance(case.local(2026, 1, 20, 23))
    assert case.open == []
    case.advance(case.local(2026, 1, 21))
    assert case.open == ["retention_check"]


def test_group_b_is_served_screened_again_and_may_become_a() -> None:
    case = JourneyCase()
    served(case)
    task = case.task("provider_feedback")
    assert task.unit == "provider:vtc_irbid"
    assert task.candidate_groups == ("service_provider",)
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
    assert later.open == []
    assert not later.completed
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
    case.do(
        "grouping_decision",
        client_group="C",
        group_c_reason="non_cooperation",
        group_override_reason="Refuses",
    )
    case.do("confirm_group_c", branch_head_confirmed=True)
    assert case.completed
    assert case.variable("group_c_reason") == "non_cooperation"


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
    assert case.completed
    assert case.variable("closure_reason") == "refused"
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
    case.do(
        "provider_feedback",
        service_result="ongoing_until",
        service_end_date="2026-02-01",
        service_duration_weeks=4,
        expected_result="A certificate",
    )
    case.do(
        "record_outcome_reported",
        feedback_source="provider",
        outcome_type="referred_to_lms_almp",
        service_type="training",
        service_duration_weeks=4,
        expected_result="A certificate",
    )
    case.advance(case.local(2026, 2, 9))
    assert case.open == ["service_end_by_worker"]


def test_the_start_variables_are_those_of_the_process() -> None:
    assert set(processes()["client_journey"].start_variables) == set(PERSON)
