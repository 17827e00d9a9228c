"""Nothing leaves the branch without the client's consent (OQ20), played through the diagrams."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forms import FormErrors
from tests.journey.journey_case import JourneyCase
from tests.journey.people import PLAN, READY, employed, grouped_a, grouped_b, planned, referred

MEDIATION = "mol:irbid/mediation"
TRAINING = "provider:vtc_irbid/welding"


def refused(case: JourneyCase, destination: str = MEDIATION) -> None:
    """The plan of a client who agrees to it, but not to sharing."""
    plan = {**PLAN, "data_sharing_consent": False}
    case.do("agree_action_plan", destination=destination, **plan)


def test_a_plan_without_an_answer_about_sharing_is_not_complete() -> None:
    case = JourneyCase()
    grouped_a(case)
    unsaid = {name: value for name, value in PLAN.items() if name != "data_sharing_consent"}
    with pytest.raises(FormErrors) as found:
        case.do("agree_action_plan", destination=MEDIATION, **unsaid)
    assert set(found.value.errors) == {"data_sharing_consent"}
    assert case.open == ["agree_action_plan"]


def test_without_consent_nobody_is_contacted_and_the_worker_is_told() -> None:
    case = JourneyCase()
    grouped_a(case)
    refused(case)
    assert case.open == ["record_outcome", "sharing_refused"]
    task = case.task("sharing_refused")
    assert task.candidate_groups == ("case_worker",)
    assert task.unit is None, "a task of the branch"
    assert case.variable("referral_unit") is None


def test_a_client_who_agrees_after_all_is_referred_with_a_revised_plan() -> None:
    case = JourneyCase()
    grouped_b(case)
    refused(case, TRAINING)
    case.do("sharing_refused", sharing_decision="plan_again", sharing_note="Asked her brother")
    assert case.open == ["agree_action_plan"]
    assert case.variable("stable_clock_from") == "2026-01-04", "the three weeks go on"
    planned(case, TRAINING)
    assert case.open == ["contact_provider", "record_outcome"]
    referred(case, TRAINING)
    assert case.task("provider_accept").unit == "provider:vtc_irbid"


def test_a_client_who_still_refuses_stays_with_the_branch_until_the_three_weeks_are_over() -> None:
    case = JourneyCase()
    grouped_a(case)
    refused(case)
    case.do("sharing_refused", sharing_decision="stay_with_branch")
    assert case.open == ["record_outcome"]
    case.pass_days(22)
    assert case.open == ["stable_follow_up"]


def test_consent_taken_back_withdraws_a_referral_that_nobody_accepted_yet() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, MEDIATION)
    referred(case, MEDIATION)
    assert case.open == ["mol_accept", "record_outcome"]
    case.correct("individual_action_plan", data_sharing_consent=False)
    assert case.open == ["record_outcome", "sharing_refused"]
    assert case.variable("referral_status") is None


def test_another_correction_of_the_plan_leaves_the_referral_alone() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, MEDIATION)
    case.correct("individual_action_plan", client_goals_text="Work in the town")
    assert case.open == ["contact_provider", "record_outcome"]


def test_a_result_of_a_client_who_refused_is_recorded_all_the_same() -> None:
    case = JourneyCase()
    grouped_a(case)
    refused(case)
    case.do("record_outcome", **employed("2026-01-04", route="own_search"))
    assert case.open == []
    case.pass_days(2)
    assert case.open == ["retention_check"]


def test_consent_of_an_earlier_plan_is_not_taken_for_a_new_one() -> None:
    case = JourneyCase()
    grouped_a(case)
    planned(case, MEDIATION)
    case.advance(case.stage.now + timedelta(days=22))
    case.do("stable_follow_up", stable_follow_up_task="regroup", non_success_reason="other")
    assert case.open == ["readiness_interview"]
    assert case.variable("data_sharing_consent") is True
    unsaid = {name: value for name, value in PLAN.items() if name != "data_sharing_consent"}
    case.do("readiness_interview", **READY)
    case.do("readiness_decision")
    case.do("grouping_decision")
    with pytest.raises(FormErrors):
        case.do("agree_action_plan", destination=MEDIATION, **unsaid)
