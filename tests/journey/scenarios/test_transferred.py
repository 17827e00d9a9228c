"""Transfer to another branch in mid-journey: the old branch loses sight, the new one goes on."""

from __future__ import annotations

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import COORDINATOR, Story

WORKER, HEAD, MOL = "case_worker.irbid", "branch_head.irbid", "mol_officer.irbid"
NEW_WORKER, NEW_HEAD = "case_worker.zarqa", "branch_head.zarqa"
TRANSFER = {"unit": "naf:zarqa", "reason": "انتقلت العائلة إلى الزرقاء"}


def test_a_case_moves_with_its_open_tasks(story: Story) -> None:
    # Group A, referred to Irbid's employment office, which works on it; the worker of Irbid holds
    # the task for what the client reports.
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    steps.referred(story, answers.MEDIATION_IRBID)
    story.do(MOL, "mol_accept", referral_decision="accepted")
    story.until("2026-01-08")
    held = story.task(WORKER, "record_outcome")
    story.change(WORKER, "POST", f"/tasks/{held['id']}/claim")
    story.change(WORKER, "PUT", f"/tasks/{held['id']}/draft", {"data": {"job_title": "خياطة"}})

    # Only the branch's head (or headquarters) hands a case over, with a reason, to a branch.
    path = f"/instances/{story.case}/transfer"
    story.refused(403, WORKER, "POST", path, TRANSFER)
    story.refused(404, NEW_HEAD, "POST", path, TRANSFER)
    story.refused(404, MOL, "POST", path, TRANSFER)
    story.refused(422, HEAD, "POST", path, {"unit": "naf:nowhere", "reason": "خطأ"})
    story.refused(422, HEAD, "POST", path, {"unit": "naf:zarqa"})
    story.refused(422, HEAD, "POST", path, {"unit": "naf:zarqa", "reason": "  "})
    story.refused(409, HEAD, "POST", path, {"unit": "naf:irbid", "reason": "نفسه"})
    story.blind(NEW_WORKER, NEW_HEAD)
    moved = story.change(HEAD, "POST", path, TRANSFER)
    assert moved["unit"] == "naf:zarqa"

    # The old branch no longer sees the case, its tasks or the person …
    story.blind(WORKER, HEAD)
    story.refused(404, WORKER, "POST", f"/tasks/{held['id']}/release")
    found = story.change(WORKER, "POST", "/persons/search", {"q": "سلمى"})
    assert found["items"] == []

    # … the new one sees them, unclaimed, with the whole story so far and the draft.
    task = story.task(NEW_WORKER, "record_outcome")
    assert (task["assignee"], task["unit"], task["id"]) == (None, "naf:zarqa", held["id"])
    assert story.form(NEW_WORKER, "record_outcome")["draft"] == {"job_title": "خياطة"}
    assert story.get(NEW_WORKER, f"/persons/{story.person['id']}")["unit"] == "naf:zarqa"
    [cycle] = story.cycles(NEW_WORKER)
    assert (cycle["unit"], cycle["cycle_no"], cycle["stage"]) == ("naf:zarqa", 1, "in_mediation")
    entries = story.history(NEW_WORKER)
    [entry] = [each for each in entries if each["kind"] == "transfer"]
    assert entry["actor"] == HEAD
    assert entry["data"]["details"]["reason"] == TRANSFER["reason"]
    assert any(each["actor"] == WORKER for each in entries)

    # The partner's task stays with the partner; what comes next opens at the new branch.
    assert story.todo(MOL) == ["mol_mediate"]
    story.do(MOL, "mol_mediate", **answers.mediated("2026-01-11"))
    story.do(MOL, "check_vacancy", **answers.CRITERIA)
    assert story.todo(NEW_WORKER) == ["record_outcome", "record_outcome_reported"]
    story.do(NEW_WORKER, "record_outcome_reported", **answers.employed("2026-01-11"))
    story.until("2026-01-12")
    assert story.todo(NEW_WORKER) == ["retention_check"]
    assert "deadline" in [each["kind"] for each in story.reminders(NEW_WORKER)]
    assert story.reminders(WORKER) == []
    story.blind(WORKER, HEAD)

    # What was done at Irbid counts for Irbid, what was done at Zarqa for Zarqa.
    irbid, zarqa = story.office("irbid"), story.office("zarqa")
    assert (irbid["contacted"], irbid["readiness_interviews"], irbid["group_a"]) == (1, 1, 1)
    assert (irbid["group_a_referred"], irbid["followup_info"]) == (1, 0)
    assert (zarqa["contacted"], zarqa["readiness_interviews"], zarqa["group_a"]) == (0, 0, 0)
    assert zarqa["followup_info"] == 1


def test_the_new_branch_may_hand_back_and_headquarters_may_move_too(story: Story) -> None:
    steps.opened(story)
    path = f"/instances/{story.case}/transfer"
    story.change(COORDINATOR, "POST", path, TRANSFER)
    story.refused(404, HEAD, "POST", path, {"unit": "naf:irbid", "reason": "بالخطأ"})
    assert story.todo(NEW_WORKER) == ["contact_client"]
    steps.contacted(story, "zarqa")
    story.change(NEW_HEAD, "POST", path, {"unit": "naf:irbid", "reason": "عادت إلى إربد"})
    story.blind(NEW_WORKER, NEW_HEAD)
    assert story.todo(WORKER) == ["readiness_interview"]
    story.do(WORKER, "readiness_interview", **answers.READY)
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "grouping_decision")
    cycle = story.cycles(WORKER)[0]
    assert (cycle["unit"], cycle["client_group"]) == ("naf:irbid", "A")
    irbid, zarqa = story.office("irbid"), story.office("zarqa")
    assert (zarqa["contacted"], zarqa["readiness_interviews"]) == (1, 0)
    assert (irbid["readiness_interviews"], irbid["group_a"]) == (1, 1)


def test_a_finished_case_is_not_transferred(story: Story) -> None:
    steps.opened(story)
    path = f"/instances/{story.case}"
    story.refused(403, WORKER, "POST", f"{path}/cancel", {"reason": "خرجت من الصندوق"})
    story.change(HEAD, "POST", f"{path}/cancel", {"reason": "خرجت من الصندوق"})
    [cycle] = story.cycles(WORKER)
    assert (cycle["closure_reason"], cycle["stage"]) == ("cancelled", "closed")
    story.refused(409, HEAD, "POST", f"{path}/transfer", TRANSFER)
    assert story.todo(WORKER) == []
    story.pass_days(60)
    assert story.instance()["state"] == "cancelled", "no timer of it fires any more"
