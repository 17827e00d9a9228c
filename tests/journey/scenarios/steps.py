"""Stretches of a journey that many stories share, each done by the people who do it."""

from __future__ import annotations

from typing import Any

from tests.journey.scenarios import answers
from tests.journey.scenarios.driver import Story


def opened(story: Story, place: str = "irbid", **person: Any) -> None:
    """A worker registers somebody of the branch and opens a journey."""
    worker = f"case_worker.{place}"
    story.register(worker, residence_location=place, **person)
    story.open_journey(worker, f"naf:{place}")


def contacted(story: Story, place: str = "irbid") -> None:
    """Reached at the first call and interviewed at once."""
    story.do(
        f"case_worker.{place}",
        "contact_client",
        channel="phone",
        attempt_result="interviewed_at_once",
    )


def grouped_a(story: Story, place: str = "irbid") -> None:
    """Contact, tool 1, the decision, group A."""
    worker = f"case_worker.{place}"
    contacted(story, place)
    story.do(worker, "readiness_interview", **answers.READY)
    story.do(worker, "readiness_decision")
    story.do(worker, "grouping_decision")


def grouped_b(story: Story, place: str = "irbid") -> None:
    """Contact, tools 1 and 2, the decisions, group B."""
    worker = f"case_worker.{place}"
    contacted(story, place)
    story.do(worker, "readiness_interview", **answers.NOT_READY)
    story.do(worker, "readiness_decision")
    story.do(worker, "screening_interview", **answers.SCREENED)
    story.do(worker, "grouping_decision")


def planned(story: Story, destination: str, due: str, place: str = "irbid") -> None:
    """The action plan towards an entry of the catalogue, with a step until `due`."""
    story.do(f"case_worker.{place}", "agree_action_plan", **answers.plan(destination, due))


def referred(story: Story, destination: str, place: str = "irbid", **changed: Any) -> None:
    """The partner is called first, then the referral is issued."""
    worker = f"case_worker.{place}"
    story.do(worker, "contact_provider", destination=destination, contact_person="قسم القبول")
    group_a = destination.startswith("mol:")
    story.do(
        worker,
        "issue_referral",
        **{
            "destination_name": destination,
            "destination_address": "إربد، وسط المدينة",
            "intervention_type": "lm_mediation" if group_a else "training",
            **changed,
        },
    )
