"""Group B: one provider declines, another serves, the service ends, and tool 1 makes an A of her
(journey.md S7b to S14, L4, L5, OQ13, OQ20)."""

from __future__ import annotations

from typing import Any

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import COORDINATOR, Story

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"
INSTITUTE = "service_provider.vtc_irbid"
BANK = "service_provider.nmb_zarqa"
LOAN = "provider:nmb_zarqa/nmb_zarqa.microfinance"
OTHERS = ("case_worker.zarqa", "branch_head.zarqa", "mol_officer.irbid", COORDINATOR)
TWO_NEEDS: dict[str, Any] = {
    **answers.SCREENED,
    "can_run_own_business": True,
    "services_accepted_by_client": ["training", "self_employment"],
}
"""Tool 2 of somebody who would take a course or a loan."""
SHOWN_WITH_CONSENT = {
    "client_group": "B",
    "intervention_type": "training",
    "issue_date": "2026-01-04",
    "provider_feedback_deadline": "2026-01-18",
    "goal": "lms_almp",
    "client_goals_text": "عمل بأجر منتظم قريب من البيت",
    "occupation_description": "خياطة منزلية",
    "experience_years": 3,
    "transport_means": ["public_bus"],
}
"""What a provider reads of the case before accepting, beside the person and the plan's steps."""


def grouped_b_with_two_needs(story: Story) -> None:
    """Contact, both tools, group B."""
    steps.opened(story)
    steps.contacted(story)
    story.do(WORKER, "readiness_interview", **answers.NOT_READY)
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "screening_interview", **TWO_NEEDS)
    shown = story.shown(WORKER, "grouping_decision")
    assert (shown["proposed_group"], shown["suggested_services"]) == (
        "B",
        ["training", "self_employment"],
    )
    story.do(WORKER, "grouping_decision")


def served_by_the_bank(story: Story) -> None:
    """Declined by the institute, accepted by the bank."""
    grouped_b_with_two_needs(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    story.do(
        INSTITUTE, "provider_accept", referral_decision="rejected", rejection_reason="no_capacity"
    )
    steps.referred(story, LOAN, intervention_type="microfinance")
    story.do(BANK, "provider_accept", referral_decision="accepted")


def test_a_provider_sees_the_person_and_the_plan_and_no_more(story: Story) -> None:
    grouped_b_with_two_needs(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)

    assert [note["kind"] for note in story.reminders(INSTITUTE)] == ["new_task"]
    assert story.todo(INSTITUTE) == ["provider_accept"]
    assert story.due(INSTITUTE, "provider_accept") == "2026-01-07 00:00"
    form = story.form(INSTITUTE, "provider_accept")
    shown = {name: form["data"][name] for name in SHOWN_WITH_CONSENT}
    assert shown == SHOWN_WITH_CONSENT
    assert set(form["data"]) - set(SHOWN_WITH_CONSENT) <= {"person_id", "steps"}
    [named] = form["options"]["person_id"]
    assert named["label_ar"] == "سلمى الخطيب · 9901234567 · 0600000777"

    story.blind(*OTHERS[:3], BANK)
    assert story.tasks(COORDINATOR) == []
    for user in (INSTITUTE, BANK):
        for path in ("", "/history", "/replay"):
            story.refused(404, user, "GET", f"/instances/{story.case}{path}")
        assert story.call(user, "GET", f"/persons/{story.person['id']}").status_code in (403, 404)
    # The branch follows the case, but the answer is the provider's to give.
    waiting = story.task(INSTITUTE, "provider_accept")["id"]
    story.refused(404, WORKER, "GET", f"/tasks/{waiting}")
    assert "provider_accept" in story.get(WORKER, f"/instances/{story.case}")["active_elements"]


def test_without_consent_no_provider_hears_of_her(story: Story) -> None:
    grouped_b_with_two_needs(story)
    plan = answers.plan(answers.TRAINING_IRBID, "2026-01-14", data_sharing_consent=False)
    story.do(WORKER, "agree_action_plan", **plan)
    assert story.todo(WORKER) == ["record_outcome", "sharing_refused"]
    story.blind(INSTITUTE, BANK)
    assert [note["kind"] for note in story.reminders(INSTITUTE)] == []


def test_a_declined_referral_goes_to_another_provider(story: Story) -> None:
    grouped_b_with_two_needs(story)
    entries = [
        o["value"] for o in story.form(WORKER, "agree_action_plan")["options"]["destination"]
    ]
    assert answers.TRAINING_IRBID in entries
    assert LOAN in entries
    assert not [entry for entry in entries if entry.startswith("mol:")]
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    assert story.errors(INSTITUTE, "provider_accept", referral_decision="rejected") == [
        "rejection_reason"
    ]
    story.until("2026-01-05")
    story.do(
        INSTITUTE, "provider_accept", referral_decision="rejected", rejection_reason="no_capacity"
    )
    assert story.cycles(WORKER)[0]["stage"] == "rejected_by_provider"
    assert story.todo(WORKER) == ["contact_provider", "record_outcome"]
    assert story.todo(INSTITUTE) == []
    assert [note["text_en"].partition(" · ")[0] for note in story.reminders(WORKER)] == [
        "A referral was not accepted: contact another partner"
    ]
    contact = story.shown(WORKER, "contact_provider")
    assert (contact["last_declined_by"], contact["last_referral_decision"]) == (
        answers.TRAINING_IRBID,
        "rejected",
    )
    assert contact["last_rejection_reason"] == "no_capacity"

    steps.referred(story, LOAN, intervention_type="microfinance")
    assert story.todo(INSTITUTE) == []
    assert story.todo(BANK) == ["provider_accept"]
    assert [note["kind"] for note in story.reminders(BANK)] == ["new_task"]
    shown = story.shown(BANK, "provider_accept")
    assert shown["intervention_type"] == "microfinance"
    assert "rejection_reason" not in shown
    assert "referral_decision" not in shown
    # 14 days from the second referral: still before day 20 of the grouping.
    assert shown["provider_feedback_deadline"] == "2026-01-19"
    story.do(BANK, "provider_accept", referral_decision="accepted")
    assert story.variable("referral_id").endswith("/1.2")
    assert story.variable("referral_unit") == "provider:nmb_zarqa"
    assert story.todo(BANK) == ["provider_feedback"]
    assert story.due(BANK, "provider_feedback") == "2026-01-20 00:00"
    assert story.cycles(WORKER)[0]["stage"] == "in_service"

    row = story.office("irbid")
    assert (row["group_b"], row["group_b_referred"], row["followup_info"]) == (1, 1, 0)


def test_only_who_was_contacted_gets_the_referral(story: Story) -> None:
    grouped_b_with_two_needs(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    assert "last_declined_by" not in story.shown(WORKER, "contact_provider"), "the first contact"
    story.do(WORKER, "contact_provider", destination=LOAN, contact_person="قسم القبول")
    [offered] = story.form(WORKER, "issue_referral")["options"]["destination_name"]
    assert offered["value"] == LOAN
    other = {
        "destination_name": answers.TRAINING_IRBID,
        "destination_address": "إربد، وسط المدينة",
        "intervention_type": "microfinance",
    }
    assert story.errors(WORKER, "issue_referral", **other) == ["destination_name"]
    story.do(WORKER, "issue_referral", **{**other, "destination_name": LOAN})
    assert story.todo(BANK) == ["provider_accept"]
    assert story.todo(INSTITUTE) == []


def test_a_silent_partner_is_chased_then_brought_to_the_branch_head(story: Story) -> None:
    grouped_b_with_two_needs(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    story.until_just_before("2026-01-07")
    assert "chase_partner" not in story.todo(WORKER)
    story.until("2026-01-07", "00:00")
    assert "chase_partner" in story.todo(WORKER)
    [note] = story.reminders(WORKER, "deadline")
    assert note["text_en"].startswith("A partner has not answered a referral · ")
    story.do(WORKER, "chase_partner")
    assert story.todo(INSTITUTE) == ["provider_accept"]
    story.until_just_before("2026-01-19")
    assert "escalate_acceptance" not in story.todo(HEAD)
    story.until("2026-01-19", "00:00")
    assert "escalate_acceptance" in story.todo(HEAD)
    assert [note["text_en"].partition(" · ")[0] for note in story.reminders(HEAD, "deadline")][
        -1:
    ] == ["A partner never answered a referral"]
    # The answer ends what was opened for want of it, and nothing waits for the branch head.
    story.do(INSTITUTE, "provider_accept", referral_decision="accepted")
    assert "escalate_acceptance" not in story.todo(HEAD)
    assert "call_follow_up" in story.get(WORKER, f"/instances/{story.case}")["active_elements"]


def test_a_decline_takes_the_chasing_task_away(story: Story) -> None:
    grouped_b_with_two_needs(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    story.until("2026-01-07", "00:00")
    assert "chase_partner" in story.todo(WORKER)
    story.do(
        INSTITUTE, "provider_accept", referral_decision="rejected", rejection_reason="no_capacity"
    )
    assert story.todo(WORKER) == ["contact_provider", "record_outcome"]


def test_the_service_ends_and_tool_1_makes_an_a_of_her(story: Story) -> None:
    served_by_the_bank(story)
    story.until("2026-01-11")
    story.do(
        BANK,
        "provider_feedback",
        service_result="ongoing_until",
        service_end_date="2026-02-15",
        service_duration_weeks=5,
        expected_result="مشروع صغير ممول",
    )
    outcome = story.shown(WORKER, "record_outcome_reported")
    assert outcome["service_result"] == "ongoing_until"
    assert outcome["feedback_source"] == "provider"
    assert outcome["outcome_type"] == "referred_to_lms_almp"
    assert outcome["service_type"] == "microfinance"
    assert outcome["expected_result"] == "مشروع صغير ممول"
    story.do(
        WORKER,
        "record_outcome_reported",
        feedback_source="provider",
        outcome_type="referred_to_lms_almp",
    )
    assert story.office("irbid")["followup_info"] == 1
    assert story.todo(WORKER) == []
    assert story.todo(BANK) == ["service_end"]
    assert story.due(BANK, "service_end") == "2026-02-16 00:00"

    story.until("2026-02-14")
    assert story.variable("stable_count") == 0, "an outcome is recorded, so nothing is stable"
    assert story.todo(WORKER) == []
    story.until("2026-02-15")
    assert story.shown(BANK, "service_end")["service_end_date"] == "2026-02-15"
    story.do(BANK, "service_end", service_completed=True, actual_result="مشروع صغير ممول")
    assert story.todo(BANK) == []

    # Screened again in the same cycle: nothing is filled in from the first time but facts.
    again = story.shown(WORKER, "readiness_interview")
    assert "can_be_away_10h" not in again
    assert again["has_occupation"] is True
    story.do(WORKER, "readiness_interview", **answers.READY)
    story.do(WORKER, "readiness_decision")
    assert story.shown(WORKER, "grouping_decision")["proposed_group"] == "A"
    story.do(WORKER, "grouping_decision")
    [cycle] = story.cycles(WORKER)
    assert (cycle["cycle_no"], cycle["client_group"], cycle["grouping_date"]) == (
        1,
        "A",
        "2026-02-15",
    )
    assert cycle["outcome_type"] is None, "the outcome belonged to the earlier grouping"
    options = story.form(WORKER, "agree_action_plan")["options"]["destination"]
    assert {option["value"].split(":")[0] for option in options} == {"mol"}
    steps.planned(story, answers.MEDIATION_IRBID, "2026-02-25")
    steps.referred(story, answers.MEDIATION_IRBID)
    story.blind(BANK, INSTITUTE)
    story.do("mol_officer.irbid", "mol_accept", referral_decision="accepted")
    assert story.variable("referral_id").endswith("/2.1")

    interviews = story.tasks(WORKER, element="readiness_interview", state="completed")
    assert [story.get(WORKER, f"/tasks/{task['id']}/form")["data"]["can_be_away_10h"]
            for task in sorted(interviews, key=lambda task: str(task["completed_at"]))] == [
        False,
        True,
    ]  # fmt: skip
    row = story.office("irbid")
    assert (row["readiness_interviews"], row["group_a"], row["group_b"]) == (1, 1, 0)
    assert (row["group_a_referred"], row["group_b_referred"]) == (1, 0)


def test_a_service_whose_end_nobody_reports_comes_back_to_the_worker(story: Story) -> None:
    served_by_the_bank(story)
    story.do(
        BANK,
        "provider_feedback",
        service_result="ongoing_until",
        service_end_date="2026-02-15",
        service_duration_weeks=5,
        expected_result="مشروع صغير ممول",
    )
    story.do(
        WORKER,
        "record_outcome_reported",
        feedback_source="provider",
        outcome_type="referred_to_lms_almp",
    )
    story.until_just_before("2026-02-23")
    assert story.todo(BANK) == ["service_end"]
    assert story.reminders(WORKER, "deadline") == []
    story.until("2026-02-23", "00:00")
    assert story.todo(BANK) == []
    assert story.todo(WORKER) == ["service_end_by_worker"]
    assert len(story.reminders(WORKER, "deadline")) == 1
    assert story.errors(
        WORKER, "service_end_by_worker", service_completed=False, actual_result="انقطعت"
    ) == ["non_completion_reason"]
    story.do(
        WORKER,
        "service_end_by_worker",
        service_completed=False,
        actual_result="انقطعت",
        non_completion_reason="انتقلت إلى مدينة أخرى",
    )
    assert story.todo(WORKER) == ["readiness_interview"]


def test_a_client_who_never_came_leads_to_another_contact(story: Story) -> None:
    grouped_b_with_two_needs(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    story.do(INSTITUTE, "provider_accept", referral_decision="client_no_show")
    assert story.cycles(WORKER)[0]["stage"] == "client_no_show_at_provider"
    assert story.todo(WORKER) == ["contact_provider", "record_outcome"]
    contact = story.shown(WORKER, "contact_provider")
    assert contact["last_referral_decision"] == "client_no_show"
    assert "last_rejection_reason" not in contact
