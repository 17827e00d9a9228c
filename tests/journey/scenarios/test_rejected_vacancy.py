"""Group A: a vacancy fails the quality check, nothing comes of it, and the case is stable twice."""

from __future__ import annotations

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import Story

WORKER, HEAD, MOL = "case_worker.irbid", "branch_head.irbid", "mol_officer.irbid"
ELSEWHERE = ("case_worker.zarqa", "branch_head.zarqa", "mol_officer.zarqa")


def accepted(story: Story) -> None:
    """Sunday, 4 January: group A, planned, referred to the employment office, accepted."""
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    steps.referred(story, answers.MEDIATION_IRBID)
    story.do(MOL, "mol_accept", referral_decision="accepted")


def test_a_bad_vacancy_goes_back_to_mediation(story: Story) -> None:
    accepted(story)
    story.do(MOL, "mol_mediate", **answers.mediated("2026-01-11", wage_level_jod=260))
    assert story.due(MOL, "check_vacancy") == "2026-01-06 00:00", "one working day"

    # The client's answers are not on the form; every criterion must be answered.
    assert {"health_status", "client_group", "accepts_minimum_wage"}.isdisjoint(
        story.shown(MOL, "check_vacancy")
    )
    unanswered = {**answers.CRITERIA, "workplace_not_harmful": None}
    assert story.errors(MOL, "check_vacancy", **unanswered) == ["workplace_not_harmful"]

    # 260 dinars are below the minimum wage in force in 2026 (290): rejected, back to mediation.
    story.do(MOL, "check_vacancy", **{**answers.CRITERIA, "offered_wage_jod": 260})
    assert story.todo(MOL) == ["mol_mediate"]
    assert "record_outcome_reported" not in story.todo(WORKER), "nothing was found yet"
    assert story.cycles(WORKER)[0]["outcome_type"] is None
    checked = {row["id"]: row for row in story.get(MOL, "/vacancies", limit=200)["items"]}
    assert checked["V-2019-0001"]["vacancy_admissible"] == "rejected"
    assert checked["V-2019-0001"]["check_valid_until"] == "2026-04-04"
    assert story.office("irbid")["followup_info"] == 1, "the office did report"
    assert story.rate("employed_gross_per_group_a", "irbid") == (0, 1), "but nobody is employed"

    # The next vacancy is harmful; the third is fine, but brings no plan for getting there.
    for wrong in ("workplace_not_harmful", "employer_no_mistreatment"):
        story.do(MOL, "mol_mediate", **answers.mediated("2026-01-11"))
        story.do(MOL, "check_vacancy", **{**answers.CRITERIA, wrong: False})
        assert story.todo(MOL) == ["mol_mediate"]
    story.do(MOL, "mol_mediate", **answers.mediated("2026-01-11"))
    story.do(MOL, "check_vacancy", **{**answers.CRITERIA, "employer_mobility_plan": False})
    checked = {row["id"]: row for row in story.get(MOL, "/vacancies", limit=200)["items"]}
    assert checked["V-2019-0001"]["vacancy_admissible"] == "admissible_with_warning"
    assert story.todo(MOL) == []
    assert "record_outcome_reported" in story.todo(WORKER)


def test_no_mobility_plan_excludes_who_depends_on_it(story: Story) -> None:
    steps.opened(story)
    steps.contacted(story)
    story.do(
        WORKER,
        "readiness_interview",
        **{
            **answers.READY,
            "can_commute_without_support": False,
            "transport_means": ["employer_transport"],
        },
    )
    assert story.shown(WORKER, "readiness_decision")["readiness_result"] == "ready"
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "grouping_decision")
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    steps.referred(story, answers.MEDIATION_IRBID)
    story.do(MOL, "mol_accept", referral_decision="accepted")
    story.do(MOL, "mol_mediate", **answers.mediated("2026-01-11"))
    story.do(MOL, "check_vacancy", **{**answers.CRITERIA, "employer_mobility_plan": False})
    assert story.todo(MOL) == ["mol_mediate"]


def test_stable_twice_goes_to_the_branch_head(story: Story) -> None:
    accepted(story)
    story.do(MOL, "mol_mediate", **answers.mediated("2026-01-11", wage_level_jod=260))
    story.do(MOL, "check_vacancy", **{**answers.CRITERIA, "offered_wage_jod": 260})

    # The office is silent: its deadline ends with 18 January; the worker is told on the 19th.
    story.until_just_before("2026-01-19")
    assert "overdue_feedback" not in story.todo(WORKER)
    story.until("2026-01-19", "00:00")
    assert story.due(WORKER, "overdue_feedback") == "2026-01-22 00:00"
    story.do(WORKER, "overdue_feedback", overdue_action="contacted", overdue_note="وعد بالرد")
    assert story.todo(MOL) == ["mol_mediate"], "the office may still report"

    # Three weeks after the grouping, at local midnight, the case is stable.
    story.until_just_before("2026-01-25")
    assert story.cycles(WORKER)[0]["stable_count"] == 0
    story.until("2026-01-25", "00:00")
    assert story.todo(WORKER) == ["stable_follow_up"]
    assert story.todo(MOL) == [], "the mediation is over"
    assert story.due(WORKER, "stable_follow_up") == "2026-01-28 00:00"
    shown = story.shown(WORKER, "stable_follow_up")
    assert shown["stable_count"] == 1
    assert shown["stable_tasks"] == ["contact_provider", "contact_client"]
    assert "stable_follow_up" in story.todo(HEAD), "the head sees what the branch's workers see"
    assert story.cycles(WORKER)[0]["stable_count"] == 1
    story.until("2026-01-26")
    story.do(
        WORKER,
        "stable_follow_up",
        stable_follow_up_task="revise_iap",
        non_success_reason="provider_silent",
    )
    assert story.cycles(WORKER)[0]["stage"] == "stable"

    # The plan is revised and nothing comes of it: three weeks from the return, stable again.
    steps.planned(story, answers.MEDIATION_IRBID, "2026-02-05")
    assert "contact_provider" in story.todo(WORKER)
    story.until_just_before("2026-02-16")
    assert story.todo(HEAD) == [
        "contact_provider",
        "escalate_referral",
        "record_outcome",
        "remind_client",
    ]
    story.until("2026-02-16", "00:00")

    # The second time it is the branch head's, and only the branch head's.
    assert story.todo(WORKER) == []
    assert story.todo(HEAD) == ["stable_review"]
    assert story.due(HEAD, "stable_review") == "2026-02-20 00:00"
    task = story.task(HEAD, "stable_review")["id"]
    story.refused(404, WORKER, "GET", f"/tasks/{task}")
    story.blind(*ELSEWHERE, MOL)
    shown = story.shown(HEAD, "stable_review")
    assert (shown["stable_count"], shown["non_success_reason"]) == (2, "provider_silent")
    assert story.errors(HEAD, "stable_review", stable_review_decision="continue") == [
        "stable_review_reason"
    ]
    story.do(
        HEAD,
        "stable_review",
        stable_review_decision="continue",
        stable_review_reason="فرصة في مصنع جديد",
    )

    # Continued: a plan again, three weeks again; the third time the head closes the case.
    assert story.todo(WORKER) == ["agree_action_plan"]
    story.until("2026-03-09", "00:00")
    assert story.cycles(WORKER)[0]["stable_count"] == 3
    assert story.todo(HEAD) == ["stable_review"]
    story.do(
        HEAD,
        "stable_review",
        stable_review_decision="close",
        stable_review_reason="انتقلت إلى خارج البلاد",
    )
    assert story.instance()["state"] == "completed"
    cycle = story.cycles(WORKER)[0]
    assert (cycle["closure_reason"], cycle["stage"]) == ("branch_head", "closed")
    assert (cycle["client_group"], cycle["grouping_date"]) == ("A", "2026-01-04")
    assert story.instances(process="benefit_watch") == []
    assert story.instances(process="group_c_review") == []


def test_the_head_has_a_stable_case_grouped_again(story: Story) -> None:
    steps.opened(story)
    steps.grouped_a(story)
    story.until("2026-01-25")

    # Group A, the first time: the screening interview comes next (OQ23).
    shown = story.shown(WORKER, "stable_follow_up")
    assert shown["stable_tasks"] == ["contact_client", "run_tool_2", "revise_iap"]
    story.do(WORKER, "stable_follow_up", non_success_reason="no_vacancy")
    assert story.todo(WORKER) == ["screening_interview"]
    story.do(WORKER, "screening_interview", **answers.SCREENED)
    assert story.shown(WORKER, "grouping_decision")["proposed_group"] == "A"
    story.do(WORKER, "grouping_decision")
    cycle = story.cycles(WORKER)[0]
    assert (cycle["grouping_date"], cycle["stable_count"]) == ("2026-01-25", 1)

    # Regrouped on the 25th, so stable again three weeks later; the head wants a new grouping.
    story.until_just_before("2026-02-15")
    assert story.todo(HEAD) != ["stable_review"]
    story.until("2026-02-15")
    assert story.todo(HEAD) == ["stable_review"]
    story.do(
        HEAD, "stable_review", stable_review_decision="regroup", stable_review_reason="تغير وضعها"
    )
    assert story.todo(WORKER) == ["readiness_interview"]
    fresh = story.shown(WORKER, "readiness_interview")
    assert "can_be_away_10h" not in fresh, "tool 1 is asked anew, not copied"
    assert fresh["occupation_description"] == "خياطة منزلية", "what does not change is kept"
    story.do(WORKER, "readiness_interview", **answers.NOT_READY)
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "screening_interview", **answers.SCREENED)
    assert story.shown(WORKER, "grouping_decision")["proposed_group"] == "B"
    story.do(WORKER, "grouping_decision")
    assert story.cycles(WORKER)[0]["client_group"] == "B"
    row = story.office("irbid")
    assert (row["contacted"], row["readiness_interviews"]) == (1, 1), "one person, counted once"
    assert (row["group_a"], row["group_b"]) == (0, 1), "each person in the group decided last"
