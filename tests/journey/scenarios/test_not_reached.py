"""Nobody comes: attempts, no-shows, refusals, and the branch head's four choices
(journey.md S1, T15, L1, X1, X2, X3, OQ5, OQ9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import Story

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"
OTHERS = ("case_worker.zarqa", "mol_officer.irbid", "service_provider.vtc_irbid")


def three_attempts(story: Story) -> None:
    """Called, called again, visited at home and refused: the branch head's case on 7 January."""
    steps.opened(story)
    story.do(WORKER, "contact_client", channel="phone", attempt_result="no_answer")
    story.until("2026-01-05")
    story.do(WORKER, "contact_client", channel="phone", attempt_result="wrong_contact")
    story.until("2026-01-07")
    story.do(
        WORKER,
        "contact_client",
        channel="home_visit",
        attempt_result="refused",
        refusal_reason="لا ترغب في الحضور",
    )


def closed_unseen(story: Story, reason: str) -> None:
    """The cycle is over without an interview and counts in no group."""
    assert story.instance()["state"] == "completed"
    [cycle] = story.cycles(WORKER)
    assert (cycle["client_group"], cycle["closure_reason"]) == (None, reason)
    row = story.office("irbid")
    assert (row["contacted"], row["readiness_interviews"]) == (1, 0)
    assert (row["group_a"], row["group_b"], row["group_c"]) == (0, 0, 0)
    assert story.instances(process="group_c_review") == []


def test_attempts_are_counted_and_one_channel_is_not_enough(story: Story) -> None:
    steps.opened(story)
    assert story.cycles(WORKER)[0]["stage"] == "listed"
    for attempt in (1, 2, 3):
        assert story.shown(WORKER, "contact_client")["attempt_no"] == attempt
        story.do(WORKER, "contact_client", channel="phone", attempt_result="no_answer")
    assert story.todo(HEAD) == ["contact_client"], "three calls are one channel"
    assert story.cycles(WORKER)[0]["stage"] == "invited"
    story.do(WORKER, "contact_client", channel="home_visit", attempt_result="no_answer")
    assert story.todo(WORKER) == []
    assert story.todo(HEAD) == ["contact_review"]


def test_who_decides_sees_what_happened(story: Story) -> None:
    three_attempts(story)
    assert story.todo(WORKER) == []
    assert story.todo(HEAD) == ["contact_review"]
    assert story.due(HEAD, "contact_review") == "2026-01-12 00:00", "two working days"
    assert story.shown(HEAD, "contact_review") == {
        "attempt_no": 3,
        "attempt_result": "refused",
        "refusal_reason": "لا ترغب في الحضور",
    }
    story.blind(*OTHERS)
    waiting = story.task(HEAD, "contact_review")["id"]
    story.refused(404, WORKER, "GET", f"/tasks/{waiting}/form")
    assert story.cycles(WORKER)[0]["stage"] == "refused"
    assert story.errors(HEAD, "contact_review") == ["contact_decision"]


@pytest.mark.parametrize(
    ("decision", "reason"),
    [("close_not_reached", "not_reached"), ("close_refused", "refused")],
    ids=["not_reached", "refused"],
)
def test_the_head_closes(story: Story, decision: str, reason: str) -> None:
    three_attempts(story)
    story.do(HEAD, "contact_review", contact_decision=decision)
    closed_unseen(story, reason)
    story.open_journey(WORKER, "naf:irbid")
    assert story.shown(WORKER, "contact_client")["attempt_no"] == 1


def test_the_head_finds_non_cooperation(story: Story) -> None:
    three_attempts(story)
    assert story.errors(HEAD, "contact_review", contact_decision="non_cooperation") == [
        "contact_decision_reason"
    ]
    story.do(
        HEAD,
        "contact_review",
        contact_decision="non_cooperation",
        contact_decision_reason="رفضت ثلاث مرات دون سبب",
    )
    assert story.instance()["state"] == "completed"
    [cycle] = story.cycles(WORKER)
    assert (cycle["client_group"], cycle["closure_reason"]) == ("C", "group_c")
    row = story.office("irbid")
    assert (row["contacted"], row["readiness_interviews"], row["group_c"]) == (1, 0, 1)
    [review] = story.instances(process="group_c_review")
    watched = story.instance(review["id"])["variables"]
    assert (watched["group_c_reason"], watched["review_date"]) == ("non_cooperation", "2027-01-07")


def test_the_head_lets_it_be_tried_again(story: Story) -> None:
    three_attempts(story)
    story.do(HEAD, "contact_review", contact_decision="try_again")
    assert story.todo(WORKER) == ["contact_client"]
    assert story.shown(WORKER, "contact_client")["attempt_no"] == 1
    # Ten working days from 7 January: the last one is the 21st.
    story.until_just_before("2026-01-22")
    assert story.todo(HEAD) == ["contact_client"]
    story.until("2026-01-22", "00:00")
    assert story.todo(HEAD) == ["contact_review"]
    story.do(HEAD, "contact_review", contact_decision="try_again")
    story.do(WORKER, "contact_client", channel="phone", attempt_result="interviewed_at_once")
    story.do(WORKER, "readiness_interview", **answers.READY)
    assert story.todo(WORKER) == ["readiness_decision"]
    row = story.office("irbid")
    assert (row["contacted"], row["readiness_interviews"]) == (1, 1)


def test_the_window_closes_after_ten_working_days(story: Story) -> None:
    steps.opened(story)
    story.do(WORKER, "contact_client", channel="phone", attempt_result="no_answer")
    story.until_just_before("2026-01-19")
    assert story.todo(WORKER) == ["contact_client"]
    assert story.reminders(HEAD, "deadline") == []
    story.until("2026-01-19", "00:00")
    assert story.todo(WORKER) == []
    assert story.todo(HEAD) == ["contact_review"]
    [note] = story.reminders(HEAD, "deadline")
    assert note["text_en"].startswith("Decide about a client who was not reached or refused · R-")
    assert "سلمى" not in note["text_ar"] + note["text_en"], "a reminder names nobody"
    assert story.reminders("branch_head.zarqa") == []
    # The number of attempts really made: one; the second was only due.
    story.do(HEAD, "contact_review", contact_decision="close_not_reached")
    closed_unseen(story, "not_reached")


def agreed(story: Story, at: str) -> None:
    """An appointment on the phone."""
    story.do(
        WORKER,
        "contact_client",
        channel="phone",
        attempt_result="appointment_agreed",
        appointment_at=at,
    )


def test_a_no_show_is_asked_about_counts_and_is_no_refusal(story: Story) -> None:
    steps.opened(story)
    agreed(story, "2026-01-06T09:00:00+03:00")
    assert story.due(WORKER, "readiness_interview") == "2026-01-06 09:00"
    story.until("2026-01-06", "12:59")
    assert story.todo(WORKER) == ["readiness_interview"]
    story.until("2026-01-06", "13:00")
    assert story.todo(WORKER) == ["readiness_interview", "record_no_show"]
    assert story.reminders(WORKER, "deadline")
    story.do(WORKER, "record_no_show", channel="phone", attempt_result="no_show")
    assert story.cycles(WORKER)[0]["stage"] == "no_show"
    assert story.todo(WORKER) == ["contact_client"]
    assert story.shown(WORKER, "contact_client")["attempt_no"] == 2

    agreed(story, "2026-01-08T09:00:00+03:00")
    assert story.due(WORKER, "readiness_interview") == "2026-01-08 09:00"
    story.until("2026-01-08", "14:00")
    story.do(WORKER, "record_no_show", channel="home_visit", attempt_result="no_show")
    assert story.shown(WORKER, "contact_client")["attempt_no"] == 3
    story.do(WORKER, "contact_client", channel="phone", attempt_result="no_answer")
    assert story.todo(HEAD) == ["contact_review"]
    attempts = [
        story.get(WORKER, f"/tasks/{task['id']}/form")["data"]["attempt_result"]
        for element in ("contact_client", "record_no_show")
        for task in story.tasks(WORKER, element=element, state="completed")
    ]
    assert sorted(attempts) == [
        "appointment_agreed",
        "appointment_agreed",
        "no_answer",
        "no_show",
        "no_show",
    ]


def test_a_new_appointment_instead_of_a_no_show(story: Story) -> None:
    steps.opened(story)
    agreed(story, "2026-01-06T09:00:00+03:00")
    story.until("2026-01-06", "13:30")
    story.do(
        WORKER,
        "record_no_show",
        channel="phone",
        attempt_result="appointment_agreed",
        appointment_at="2026-01-11T09:00:00+03:00",
    )
    assert story.todo(WORKER) == ["readiness_interview"]
    story.until("2026-01-11", "13:00")
    assert story.todo(WORKER) == ["readiness_interview", "record_no_show"]
    # She came after all; it was only entered late.
    story.do(
        WORKER,
        "readiness_interview",
        **{**answers.READY, "conducted_at": "2026-01-11T09:05:00+03:00"},
        capture_mode="paper_then_entered",
    )
    assert story.todo(WORKER) == ["readiness_decision"]


def test_an_attempt_that_makes_no_sense_is_refused(story: Story) -> None:
    steps.opened(story)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"channel": "phone"}, "attempt_result"),
        ({"channel": "phone", "attempt_result": "appointment_agreed"}, "appointment_at"),
        ({"channel": "fax", "attempt_result": "no_answer"}, "channel"),
        (
            {
                "channel": "phone",
                "attempt_result": "no_answer",
                "attempted_at": "2026-01-04T10:01:00+03:00",
            },
            "attempted_at",
        ),
    ]
    for typed, field in wrong:
        assert story.errors(WORKER, "contact_client", **typed) == [field]
    assert story.todo(WORKER) == ["contact_client"]
