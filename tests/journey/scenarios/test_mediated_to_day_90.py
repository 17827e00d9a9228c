"""Group A: mediated, employed, retained to day 90; then the benefits are watched for two years."""

from __future__ import annotations

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import AUDITOR, COORDINATOR, Story, local

WORKER, HEAD, MOL = "case_worker.irbid", "branch_head.irbid", "mol_officer.irbid"
STRANGERS = (
    "case_worker.zarqa",
    "branch_head.zarqa",
    "mol_officer.zarqa",
    "service_provider.vtc_irbid",
)


def test_from_the_register_to_the_referral(story: Story) -> None:
    # Sunday, 4 January: a worker of Irbid registers Salma. Nobody registers her twice (X33).
    story.register(WORKER)
    again = story.refused(409, "case_worker.zarqa", "POST", "/persons", answers.PERSON)
    assert "look it up" in again["detail"]
    national_id = {"national_id": answers.PERSON["national_id"]}
    known = story.call("case_worker.zarqa", "POST", "/persons/lookup", national_id).json
    assert known == {"id": story.person["id"], "unit": "naf:irbid", "open_journey": False}

    # A journey is opened for her, once; it cannot be started beside the register.
    journey = story.open_journey(WORKER, "naf:irbid")
    assert journey["business_key"] == "R-2026-000001"
    path = f"/persons/{story.person['id']}/journeys"
    story.refused(409, WORKER, "POST", path, {"unit": "naf:irbid"})
    bare = {"unit": "naf:irbid", "variables": {}}
    story.refused(422, WORKER, "POST", "/processes/client_journey/instances", bare)
    story.blind(*STRANGERS, MOL)
    seen = story.get(COORDINATOR, f"/instances/{story.case}")
    assert seen["variables"] == {}, "headquarters sees where it stands, not what was answered"

    # The call is due in two working days; she agrees to come on Tuesday.
    assert story.todo(WORKER) == ["contact_client"]
    assert story.due(WORKER, "contact_client") == "2026-01-07 00:00"
    assert story.errors(WORKER, "contact_client") == ["attempt_result", "channel"]
    story.do(
        WORKER,
        "contact_client",
        channel="phone",
        attempt_result="appointment_agreed",
        appointment_at="2026-01-06T06:00:00Z",
    )
    assert story.due(WORKER, "readiness_interview") == "2026-01-06 09:00"
    assert story.cycles(WORKER)[0]["stage"] == "invited"

    # Tool 1 knows no group yet (X5) and is never prefilled with a result.
    story.until("2026-01-06", "09:20")
    assert "client_group" not in story.shown(WORKER, "readiness_interview")
    assert "can_start_within_week" in story.errors(WORKER, "readiness_interview")
    story.do(WORKER, "readiness_interview", **answers.READY)

    # The rule proposes, the worker decides; another choice needs a reason.
    proposal = story.shown(WORKER, "readiness_decision")
    assert proposal["readiness_result"] == "ready"
    assert proposal["readiness_barriers"] == []
    assert story.errors(WORKER, "readiness_decision", result_override="to_not_ready") == [
        "result_override_reason"
    ]
    story.do(WORKER, "readiness_decision")
    assert story.shown(WORKER, "grouping_decision")["proposed_group"] == "A"
    assert story.errors(WORKER, "grouping_decision", client_group="B") == ["group_override_reason"]
    story.do(WORKER, "grouping_decision")
    cycle = story.cycles(WORKER)[0]
    assert (cycle["client_group"], cycle["grouping_date"], cycle["stage"]) == (
        "A",
        "2026-01-06",
        "grouped_A",
    )

    # The plan comes before any referral, towards a mediator; her report is due in ten days.
    assert story.todo(WORKER) == ["agree_action_plan"]
    assert story.due(WORKER, "agree_action_plan") == "2026-01-09 00:00"
    form = story.form(WORKER, "agree_action_plan")
    destinations = {option["value"] for option in form["options"]["destination"]}
    assert answers.MEDIATION_IRBID in destinations
    assert all(each.startswith("mol:") for each in destinations)
    assert form["data"]["client_feedback_deadline"] == "2026-01-16"
    assert story.errors(
        WORKER, "agree_action_plan", **answers.plan(answers.TRAINING_IRBID, "2026-01-16")
    ) == ["destination"]
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-16")
    assert story.todo(WORKER) == ["contact_provider", "record_outcome"]
    assert story.due(WORKER, "contact_provider") == "2026-01-08 00:00"
    assert story.due(WORKER, "record_outcome") == "2026-01-17 00:00"
    assert story.todo(MOL) == [], "nothing is referred before the referral is issued"

    # Wednesday: the office is called first, then the referral is issued, with 14 days to answer.
    story.until("2026-01-07", "11:00")
    story.do(
        WORKER,
        "contact_provider",
        destination=answers.MEDIATION_IRBID,
        contact_person="موظف مكتب التشغيل",
    )
    assert story.shown(WORKER, "issue_referral")["provider_feedback_deadline"] == "2026-01-21"
    story.do(
        WORKER,
        "issue_referral",
        destination_name=answers.MEDIATION_IRBID,
        destination_address="إربد، شارع الجامعة",
        intervention_type="lm_mediation",
    )
    assert story.cycles(WORKER)[0]["stage"] == "referred"
    row = story.office("irbid")
    assert (row["contacted"], row["readiness_interviews"]) == (1, 1)
    assert (row["group_a"], row["group_a_referred"], row["followup_info"]) == (1, 1, 0)

    # The employment office next door sees the referral, the person and the plan, and no more.
    assert story.todo(MOL) == ["mol_accept"]
    assert story.due(MOL, "mol_accept") == "2026-01-12 00:00", "two working days over the weekend"
    [reminder] = story.reminders(MOL)
    assert reminder["kind"] == "new_task"
    assert "R-2026-000001" in reminder["text_ar"]
    assert answers.PERSON["last_name"] not in reminder["text_ar"]
    form = story.form(MOL, "mol_accept")
    [person] = form["options"]["person_id"]
    assert "سلمى الخطيب" in person["label_ar"]
    assert form["data"]["occupation_description"] == "خياطة منزلية"
    assert form["data"]["client_goals_text"] == "عمل بأجر منتظم قريب من البيت"
    hidden = {"health_status", "has_daily_care_duty", "care_dependants", "assessment_summary"}
    assert hidden.isdisjoint(form["data"])
    story.refused(404, MOL, "GET", f"/instances/{story.case}")
    story.refused(404, MOL, "GET", f"/instances/{story.case}/history")
    story.blind(*STRANGERS)
    assert "mol_accept" not in story.todo(HEAD), "a partner's task is the partner's"

    # Who looked at her answers is known.
    log = story.get(AUDITOR, "/access-log", subject=story.person["id"], limit=200)["items"]
    assert [each["through"] for each in log if each["actor"] == MOL] == ["task form mol_acceptance"]
    story.refused(403, HEAD, "GET", "/access-log")


def test_mediated_retained_and_watched(story: Story) -> None:
    # Sunday, 4 January: interviewed at once, group A, planned, referred, accepted.
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    steps.referred(story, answers.MEDIATION_IRBID)
    story.do(MOL, "mol_accept", referral_decision="accepted")
    assert story.cycles(WORKER)[0]["stage"] == "in_mediation"
    assert story.due(MOL, "mol_mediate") == "2026-01-19 00:00", "the end of the referral's deadline"
    assert {"health_status", "client_group", "client_goals_text"}.isdisjoint(
        story.shown(MOL, "mol_mediate")
    )

    # Two days before her deadline the worker is reminded to remind her; the task has no form.
    story.until_just_before("2026-01-12")
    assert "remind_client" not in story.todo(WORKER)
    story.until("2026-01-12", "00:00")
    assert "remind_client" in story.todo(WORKER)
    assert [each["kind"] for each in story.reminders(WORKER)] == ["deadline"]
    story.cannot(422, WORKER, "remind_client", note="اتصلت بها")
    story.do(WORKER, "remind_client")

    # The office finds a job; a mediated vacancy is checked before it is taken.
    story.until("2026-01-13")
    story.do(MOL, "mol_mediate", **answers.mediated("2026-01-18"))
    assert story.todo(MOL) == ["check_vacancy"]
    assert "check_vacancy" not in story.todo(WORKER)
    story.do(MOL, "check_vacancy", **answers.CRITERIA)
    assert story.todo(MOL) == []

    # The worker records the outcome with what the office reported in view.
    reported = story.shown(WORKER, "record_outcome_reported")
    assert reported["mediation_result"] == "employed"
    assert (reported["feedback_source"], reported["outcome_type"]) == ("mol", "employed")
    assert reported["employer_name"] == "مصنع ألبسة - إربد"
    assert reported["employment_start_date"] == "2026-01-18"
    assert reported["referral_id"] == "R-2026-000001/1.1"
    story.do(WORKER, "record_outcome_reported", **answers.employed("2026-01-18"))
    assert story.todo(WORKER) == [], "the three weeks and the client's report are settled"
    cycle = story.cycles(WORKER)[0]
    assert (cycle["outcome_type"], cycle["stage"]) == ("employed", "employed")
    row = story.office("irbid")
    assert (row["group_a_referred"], row["group_a_direct_placement"]) == (1, None)
    assert row["followup_info"] == 1

    # Days 1, 7, 30 and 90 after the first day of work, each at local midnight.
    for day, due in (
        ("2026-01-19", "2026-01-22 00:00"),
        ("2026-01-25", "2026-01-28 00:00"),
        ("2026-02-17", "2026-02-20 00:00"),
        ("2026-04-18", "2026-04-21 00:00"),
    ):
        story.until_just_before(day)
        assert story.todo(WORKER) == []
        story.until(day)
        assert story.todo(WORKER) == ["retention_check"]
        assert story.due(WORKER, "retention_check") == due
        story.do(WORKER, "retention_check", **answers.STILL_AT_WORK)

    # Retained at day 90: the cycle closes, the watch over the benefits begins.
    assert story.instance()["state"] == "completed"
    cycle = story.cycles(WORKER)[0]
    assert (cycle["closure_reason"], cycle["stage"]) == ("retained", "closed")
    assert local(cycle["closed_at"]) == "2026-04-18 10:00"
    assert story.variable("benefit_retention_until") == "2028-01-18"
    [watch] = story.instances(process="benefit_watch")
    assert (watch["unit"], watch["state"]) == ("naf:irbid", "active")
    assert watch["business_key"] == "R-2026-000001"

    # Sixty days before the two years end she is told; the watch ends with the benefits.
    story.until_just_before("2027-11-19")
    assert story.todo(WORKER, watch["id"]) == []
    story.until("2027-11-19")
    assert story.todo(WORKER, watch["id"]) == ["benefit_end_notice"]
    assert story.due(WORKER, "benefit_end_notice", watch["id"]) == "2027-11-26 00:00"
    shown = story.form(WORKER, "benefit_end_notice", watch["id"])["data"]
    assert shown["benefit_retention_until"] == "2028-01-18"
    assert "deadline" in [each["kind"] for each in story.reminders(WORKER)]
    story.blind("case_worker.zarqa", MOL, instance=watch["id"])
    story.do(WORKER, "benefit_end_notice", instance=watch["id"], benefit_notice_channel="phone")
    story.until_just_before("2028-01-18")
    assert story.instance(watch["id"])["state"] == "active"
    story.until("2028-01-18", "00:00")
    assert story.instance(watch["id"])["state"] == "completed"

    # Two years on, every step can still be read, entry by entry.
    entries = story.history(AUDITOR)
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[0]["actor"] == WORKER
    assert entries[-1]["at"] == cycle["closed_at"]
