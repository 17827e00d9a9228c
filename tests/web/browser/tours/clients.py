"""Invented clients who are somewhere on their journey when a tour begins."""

from __future__ import annotations

from typing import Any

from engine.records import SYSTEM, Role
from engine.source_files import SourceFile
from settings import ROOT
from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import PASSWORD, Story

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"
OFFICER = "mol_officer.irbid"
INSTITUTE = "service_provider.vtc_irbid"

LAYLA: dict[str, Any] = {
    "national_id": "9900000021",
    "first_name": "ليلى",
    "last_name": "حدّاد",
    "phone": "0600000021",
}
SAMER: dict[str, Any] = {
    "national_id": "9900000032",
    "first_name": "سامر",
    "last_name": "النجار",
    "sex": "male",
    "phone": "0600000032",
}
RANA: dict[str, Any] = {
    "national_id": "9900000043",
    "first_name": "رنا",
    "last_name": "الزعبي",
    "phone": "0600000043",
}
OMAR: dict[str, Any] = {
    "national_id": "9900000054",
    "first_name": "عمر",
    "last_name": "عبيدات",
    "sex": "male",
    "phone": "0600000054",
}


def listed(story: Story, **person: Any) -> str:
    """A journey was opened; the case's id."""
    steps.opened(story, **person)
    return story.case


def referred_to_office(story: Story, **person: Any) -> str:
    """Group A, referred to the employment office, which has not answered; the case's id."""
    steps.opened(story, **person)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    steps.referred(story, answers.MEDIATION_IRBID)
    return story.case


def referred_to_institute(story: Story, **person: Any) -> str:
    """Group B, referred to the training institute, which has not answered; the case's id."""
    steps.opened(story, **person)
    steps.grouped_b(story)
    steps.planned(story, answers.TRAINING_IRBID, "2026-01-14")
    steps.referred(story, answers.TRAINING_IRBID)
    return story.case


def reported_employed(story: Story, **person: Any) -> str:
    """The employment office found a job and reported it; the worker has to record it."""
    case = referred_to_office(story, **person)
    story.do(OFFICER, "mol_accept", referral_decision="accepted")
    story.do(OFFICER, "mol_mediate", **answers.mediated(story.today))
    story.do(OFFICER, "check_vacancy", **answers.CRITERIA)
    return case


def refusing(story: Story, **person: Any) -> str:
    """Refuses to cooperate: the worker proposes group C, the branch head has to confirm."""
    steps.opened(story, **person)
    steps.contacted(story)
    story.do(WORKER, "readiness_interview", **answers.NOT_READY)
    story.do(WORKER, "readiness_decision")
    story.do(WORKER, "screening_interview", channel="in_person", cooperation_refused=True)
    story.do(WORKER, "grouping_decision")
    return story.case


def colleague(story: Story, name: str) -> None:
    """A second case worker at the branch, without whom nobody can stand in."""
    story.product.engine.identity.users.create(
        SYSTEM,
        "case_worker2.irbid",
        name=name,
        password=PASSWORD,
        roles=(Role.CASE_WORKER,),
        units=("naf:irbid",),
        must_change_password=False,
    )


def standing_still(story: Story, **person: Any) -> str:
    """A deadline was published that comes to nothing, so the case cannot go on; the case's id."""
    name = "contact.bpmn"
    right = (ROOT / "bpmn" / "processes" / name).read_bytes()
    wrong = right.replace(b"=date(contact_window_end) +", b"=if true then null else today() +")
    assert wrong != right
    story.product.engine.deployments.deploy(SYSTEM, [SourceFile(name, wrong)], "a test")
    story.register(WORKER, residence_location="irbid", **person)
    story.open_journey(WORKER, "naf:irbid")
    return story.case
