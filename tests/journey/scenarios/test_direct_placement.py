"""Placed by the Fund itself, left after a day, back to the plan: X14, X15, L6 of journey.md."""

from __future__ import annotations

from typing import Any

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import Story

WORKER, HEAD, MOL = "case_worker.irbid", "branch_head.irbid", "mol_officer.irbid"
PLACED = answers.employed(
    "2026-01-11",
    "naf_direct_to_employer",
    feedback_source="visit",
    employer_name="مصنع ألبسة - جرش",
    wage_level_jod=290,
)


def placed(story: Story) -> None:
    """Group A, planned; before any referral the worker finds a job at the factory in Jerash."""
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    story.until("2026-01-06")
    story.do(WORKER, "record_outcome", **PLACED)


def test_a_direct_placement_is_checked_told_and_visited(story: Story) -> None:
    placed(story)

    # Placed, not referred: the partner is no longer to be called, the vacancy is still checked.
    assert story.todo(WORKER) == ["check_placement_vacancy"]
    assert story.todo(MOL) == []
    assert story.due(WORKER, "check_placement_vacancy") == "2026-01-09 00:00"
    assert story.variable("referral_status") is None
    row = story.office("irbid")
    assert (row["group_a_referred"], row["group_a_direct_placement"]) == (0, 1)
    assert row["followup_info"] == 1
    table = story.get("auditor.hq", "/reports/offices")
    assert [each["mark"] for each in table["footnotes"]] == ["*"]
    assert table["printed"]["irbid"] == "1*/0"

    # The factory is not in social security: rejected. The Ministry is told, the visit is urgent.
    check = {**answers.CRITERIA, "checked_by_institution": "naf", "employer_registered_ssc": False}
    story.do(WORKER, "check_placement_vacancy", **check)
    told = [
        fact
        for entry in story.history("auditor.hq")
        for fact in entry["data"].get("facts", [])
        if fact["kind"] == "MessageSent"
    ]
    assert [fact["message"] for fact in told] == ["mol_informed_of_placement"]
    assert sorted(told[0]["payload"]) == [
        "employment_start_date",
        "journey_number",
        "vacancy_admissible",
    ]
    assert story.todo(WORKER) == ["visit_workplace"]
    assert story.due(WORKER, "visit_workplace") == "2026-01-09 00:00"
    story.do(
        WORKER,
        "visit_workplace",
        visit_place="employer",
        visit_result="سجل صاحب العمل العاملين في الضمان",
    )
    assert story.todo(WORKER) == []

    # The checks run beside it; day 1 is the day after the first day of work.
    story.until_just_before("2026-01-12")
    assert story.todo(WORKER) == []
    story.until("2026-01-12", "00:00")
    assert story.todo(WORKER) == ["retention_check"]


def test_an_admissible_placement_is_visited_within_ten_working_days(story: Story) -> None:
    placed(story)
    story.do(
        WORKER,
        "check_placement_vacancy",
        **{**answers.CRITERIA, "checked_by_institution": "naf"},
    )
    assert story.due(WORKER, "visit_workplace") == "2026-01-21 00:00"


def test_left_after_a_day_and_back_to_the_plan(story: Story) -> None:
    placed(story)
    story.do(
        WORKER, "check_placement_vacancy", **{**answers.CRITERIA, "checked_by_institution": "naf"}
    )

    # Day 1: she has left because of the wage. The worker decides what follows.
    story.until("2026-01-12", "09:00")
    gone: dict[str, Any] = {"feedback_source": "visit", "still_employed": False}
    assert story.errors(WORKER, "retention_check", **gone) == ["leave_date", "leave_reason"]
    too_early = {**gone, "leave_date": "2026-01-10", "leave_reason": "wage"}
    assert story.errors(WORKER, "retention_check", **too_early) == ["leave_date"]
    story.do(WORKER, "retention_check", **gone, leave_date="2026-01-11", leave_reason="wage")
    assert story.cycles(WORKER)[0]["stage"] == "left_job"
    assert story.shown(WORKER, "left_job")["leave_reason"] == "wage"
    assert "visit_workplace" in story.todo(WORKER)
    story.do(WORKER, "left_job", left_job_decision="replan")

    # Same cycle, a plan again; nothing of the lost job decides any more.
    assert story.todo(WORKER) == ["agree_action_plan"], "nobody visits a job that was left"
    [cycle] = story.cycles(WORKER)
    assert (cycle["cycle_no"], cycle["closed_at"], cycle["client_group"]) == (1, None, "A")
    variables = story.instance()["variables"]
    assert variables["outcome_type"] is None
    assert variables["stable_clock_from"] == "2026-01-12"
    assert story.rate("employed_gross_per_group_a", "irbid") == (1, 1)
    assert story.rate("employed_net_per_group_a", "irbid") == (0, 1)

    # The next day: a new plan and this time a referral.
    story.until("2026-01-13")
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-22")
    steps.referred(story, answers.MEDIATION_IRBID)
    row = story.office("irbid")
    assert (row["group_a_referred"], row["group_a_direct_placement"]) == (1, 1)
    story.do(MOL, "mol_accept", referral_decision="accepted")
    assert story.variable("referral_id") == "R-2026-000001/2.1"
    story.do(MOL, "mol_mediate", **answers.mediated("2026-01-18"))
    story.do(MOL, "check_vacancy", **answers.CRITERIA)
    story.do(WORKER, "record_outcome_reported", **answers.employed("2026-01-18"))
    story.until_just_before("2026-01-19")
    assert story.todo(WORKER) == [], "no check of the first job is left over"
    story.until("2026-01-19")
    assert story.todo(WORKER) == ["retention_check"]
    story.do(WORKER, "retention_check", **answers.STILL_AT_WORK)
    assert story.rate("employed_net_per_group_a", "irbid") == (1, 1)
    assert story.variable("stable_count") == 0


def test_a_left_job_may_also_close_the_cycle(story: Story) -> None:
    placed(story)
    story.until("2026-01-12")
    story.do(
        WORKER,
        "retention_check",
        feedback_source="client",
        still_employed=False,
        leave_date="2026-01-12",
        leave_reason="transport",
    )
    story.do(WORKER, "left_job", left_job_decision="close", left_job_reason="لا تريد المتابعة")
    assert story.instance()["state"] == "completed"
    [cycle] = story.cycles(WORKER)
    assert (cycle["closure_reason"], cycle["stage"]) == ("left_job", "closed")
    assert story.todo(WORKER) == []
    assert story.instances(process="benefit_watch") == []
