"""A second cycle years later at another branch keeps the first (journey.md S16, L7)."""

from __future__ import annotations

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import AUDITOR, COORDINATOR, Story, local

WORKER, HEAD = "case_worker.irbid", "branch_head.irbid"
NEW_WORKER, NEW_HEAD = "case_worker.zarqa", "branch_head.zarqa"


def first_cycle(story: Story) -> str:
    """2026 at Irbid: found work by herself, left it after a month, closed; the case's id."""
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    story.do(
        WORKER,
        "record_outcome",
        **answers.employed("2026-01-05", "own_search", feedback_source="client"),
    )
    for day in ("2026-01-06", "2026-01-12"):
        story.until(day)
        story.do(WORKER, "retention_check", **answers.STILL_AT_WORK)
    story.until("2026-02-04")
    story.do(
        WORKER,
        "retention_check",
        feedback_source="client",
        still_employed=False,
        leave_date="2026-02-01",
        leave_reason="care",
    )
    assert story.errors(WORKER, "left_job", left_job_decision="close") == ["left_job_reason"]
    story.do(WORKER, "left_job", left_job_decision="close", left_job_reason="إجازة أمومة")
    assert story.instance()["state"] == "completed"
    return story.case


def test_years_later_at_another_branch(story: Story) -> None:
    first = first_cycle(story)
    before = story.history(AUDITOR)
    [cycle] = story.cycles(WORKER)
    assert (cycle["cycle_no"], cycle["closure_reason"]) == (1, "left_job")
    interview = story.task(WORKER, "readiness_interview", state="completed")

    # March 2029: she has moved to Zarqa. The worker there does not see her, and may not register
    # her a second time, but finds her by her national id.
    story.until("2029-03-11")
    person = story.person["id"]
    story.refused(404, NEW_WORKER, "GET", f"/persons/{person}")
    story.refused(409, NEW_WORKER, "POST", "/persons", answers.PERSON)
    found = story.call(
        NEW_WORKER, "POST", "/persons/lookup", {"national_id": answers.PERSON["national_id"]}
    ).json
    assert found == {"id": person, "unit": "naf:irbid", "open_journey": False}

    # She opens the second cycle at her own branch, not at another's, and not twice.
    path = f"/persons/{person}/journeys"
    story.refused(404, NEW_WORKER, "POST", path, {"unit": "naf:irbid"})
    for partner in ("mol_officer.zarqa", "service_provider.nmb_zarqa", COORDINATOR):
        story.refused(404, partner, "POST", path, {"unit": "naf:zarqa"})
    opened = story.open_journey(NEW_WORKER, "naf:zarqa")
    assert opened["business_key"] == "R-2029-000001"
    assert opened["variables"]["cycle_no"] == 2
    assert opened["variables"]["age"] == 34, "as of the day it is opened"
    again = story.refused(409, WORKER, "POST", path, {"unit": "naf:irbid"})
    assert "open journey" in again["reason"]
    story.refused(409, NEW_WORKER, "POST", path, {"unit": "naf:zarqa"})

    # From now on she belongs to Zarqa; both cycles are listed there, newest first.
    assert story.get(NEW_WORKER, f"/persons/{person}")["unit"] == "naf:zarqa"
    newest, oldest = story.cycles(NEW_WORKER)
    assert (newest["cycle_no"], newest["unit"], newest["client_group"]) == (2, "naf:zarqa", None)
    assert (oldest["cycle_no"], oldest["unit"], oldest["client_group"]) == (1, "naf:irbid", "A")
    assert (oldest["outcome_type"], oldest["closure_reason"]) == ("employed", "left_job")
    assert local(oldest["closed_at"]) == "2026-02-04 10:00"

    # Irbid keeps its own case, readable as it was, and sees nothing of the new one.
    assert story.history(WORKER, first) == before
    assert story.get(WORKER, f"/instances/{first}")["variables"]["cycle_no"] == 1
    story.refused(404, WORKER, "GET", f"/instances/{story.case}")
    story.refused(404, NEW_WORKER, "GET", f"/instances/{first}")
    assert story.todo(WORKER) == []

    # The same interviews are asked again, and nothing of the first is overwritten.
    story.do(NEW_WORKER, "contact_client", channel="phone", attempt_result="interviewed_at_once")
    fresh = story.shown(NEW_WORKER, "readiness_interview")
    assert "health_status" not in fresh
    assert "occupation_description" not in fresh
    story.do(
        NEW_WORKER,
        "readiness_interview",
        **{
            **answers.NOT_READY,
            "has_daily_care_duty": True,
            "care_dependants": [
                {
                    "dependant_kind": "child",
                    "dependant_age": 2,
                    "care_responsibility": "رعاية يومية",
                }
            ],
        },
    )
    story.do(NEW_WORKER, "readiness_decision")
    story.do(NEW_WORKER, "screening_interview", **answers.SCREENED)
    story.do(NEW_WORKER, "grouping_decision")
    newest, oldest = story.cycles(NEW_WORKER)
    assert (newest["client_group"], newest["grouping_date"]) == ("B", "2029-03-11")
    assert (oldest["client_group"], oldest["grouping_date"]) == ("A", "2026-01-04")
    kept = story.get(WORKER, f"/tasks/{interview['id']}/form")["data"]
    assert kept["can_be_away_10h"] is True
    assert kept["has_daily_care_duty"] is False
    assert story.history(WORKER, first) == before

    # Each cycle counts for the branch where it happened.
    irbid, zarqa, total = (story.office(place) for place in ("irbid", "zarqa", "total"))
    assert (irbid["group_a"], irbid["group_b"]) == (1, 0)
    assert (zarqa["group_a"], zarqa["group_b"]) == (0, 1)
    assert total["contacted"] == 1, "one person"
    row = story.get(COORDINATOR, "/reports/offices", from_="2029-01-01")["items"][-1]
    assert (row["office"], row["group_a"], row["group_b"]) == ("total", 0, 1)


def test_a_correction_in_the_second_cycle_is_a_version_of_that_cycle(story: Story) -> None:
    first = first_cycle(story)
    old = story.task(WORKER, "readiness_interview", state="completed")
    story.until("2028-05-07")
    story.open_journey(WORKER, "naf:irbid")
    steps.grouped_a(story)
    new = story.task(WORKER, "readiness_interview", state="completed")
    assert new["instance_id"] != first

    # A slip is corrected with a reason: a new version; the first cycle's answers stay.
    story.correct(WORKER, "readiness_interview", "خطأ في سنوات الخبرة", experience_years=8)
    assert story.get(WORKER, f"/tasks/{new['id']}/form")["data"]["experience_years"] == 8
    assert story.get(WORKER, f"/tasks/{old['id']}/form")["data"]["experience_years"] == 3
    corrected = [each for each in story.history(WORKER) if each["kind"] == "correct"]
    assert len(corrected) == 1
    assert corrected[0]["data"]["submission"]["version"] == 2
    assert story.instance(first)["variables"]["experience_years"] == 3
    assert story.instance()["variables"]["experience_years"] == 8

    # A finished cycle may still be corrected, and stays closed.
    path = f"/tasks/{old['id']}"
    data = {**story.get(WORKER, f"{path}/form")["data"], "experience_years": 2}
    story.change(WORKER, "POST", f"{path}/correct", {"data": data, "reason": "تصحيح متأخر"})
    assert story.get(WORKER, f"{path}/form")["data"]["experience_years"] == 2
    assert story.instance(first)["state"] == "completed"
    assert story.get(WORKER, f"/tasks/{new['id']}/form")["data"]["experience_years"] == 8
