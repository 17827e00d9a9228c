"""A finished interview is corrected: a new version with a reason, the rule is asked again, and the
worker decides what follows (journey.md 6, architecture: a correction never overwrites)."""

from __future__ import annotations

from typing import Any

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import AUDITOR, Story
from tests.journey.scenarios.test_postponed import postponed

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"
OFFICER = "mol_officer.irbid"
SICK: dict[str, Any] = {"health_status": "poor_unable_to_work"}


def in_mediation(story: Story) -> None:
    """Group A up to an accepted referral at the employment office, all on the first day."""
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    steps.referred(story, answers.MEDIATION_IRBID)
    story.do(OFFICER, "mol_accept", referral_decision="accepted")


def test_the_rule_is_asked_again_and_the_worker_changes_the_group(story: Story) -> None:
    in_mediation(story)
    story.until("2026-01-11")
    story.correct(WORKER, "readiness_interview", "قدمت تقريراً طبياً", **SICK)
    assert story.todo(WORKER) == ["decide_after_correction", "record_outcome"]
    assert story.todo(OFFICER) == ["mol_mediate"], "nothing is taken away before the decision"
    shown = story.shown(WORKER, "decide_after_correction")
    assert (shown["proposed_group"], shown["group_c_reason"]) == ("C", "health")
    assert story.due(WORKER, "decide_after_correction") == "2026-01-13 00:00"
    assert story.errors(WORKER, "decide_after_correction", client_group="B") == [
        "group_override_reason"
    ]
    story.do(
        WORKER,
        "decide_after_correction",
        client_group="B",
        group_override_reason="يناسبها العمل المحمي",
    )
    assert story.todo(WORKER) == ["agree_action_plan"]
    assert story.todo(OFFICER) == [], "the referral of group A ends with the group"
    [cycle] = story.cycles(WORKER)
    assert (cycle["client_group"], cycle["grouping_date"]) == ("B", "2026-01-11")
    assert story.variable("referral_status") is None
    row = story.office("irbid")
    assert (row["group_a"], row["group_b"], row["readiness_interviews"]) == (0, 1, 1)

    # Regrouping restarts the three weeks: 11 January and 21 days.
    story.until_just_before("2026-02-01")
    assert story.variable("stable_count") == 0
    story.until("2026-02-01", "00:00")
    assert story.todo(WORKER) == ["stable_follow_up"]


def test_every_version_is_kept_with_its_reason(story: Story) -> None:
    in_mediation(story)
    [interview] = story.tasks(WORKER, element="readiness_interview", state="completed")
    path = f"/tasks/{interview['id']}"
    data = story.get(WORKER, f"{path}/form")["data"]
    fixed = {"data": {**data, **SICK}, "reason": "قدمت تقريراً طبياً"}
    story.refused(422, WORKER, "POST", f"{path}/correct", {**fixed, "reason": ""})
    story.refused(422, WORKER, "POST", f"{path}/correct", {**fixed, "data": {"channel": "phone"}})
    for user in (OFFICER, "case_worker.zarqa", "service_provider.vtc_irbid"):
        story.refused(404, user, "POST", f"{path}/correct", fixed)
    [accepted] = story.tasks(OFFICER, element="mol_accept", state="completed")
    again = {"data": {"referral_decision": "rejected"}, "reason": "خطأ"}
    story.refused(403, OFFICER, "POST", f"/tasks/{accepted['id']}/correct", again)

    story.correct(HEAD, "readiness_interview", "قدمت تقريراً طبياً", **SICK)
    assert story.get(WORKER, f"{path}/form")["data"]["health_status"] == "poor_unable_to_work"
    made = [
        entry["data"]["submission"]
        for entry in story.history(AUDITOR)
        if entry["data"].get("submission", {}).get("form") == "job_readiness_interview"
    ]
    assert [one["version"] for one in made] == [1, 2]
    assert [one["data"]["health_status"] for one in made] == [
        "good_able_to_work",
        "poor_unable_to_work",
    ]
    assert [one["reason"] for one in made] == [None, "قدمت تقريراً طبياً"]


def test_keeping_the_group_changes_nothing_else(story: Story) -> None:
    in_mediation(story)
    story.until("2026-01-11")
    story.correct(WORKER, "readiness_interview", "أضيفت سنوات الخبرة", experience_years=4)
    shown = story.shown(WORKER, "decide_after_correction")
    assert (shown["proposed_group"], shown["client_group"]) == ("A", "A")
    story.do(WORKER, "decide_after_correction")
    assert story.todo(WORKER) == ["record_outcome"]
    assert story.todo(OFFICER) == ["mol_mediate"]
    assert story.cycles(WORKER)[0]["grouping_date"] == "2026-01-04"
    assert story.variable("referral_status") == "accepted"


def test_only_the_interviews_ask_the_rules(story: Story) -> None:
    in_mediation(story)
    story.correct(WORKER, "agree_action_plan", "خطأ في النص", client_goals_text="عمل بدوام جزئي")
    assert story.todo(WORKER) == ["record_outcome"]
    assert story.variable("client_goals_text") == "عمل بدوام جزئي"


def test_a_correction_before_the_group_is_known_asks_with_the_new_answers(story: Story) -> None:
    steps.opened(story)
    steps.contacted(story)
    story.do(WORKER, "readiness_interview", **answers.NOT_READY)
    assert story.shown(WORKER, "readiness_decision")["readiness_barriers"] == ["time_away"]
    story.until("2026-01-05")
    story.correct(WORKER, "readiness_interview", "خطأ في الإدخال", can_be_away_10h=True)
    assert story.todo(WORKER) == ["readiness_decision"]
    shown = story.shown(WORKER, "readiness_decision")
    assert shown["readiness_result"] == "ready"
    assert "readiness_barriers" not in shown or shown["readiness_barriers"] == []
    story.do(WORKER, "readiness_decision")
    assert story.shown(WORKER, "grouping_decision")["proposed_group"] == "A"
    story.do(WORKER, "grouping_decision")
    assert story.variable("can_be_away_10h") is True, "what the case goes on with is corrected"
    assert story.variable("client_group") == "A"


def test_a_corrected_second_interview_proposes_anew(story: Story) -> None:
    steps.opened(story)
    steps.contacted(story)
    story.do(WORKER, "readiness_interview", **answers.NOT_READY)
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "screening_interview", **answers.SCREENED)
    assert story.shown(WORKER, "grouping_decision")["proposed_group"] == "B"
    story.correct(WORKER, "screening_interview", "رفضت كل الخدمات", services_accepted_by_client=[])
    assert story.todo(WORKER) == ["readiness_decision"]
    story.do(WORKER, "readiness_decision")
    shown = story.shown(WORKER, "grouping_decision")
    assert (shown["proposed_group"], shown["group_c_reason"]) == ("C", "declined_services")


def test_a_correction_while_postponed_asks_again(story: Story) -> None:
    postponed(story)
    # Three weeks later the date given then is no longer eight days ahead; it stays right.
    story.until("2026-02-05")
    story.correct(WORKER, "readiness_interview", "أصبحت غير قادرة صحياً", **SICK)
    assert story.todo(WORKER) == ["readiness_decision"]
    shown = story.shown(WORKER, "readiness_decision")
    assert shown["readiness_barriers"] == ["availability", "health"]
    story.do(WORKER, "readiness_decision")
    assert story.shown(WORKER, "grouping_decision")["proposed_group"] == "B"
    story.do(WORKER, "grouping_decision")
    assert story.todo(WORKER) == ["agree_action_plan"]
    assert story.variable("grouping_date") == "2026-02-05"
    story.until("2026-02-11")
    assert "readiness_interview" not in story.todo(WORKER), "the date no longer counts"


def test_correcting_an_earlier_round_leaves_the_later_answers(story: Story) -> None:
    postponed(story)
    first = story.tasks(WORKER, element="readiness_interview", state="completed")[0]["id"]
    story.until("2026-02-10")
    story.do(WORKER, "readiness_interview", **answers.READY)
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "grouping_decision")
    data = story.get(WORKER, f"/tasks/{first}/form")["data"]
    body = {"data": {**data, "can_be_away_10h": False}, "reason": "خطأ في الإدخال"}
    story.change(WORKER, "POST", f"/tasks/{first}/correct", body)
    assert story.variable("can_be_away_10h") is True
    assert story.variable("available_from") is None
    assert story.shown(WORKER, "decide_after_correction")["proposed_group"] == "A"


def test_regrouped_as_postponed_waits_for_the_date(story: Story) -> None:
    in_mediation(story)
    story.until("2026-01-11")
    story.correct(
        WORKER,
        "readiness_interview",
        "تبدأ بعد انتهاء الامتحانات",
        can_start_within_week=False,
        answered_without_hesitation=None,
        available_from="2026-02-10",
    )
    assert story.shown(WORKER, "decide_after_correction")["proposed_group"] == "postponed"
    story.do(WORKER, "decide_after_correction")
    assert story.todo(WORKER) == []
    assert story.todo(OFFICER) == [], "the referral is over"
    story.until_just_before("2026-02-10")
    assert story.todo(WORKER) == [], "neither stable nor asked too early"
    story.until("2026-02-10", "00:00")
    assert story.todo(WORKER) == ["readiness_interview"]
    assert "available_from" not in story.shown(WORKER, "readiness_interview")
    story.do(WORKER, "readiness_interview", **answers.READY)
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "grouping_decision")
    assert story.variable("grouping_date") == "2026-02-10"
    assert story.todo(WORKER) == ["agree_action_plan"]


def test_regrouped_into_c_closes_the_cycle(story: Story) -> None:
    in_mediation(story)
    story.until("2026-01-11")
    story.correct(WORKER, "readiness_interview", "قدمت تقريراً طبياً", **SICK)
    story.do(WORKER, "decide_after_correction")
    assert story.instance()["state"] == "completed"
    [cycle] = story.cycles(WORKER)
    assert (cycle["client_group"], cycle["closure_reason"]) == ("C", "group_c")
    assert story.todo(OFFICER) == []
    [review] = story.instances(process="group_c_review")
    watched = story.instance(review["id"])["variables"]
    assert (watched["group_c_reason"], watched["review_date"]) == ("health", "2027-01-11")
