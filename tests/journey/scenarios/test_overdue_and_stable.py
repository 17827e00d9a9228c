"""Silence: overdue feedback, extensions and escalation, and the three weeks after which a case is
stable (journey.md T3, T4, T5, T7, L3, L8, OQ7; architecture, Stable)."""

from __future__ import annotations

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import Story, local

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"
OFFICER = "mol_officer.irbid"
INSTITUTE = "service_provider.vtc_irbid"


def planned_a(story: Story) -> None:
    """Group A with a plan, all on Sunday 4 January."""
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")


def in_mediation(story: Story) -> None:
    """Group A up to an accepted referral, feedback due on 18 January."""
    planned_a(story)
    steps.referred(story, answers.MEDIATION_IRBID)
    story.do(OFFICER, "mol_accept", referral_decision="accepted")


def in_service(story: Story) -> None:
    """Group B up to an accepted referral, feedback due on 18 January."""
    steps.opened(story)
    steps.grouped_b(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    story.do(INSTITUTE, "provider_accept", referral_decision="accepted")


def deadlines(story: Story, user: str) -> list[tuple[str, str]]:
    """When `user` was reminded of a deadline, and of what; oldest first."""
    notes = sorted(story.reminders(user, "deadline"), key=lambda note: str(note["at"]))
    return [(local(note["at"]), note["text_en"].split(" · ")[0]) for note in notes]


def test_overdue_feedback_is_asked_for_extended_and_escalated(story: Story) -> None:
    in_service(story)
    assert story.due(INSTITUTE, "provider_feedback") == "2026-01-19 00:00"
    story.until_just_before("2026-01-19")
    assert story.todo(WORKER) == ["record_outcome", "remind_client"]
    story.until("2026-01-19", "00:00")
    assert "overdue_feedback" in story.todo(WORKER)
    assert story.due(WORKER, "overdue_feedback") == "2026-01-22 00:00", "two working days"
    assert ("2026-01-19 00:00", "Feedback is overdue") in deadlines(story, WORKER)
    assert story.todo(INSTITUTE) == ["provider_feedback"], "the answer may still come"

    # Two working days without action, 20 and 21 January: the branch head is told.
    story.until_just_before("2026-01-22")
    assert "escalate_overdue" not in story.todo(HEAD)
    story.until("2026-01-22", "00:00")
    assert "escalate_overdue" in story.todo(HEAD)
    assert "escalate_overdue" not in story.todo(WORKER)
    assert ("2026-01-22 00:00", "Overdue feedback has not been handled") in deadlines(story, HEAD)

    extension = {"overdue_action": "deadline_extended", "extended_deadline": "2026-01-30"}
    assert story.errors(WORKER, "overdue_feedback", **extension) == ["extension_reason"]
    assert story.errors(
        WORKER,
        "overdue_feedback",
        overdue_action="deadline_extended",
        extended_deadline="2026-01-22",
        extension_reason="x",
    ) == ["extended_deadline"]
    half = {"service_result": "completed", "feedback_note": "ما زالت في الدورة"}
    waiting = story.task(INSTITUTE, "provider_feedback")["id"]
    story.change(INSTITUTE, "PUT", f"/tasks/{waiting}/draft", {"data": half})
    story.do(
        WORKER, "overdue_feedback", **extension, extension_reason="تبدأ الدورة في الأسبوع القادم"
    )
    story.do(HEAD, "escalate_overdue")
    assert story.variable("provider_feedback_deadline") == "2026-01-30"
    shown = story.shown(INSTITUTE, "provider_feedback")
    assert shown["provider_feedback_deadline"] == "2026-01-30", "the partner reads the new one"
    assert story.form(INSTITUTE, "provider_feedback")["draft"] == half, "and goes on where it was"
    assert story.due(INSTITUTE, "provider_feedback") == "2026-01-31 00:00"
    told = [note["text_en"].partition(" · ")[0] for note in story.reminders(INSTITUTE)]
    assert told[0] == "A referral has more time: report its result by the new day"
    assert len(told) == 3, "the referral, its report, and the extension"
    assert story.todo(WORKER) == ["record_outcome", "remind_client"]

    # The extension postpones the stable check of 25 January to its own end.
    story.until_just_before("2026-01-31")
    assert story.variable("stable_count") == 0
    assert story.todo(INSTITUTE) == ["provider_feedback"]
    story.until("2026-01-31", "00:00")
    assert story.todo(WORKER) == ["stable_follow_up"]
    assert story.todo(INSTITUTE) == []
    assert story.shown(WORKER, "stable_follow_up")["stable_tasks"] == [
        "contact_provider",
        "contact_client",
    ]


def test_who_was_called_waits_on_without_a_second_reminder(story: Story) -> None:
    in_service(story)
    story.until("2026-01-19")
    story.do(WORKER, "overdue_feedback", overdue_action="contacted", overdue_note="وعدوا بالرد")
    assert "overdue_feedback" not in story.todo(WORKER)
    story.until("2026-01-23")
    assert "escalate_overdue" not in story.todo(HEAD)
    # Late, but welcome: the feedback still counts.
    story.do(
        INSTITUTE,
        "provider_feedback",
        service_result="completed",
        service_end_date="2026-01-22",
        service_duration_weeks=2,
        actual_result="شهادة حضور",
    )
    assert story.todo(WORKER) == ["record_outcome", "record_outcome_reported", "remind_client"]
    story.do(
        WORKER,
        "record_outcome_reported",
        feedback_source="provider",
        outcome_type="referred_to_lms_almp",
        expected_result="شهادة حضور",
    )
    assert story.todo(WORKER) == ["readiness_interview"], "the service is over: screened again"
    story.until("2026-01-26")
    assert story.variable("stable_count") == 0


def test_a_report_recorded_late_is_neither_overdue_nor_lost(story: Story) -> None:
    in_mediation(story)
    story.until("2026-01-13")
    story.do(OFFICER, "mol_mediate", **answers.mediated("2026-01-18"))
    story.do(OFFICER, "check_vacancy", **answers.CRITERIA)
    assert story.variable("feedback_received") is True
    waiting = ["record_outcome", "record_outcome_reported", "remind_client"]

    # The deadline of 18 January and the three weeks pass; the report still waits.
    story.until("2026-01-19", "00:00")
    assert story.todo(WORKER) == waiting
    story.until("2026-01-26")
    assert story.todo(WORKER) == waiting
    assert "escalate_overdue" not in story.todo(HEAD)
    assert story.variable("stable_count") == 0
    assert story.cycles(WORKER)[0]["stable_count"] == 0

    begun = answers.employed("2026-01-18", still_employed=True)
    story.do(WORKER, "record_outcome_reported", **begun)
    cycle = story.cycles(WORKER)[0]
    assert (cycle["outcome_type"], cycle["stage"]) == ("employed", "employed")
    story.until("2026-01-27")
    assert story.todo(WORKER) == ["retention_check"]


def test_a_service_reported_in_time_is_recorded_late(story: Story) -> None:
    in_service(story)
    story.until("2026-01-15")
    story.do(
        INSTITUTE,
        "provider_feedback",
        service_result="ongoing_until",
        service_end_date="2026-03-01",
        service_duration_weeks=6,
        expected_result="شهادة لحام",
    )
    story.until("2026-01-27")
    assert story.todo(WORKER) == ["record_outcome", "record_outcome_reported", "remind_client"]
    story.do(
        WORKER,
        "record_outcome_reported",
        feedback_source="provider",
        outcome_type="referred_to_lms_almp",
        service_duration_weeks=6,
        expected_result="شهادة لحام",
    )
    assert story.variable("stage") == "service"


def test_reported_not_placed_the_weeks_go_on(story: Story) -> None:
    in_mediation(story)
    story.until("2026-01-13")
    story.do(OFFICER, "mol_mediate", mediation_result="not_placed", not_placed_reason="no_vacancy")
    assert story.todo(WORKER) == ["agree_action_plan"]
    assert story.variable("feedback_received") is False
    story.until_just_before("2026-01-25")
    assert story.variable("stable_count") == 0
    story.until("2026-01-25", "00:00")
    assert story.todo(WORKER) == ["stable_follow_up"]
    assert story.cycles(WORKER)[0]["stage"] == "stable"


def test_giving_up_leads_to_a_new_plan_while_the_weeks_go_on(story: Story) -> None:
    in_mediation(story)
    story.until("2026-01-19")
    assert story.errors(WORKER, "overdue_feedback", overdue_action="give_up") == ["overdue_note"]
    story.do(WORKER, "overdue_feedback", overdue_action="give_up", overdue_note="لا يرد أحد")
    assert story.todo(WORKER) == ["agree_action_plan"]
    assert story.todo(OFFICER) == []
    story.until_just_before("2026-01-25")
    assert story.variable("stable_count") == 0
    story.until("2026-01-25", "00:00")
    assert story.todo(WORKER) == ["stable_follow_up"], "nothing is accepted and pending any more"


def test_an_accepted_referral_postpones_stable_to_its_deadline(story: Story) -> None:
    planned_a(story)
    late = {"provider_feedback_deadline": "2026-02-05"}
    story.do(
        WORKER, "contact_provider", destination=answers.MEDIATION_IRBID, contact_person="المدير"
    )
    issue = {
        "destination_name": answers.MEDIATION_IRBID,
        "destination_address": "إربد",
        "intervention_type": "lm_mediation",
        **late,
    }
    assert story.errors(WORKER, "issue_referral", **issue) == ["deadline_reason"], "after day 20"
    story.do(WORKER, "issue_referral", **issue, deadline_reason="معرض توظيف في شباط")
    story.do(OFFICER, "mol_accept", referral_decision="accepted")
    story.until("2026-01-26")
    assert story.variable("stable_count") == 0
    story.until_just_before("2026-02-06")
    assert story.todo(OFFICER) == ["mol_mediate"]
    story.until("2026-02-06", "00:00")
    assert story.todo(WORKER) == ["stable_follow_up"]
    assert story.todo(OFFICER) == []
    assert story.cycles(WORKER)[0]["stable_count"] == 1


def test_a_referral_that_nobody_accepted_postpones_nothing(story: Story) -> None:
    planned_a(story)
    steps.referred(
        story,
        answers.MEDIATION_IRBID,
        provider_feedback_deadline="2026-02-05",
        deadline_reason="معرض توظيف في شباط",
    )
    story.until("2026-01-25", "00:00")
    assert story.todo(WORKER) == ["stable_follow_up"]
    assert story.todo(OFFICER) == []


def test_a_silent_case_becomes_stable_at_local_midnight(story: Story) -> None:
    planned_a(story)
    story.until_just_before("2026-01-25")
    assert "stable_follow_up" not in story.todo(WORKER)
    assert story.cycles(WORKER)[0]["stable_count"] == 0
    story.until("2026-01-25", "00:00")
    assert story.todo(WORKER) == ["stable_follow_up"]
    assert ("2026-01-25 00:00", "Nothing happened for three weeks") in deadlines(story, WORKER)
    assert story.due(WORKER, "stable_follow_up") == "2026-01-28 00:00", "two working days"
    assert story.cycles(WORKER)[0]["stage"] == story.variable("stage") == "stable"
    shown = story.shown(WORKER, "stable_follow_up")
    assert (shown["client_group"], shown["stable_count"]) == ("A", 1)
    assert shown["stable_tasks"] == ["contact_client", "run_tool_2", "revise_iap"]
    assert story.errors(WORKER, "stable_follow_up") == ["non_success_reason"]
    story.blind("case_worker.zarqa", "branch_head.zarqa", OFFICER, INSTITUTE)

    # Group A, first time: tool 2, and regrouping restarts the three weeks.
    story.until("2026-01-26")
    story.do(WORKER, "stable_follow_up", non_success_reason="no_vacancy")
    assert story.todo(WORKER) == ["screening_interview"]
    story.do(WORKER, "screening_interview", **answers.SCREENED)
    story.do(WORKER, "grouping_decision", client_group="B", group_override_reason="تحتاج تدريباً")
    assert story.variable("grouping_date") == "2026-01-26"
    steps.planned(story, answers.TRAINING_IRBID, "2026-02-05")
    story.until_just_before("2026-02-16")
    assert story.variable("stable_count") == 1
    story.until("2026-02-16", "00:00")
    assert story.todo(WORKER) == []
    assert story.todo(HEAD) == ["stable_review"], "the second time it is the branch head"
    assert ("2026-02-16 00:00", "Review a case found stable again") in deadlines(story, HEAD)


def test_the_default_deadline_after_a_stable_needs_no_reason(story: Story) -> None:
    in_service(story)
    story.until("2026-01-25")
    story.do(WORKER, "stable_follow_up", non_success_reason="provider_silent")
    assert story.todo(WORKER) == ["agree_action_plan"]
    assert story.variable("stable_clock_from") == "2026-01-25"
    steps.planned(story, answers.TRAINING_IRBID, "2026-02-04")
    assert story.due(WORKER, "record_outcome") == "2026-02-05 00:00", "ten days"
    story.do(
        WORKER, "contact_provider", destination=answers.TRAINING_IRBID, contact_person="القبول"
    )
    assert story.shown(WORKER, "issue_referral")["provider_feedback_deadline"] == "2026-02-08"
    issue = {"destination_address": "إربد", "intervention_type": "training"}
    # Day 20 counts from the restart of the three weeks.
    assert story.errors(
        WORKER, "issue_referral", **issue, provider_feedback_deadline="2026-02-15"
    ) == ["deadline_reason"]
    story.do(WORKER, "issue_referral", **issue)
    story.do(INSTITUTE, "provider_accept", referral_decision="accepted")
    assert story.due(INSTITUTE, "provider_feedback") == "2026-02-09 00:00"
    story.until_just_before("2026-02-15")
    assert story.todo(INSTITUTE) == ["provider_feedback"]
    story.until("2026-02-15", "00:00")
    assert story.todo(HEAD) == ["stable_review"]


def test_a_late_referral_is_the_branch_heads_matter_on_day_three(story: Story) -> None:
    planned_a(story)
    assert story.due(WORKER, "contact_provider") == "2026-01-06 00:00", "one working day"
    story.until_just_before("2026-01-07")
    assert "escalate_referral" not in story.todo(HEAD)
    story.until("2026-01-07", "00:00")
    assert "escalate_referral" in story.todo(HEAD)
    assert ("2026-01-07 00:00", "The referral has not been issued in time") in deadlines(
        story, HEAD
    )
    steps.referred(story, answers.MEDIATION_IRBID)
    story.do(HEAD, "escalate_referral")
    assert story.todo(OFFICER) == ["mol_accept"]


def test_the_client_is_reminded_two_days_before_the_own_deadline(story: Story) -> None:
    planned_a(story)
    assert story.due(WORKER, "record_outcome") == "2026-01-15 00:00", "ten days"
    story.until_just_before("2026-01-12")
    assert "remind_client" not in story.todo(WORKER)
    story.until("2026-01-12", "00:00")
    assert "remind_client" in story.todo(WORKER)
    assert ("2026-01-12 00:00", "Remind the client of the feedback deadline") in deadlines(
        story, WORKER
    )
    story.do(WORKER, "remind_client")
    assert story.todo(WORKER) == ["contact_provider", "record_outcome"]
