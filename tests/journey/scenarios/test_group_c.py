"""Group C by each of its reasons, its review after twelve months, and the cycle that may follow
(journey.md S5, X3, L10, OQ4, OQ22)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import ADMIN, AUDITOR, COORDINATOR, Story

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"
NEEDS_NOTHING: dict[str, Any] = {
    **answers.SCREENED,
    "has_occupation_screening": True,
    "services_accepted_by_client": [],
}
"""Tool 2 of somebody whom no service fits."""
DECLINES: dict[str, Any] = {**answers.SCREENED, "services_accepted_by_client": []}
REFUSES: dict[str, Any] = {"channel": "in_person", "cooperation_refused": True}
CANNOT_WORK: dict[str, Any] = {**answers.READY, "health_status": "poor_unable_to_work"}


def screened(story: Story, first: dict[str, Any], second: dict[str, Any]) -> None:
    """Up to the grouping decision."""
    steps.opened(story)
    steps.contacted(story)
    story.do(WORKER, "readiness_interview", **first)
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "screening_interview", **second)


def closed_in_c(story: Story, reason: str, review_date: str = "2027-01-04") -> str:
    """The cycle is over without a plan; the id of the review that lives on."""
    assert story.instance()["state"] == "completed"
    assert story.todo(WORKER) == []
    [cycle] = story.cycles(WORKER)
    assert (cycle["client_group"], cycle["closure_reason"], cycle["stage"]) == (
        "C",
        "group_c",
        "closed",
    )
    assert story.variable("group_c_reason") == reason
    row = story.office("irbid")
    assert (row["group_a"], row["group_b"], row["group_c"]) == (0, 0, 1)
    assert story.tasks(WORKER, element="agree_action_plan", state="completed") == []
    [review] = story.instances(process="group_c_review")
    assert (review["state"], review["unit"]) == ("active", "naf:irbid")
    assert review["business_key"] == cycle["journey_number"]
    watched = story.instance(review["id"])["variables"]
    assert (watched["group_c_reason"], watched["review_date"]) == (reason, review_date)
    assert story.todo(WORKER, review["id"]) == []
    return str(review["id"])


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (answers.NOT_READY, DECLINES, "declined_services"),
        (CANNOT_WORK, NEEDS_NOTHING, "health"),
        (answers.NOT_READY, NEEDS_NOTHING, "remaining"),
    ],
    ids=["declined_services", "health", "remaining"],
)
def test_the_rule_proposes_c_with_its_reason(
    story: Story, first: dict[str, Any], second: dict[str, Any], reason: str
) -> None:
    screened(story, first, second)
    shown = story.shown(WORKER, "grouping_decision")
    assert (shown["proposed_group"], shown["client_group"]) == ("C", "C")
    assert (shown["group_c_reason"], shown["review_date"]) == (reason, "2027-01-04")
    # Another group than the proposed one needs a reason.
    assert story.errors(WORKER, "grouping_decision", client_group="B") == ["group_override_reason"]
    story.do(WORKER, "grouping_decision")
    closed_in_c(story, reason)


def test_the_worker_may_set_an_earlier_review(story: Story) -> None:
    screened(story, answers.NOT_READY, DECLINES)
    story.do(WORKER, "grouping_decision", review_date="2026-04-01")
    review = closed_in_c(story, "declined_services", "2026-04-01")
    story.until_just_before("2026-04-01")
    assert story.todo(WORKER, review) == []
    story.until("2026-04-01", "00:00")
    assert story.todo(WORKER, review) == ["review_group_c"]


def test_non_cooperation_is_confirmed_by_the_branch_head(story: Story) -> None:
    screened(story, answers.NOT_READY, REFUSES)
    assert story.shown(WORKER, "grouping_decision")["group_c_reason"] == "non_cooperation"
    story.do(WORKER, "grouping_decision")
    assert story.instance()["state"] == "active", "nothing is recorded before the confirmation"
    assert story.office("irbid")["group_c"] == 0
    assert story.todo(WORKER) == []
    assert story.todo(HEAD) == ["confirm_group_c"]
    assert story.due(HEAD, "confirm_group_c") == "2026-01-07 00:00"
    waiting = story.task(HEAD, "confirm_group_c")
    body = {"revision": waiting["revision"], "data": {"branch_head_confirmed": True}}
    story.refused(404, WORKER, "POST", f"/tasks/{waiting['id']}/complete", body)
    story.blind("branch_head.zarqa", "case_worker.zarqa")
    shown = story.shown(HEAD, "confirm_group_c")
    assert shown == {"client_group": "C", "group_c_reason": "non_cooperation"}
    story.until("2026-01-06")
    story.do(HEAD, "confirm_group_c", branch_head_confirmed=True)
    assert story.cycles(WORKER)[0]["grouping_date"] == "2026-01-06"
    closed_in_c(story, "non_cooperation")


def test_without_the_confirmation_the_worker_decides_again(story: Story) -> None:
    screened(story, answers.NOT_READY, REFUSES)
    story.do(WORKER, "grouping_decision")
    assert story.errors(HEAD, "confirm_group_c", branch_head_confirmed=False) == [
        "confirmation_note"
    ]
    story.do(
        HEAD,
        "confirm_group_c",
        branch_head_confirmed=False,
        confirmation_note="تحدثوا معها مرة أخرى في زيارة منزلية",
    )
    assert story.todo(HEAD) == ["grouping_decision"], "the head may do the workers' tasks"
    shown = story.shown(WORKER, "grouping_decision")
    assert shown.get("group_c_reason") != "non_cooperation"
    story.do(
        WORKER,
        "grouping_decision",
        client_group="B",
        group_override_reason="قبلت دورة تدريبية بعد الزيارة",
    )
    assert story.todo(WORKER) == ["agree_action_plan"]
    row = story.office("irbid")
    assert (row["group_b"], row["group_c"]) == (1, 0)
    assert story.instances(process="group_c_review") == []


def test_insisting_on_non_cooperation_asks_the_head_again(story: Story) -> None:
    screened(story, answers.NOT_READY, REFUSES)
    story.do(WORKER, "grouping_decision")
    story.do(
        HEAD, "confirm_group_c", branch_head_confirmed=False, confirmation_note="اتصلوا مرة أخرى"
    )
    story.do(
        WORKER,
        "grouping_decision",
        client_group="C",
        group_c_reason="non_cooperation",
    )
    assert story.todo(HEAD) == ["confirm_group_c"]
    story.do(HEAD, "confirm_group_c", branch_head_confirmed=True)
    closed_in_c(story, "non_cooperation")


def test_the_review_after_a_year_may_keep_c_and_then_open_a_new_cycle(story: Story) -> None:
    screened(story, answers.NOT_READY, DECLINES)
    story.do(WORKER, "grouping_decision")
    review = closed_in_c(story, "declined_services")
    first = story.case

    story.until_just_before("2027-01-04")
    assert story.todo(WORKER, review) == []
    story.until("2027-01-04", "00:00")
    assert story.todo(WORKER, review) == ["review_group_c"]
    [note] = story.reminders(WORKER, "deadline")
    assert note["text_en"].startswith("Review of group C · R-2026-")
    story.blind("case_worker.zarqa", "service_provider.vtc_irbid", instance=review)
    story.do(
        WORKER,
        "review_group_c",
        instance=review,
        review_result="keep_c",
        review_reason="ما زالت ترعى والدتها",
        next_review_date="2027-07-04",
    )
    assert story.todo(WORKER, review) == []

    # She asks for work herself, before the date.
    story.until("2027-03-01")
    request = {
        "name": "group_c_review_requested",
        "correlation_key": story.person["id"],
        "payload": {},
    }
    story.refused(403, WORKER, "POST", "/messages", request)
    delivered = story.change(ADMIN, "POST", "/messages", request)["delivered_to"]
    assert delivered == [review]
    assert story.todo(WORKER, review) == ["review_group_c"]
    story.do(
        WORKER,
        "review_group_c",
        instance=review,
        review_result="new_cycle",
        review_reason="تريد العمل الآن",
    )
    assert story.instance(review)["state"] == "completed"
    story.until("2027-07-05")
    assert story.todo(WORKER, review) == []

    story.open_journey(WORKER, "naf:irbid")
    assert story.case != first
    assert [cycle["cycle_no"] for cycle in story.cycles(WORKER)] == [2, 1]
    newest, oldest = story.cycles(WORKER)
    assert (newest["client_group"], oldest["client_group"]) == (None, "C")
    assert newest["journey_number"].startswith("R-2027-")
    steps.grouped_a(story)
    assert story.variable("grouping_date") == "2027-07-05"
    assert story.instance(first)["variables"]["client_group"] == "C"
    row = story.office("irbid")
    assert (row["contacted"], row["group_a"], row["group_c"]) == (1, 1, 0)
    read = [entry["element_id"] for entry in story.history(AUDITOR, first)]
    assert "grouping_decision" in read
    story.refused(403, COORDINATOR, "GET", f"/instances/{first}/history")
