"""A client agrees to the plan but not that her data are sent (OQ20), told over HTTP."""

from __future__ import annotations

from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import Story

WORKER, OFFICER = "case_worker.irbid", "mol_officer.irbid"
DESTINATION = answers.MEDIATION_IRBID


def test_nothing_is_sent_until_the_client_agrees(story: Story) -> None:
    steps.opened(story)
    steps.grouped_a(story)
    unsaid = answers.plan(DESTINATION, "2026-01-14")
    del unsaid["data_sharing_consent"]
    assert story.errors(WORKER, "agree_action_plan", **unsaid) == ["data_sharing_consent"]
    refused = {**unsaid, "data_sharing_consent": False}
    story.do(WORKER, "agree_action_plan", **refused)
    assert story.todo(WORKER) == ["record_outcome", "sharing_refused"]
    story.blind(OFFICER)

    story.do(WORKER, "sharing_refused", sharing_decision="plan_again")
    assert "data_sharing_consent" not in story.shown(WORKER, "agree_action_plan")
    steps.planned(story, DESTINATION, "2026-01-14")
    steps.referred(story, DESTINATION)
    assert story.todo(OFFICER) == ["mol_accept"]
    story.prove()


def test_consent_taken_back_in_the_plan_takes_the_referral_from_the_partner(story: Story) -> None:
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, DESTINATION, "2026-01-14")
    steps.referred(story, DESTINATION)
    assert story.todo(OFFICER) == ["mol_accept"]
    story.correct(WORKER, "agree_action_plan", "She called: no", data_sharing_consent=False)
    assert story.todo(WORKER) == ["record_outcome", "sharing_refused"]
    story.blind(OFFICER)
    story.do(WORKER, "sharing_refused", sharing_decision="stay_with_branch")
    assert story.todo(WORKER) == ["record_outcome"]
    story.prove()
