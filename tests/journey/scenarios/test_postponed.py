"""Only the date is missing: the interview is held again on it (journey.md OQ4)."""

from __future__ import annotations

from typing import Any

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import Story

WORKER = "case_worker.irbid"
LATER: dict[str, Any] = {
    **answers.READY,
    "can_start_within_week": False,
    "answered_without_hesitation": None,
    "available_from": "2026-02-10",
}
"""Tool 1 of somebody who can start on 10 February."""


def postponed(story: Story) -> None:
    """Both tools, and the decision that the rule proposes."""
    steps.opened(story)
    steps.contacted(story)
    story.do(WORKER, "readiness_interview", **LATER)
    assert story.shown(WORKER, "readiness_decision")["readiness_barriers"] == ["availability"]
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "screening_interview", **answers.SCREENED)
    shown = story.shown(WORKER, "grouping_decision")
    assert shown["proposed_group"] == "postponed"
    assert shown["available_from"] == "2026-02-10"
    story.do(WORKER, "grouping_decision")


def test_the_interview_is_held_again_on_the_day(story: Story) -> None:
    postponed(story)
    assert story.todo(WORKER) == []
    assert story.todo("branch_head.irbid") == []
    [cycle] = story.cycles(WORKER)
    assert (cycle["client_group"], cycle["grouping_date"]) == (None, None)
    row = story.office("irbid")
    assert (row["readiness_interviews"], row["group_a"], row["group_b"], row["group_c"]) == (
        1,
        0,
        0,
        0,
    )

    story.until_just_before("2026-02-10")
    assert story.todo(WORKER) == [], "no group, so nothing is stable after three weeks"
    assert story.reminders(WORKER) == []
    story.until("2026-02-10", "00:00")
    assert story.todo(WORKER) == ["readiness_interview"]
    [note] = story.reminders(WORKER)
    assert (note["kind"], note["text_en"][:23]) == ("deadline", "Job-readiness interview")
    assert story.due(WORKER, "readiness_interview") == "2026-02-13 00:00", "two working days"
    assert "available_from" not in story.shown(WORKER, "readiness_interview")

    story.until("2026-02-10")
    story.do(WORKER, "readiness_interview", **answers.READY)
    story.do(WORKER, "readiness_decision")
    shown = story.shown(WORKER, "grouping_decision")
    assert (shown["proposed_group"], shown["client_group"]) == ("A", "A")
    story.do(WORKER, "grouping_decision")
    [cycle] = story.cycles(WORKER)
    assert (cycle["cycle_no"], cycle["client_group"]) == (1, "A")
    assert cycle["grouping_date"] == "2026-02-10"
    # Both interviews are kept, the first as it was.
    first, second = sorted(
        story.tasks(WORKER, element="readiness_interview", state="completed"),
        key=lambda task: str(task["completed_at"]),
    )
    assert story.get(WORKER, f"/tasks/{first['id']}/form")["data"]["available_from"] == "2026-02-10"
    assert story.get(WORKER, f"/tasks/{second['id']}/form")["data"]["available_from"] is None
    # The three weeks count from the grouping, not from the first interview.
    story.until_just_before("2026-03-03")
    assert story.variable("stable_count") == 0
    story.until("2026-03-03", "00:00")
    assert story.todo(WORKER) == ["stable_follow_up"]
    assert story.variable("client_group") == "A"


def test_still_not_available_is_postponed_once_more(story: Story) -> None:
    postponed(story)
    story.until("2026-02-10")
    story.do(WORKER, "readiness_interview", **{**LATER, "available_from": "2026-03-01"})
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "screening_interview", **answers.SCREENED)
    story.do(WORKER, "grouping_decision")
    story.until_just_before("2026-03-01")
    assert story.todo(WORKER) == []
    story.until("2026-03-01", "00:00")
    assert story.todo(WORKER) == ["readiness_interview"]
    assert len(story.tasks(WORKER, element="readiness_interview", state="completed")) == 2


def test_a_date_beyond_ninety_days_is_no_postponement(story: Story) -> None:
    steps.opened(story)
    steps.contacted(story)
    assert story.errors(
        WORKER, "readiness_interview", **{**LATER, "available_from": "2026-01-11"}
    ) == ["available_from"], "within a week is no later date"
    story.do(WORKER, "readiness_interview", **{**LATER, "available_from": "2026-04-05"})
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "screening_interview", **answers.SCREENED)
    assert story.shown(WORKER, "grouping_decision")["proposed_group"] == "B"
    assert story.errors(
        WORKER,
        "grouping_decision",
        client_group="postponed",
        group_override_reason="تنتظر الولادة",
        available_from="2026-04-05",
    ) == ["available_from"]
    story.do(
        WORKER,
        "grouping_decision",
        client_group="postponed",
        group_override_reason="تنتظر الولادة",
        available_from="2026-04-04",
    )
    story.until_just_before("2026-04-04")
    assert story.todo(WORKER) == []
    story.until("2026-04-04", "00:00")
    assert story.todo(WORKER) == ["readiness_interview"]
