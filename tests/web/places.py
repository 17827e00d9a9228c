"""Two people of two branches, for tests of who sees whom."""

from __future__ import annotations

from typing import Any

from tests.journey.scenarios import answers
from tests.journey.scenarios.driver import Story
from tests.web.driver import Pages

HERE: dict[str, Any] = {"first_name": "سلمى", "last_name": "الخطيب", "phone": "0600000777"}
ELSEWHERE: dict[str, Any] = {
    "national_id": "9907654321",
    "first_name": "وجدان",
    "last_name": "المجهولة",
    "phone": "0600000888",
}
"""Somebody whom nobody outside of Zarqa may see."""
SECRETS = (ELSEWHERE["national_id"], ELSEWHERE["last_name"], ELSEWHERE["phone"])


def referred(story: Story, place: str, **person: Any) -> str:
    """A person of a branch whose case is in group A and accepted by the employment office of the
    place; the case's id."""
    worker = f"case_worker.{place}"
    _opened(story, place, person)
    story.do(worker, "readiness_interview", **answers.READY)
    story.do(worker, "readiness_decision")
    story.do(worker, "grouping_decision")
    _sent(story, place, f"mol:{place}/mol_{place}.mediation", "lm_mediation")
    story.do(f"mol_officer.{place}", "mol_accept", referral_decision="accepted")
    return story.case


def offered(story: Story, place: str, **person: Any) -> str:
    """A person of a branch whose case is in group B and waits for the institute's answer; the
    case's id."""
    worker = f"case_worker.{place}"
    _opened(story, place, person)
    story.do(worker, "readiness_interview", **answers.NOT_READY)
    story.do(worker, "readiness_decision")
    story.do(worker, "screening_interview", **answers.SCREENED)
    story.do(worker, "grouping_decision")
    _sent(story, place, answers.TRAINING_IRBID, "training")
    return story.case


def _opened(story: Story, place: str, person: dict[str, Any]) -> None:
    worker = f"case_worker.{place}"
    story.register(worker, residence_location=place, **person)
    story.open_journey(worker, f"naf:{place}")
    story.do(worker, "contact_client", channel="phone", attempt_result="interviewed_at_once")


def _sent(story: Story, place: str, entry: str, intervention: str) -> None:
    worker = f"case_worker.{place}"
    story.do(worker, "agree_action_plan", **answers.plan(entry, "2026-01-14"))
    story.do(worker, "contact_provider", destination=entry, contact_person="قسم القبول")
    story.do(
        worker,
        "issue_referral",
        destination_name=entry,
        destination_address="وسط المدينة",
        intervention_type=intervention,
    )


def both(pages: Pages) -> dict[str, tuple[str, str]]:
    """Place → (case, person), for Irbid and for Zarqa, both in the middle of their journey."""
    found = {}
    for place, person in (("irbid", HERE), ("zarqa", ELSEWHERE)):
        case = referred(pages.story, place, **person)
        found[place] = (case, str(pages.story.person["id"]))
    return found
