"""A link through one real referral: the acceptance, then the report, then nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from engine.errors import NotFound
from engine.records import SYSTEM, Actor, Paging, Role, Task
from journey.pilot import Pilot, read_cases
from tests.journey.conftest import Product, actor

WORKER = actor(Role.CASE_WORKER, "east_amman")
PROVIDER = Actor(
    "somebody", frozenset({Role.SERVICE_PROVIDER}), frozenset({"provider:vtc_irbid"})
)  # fmt: skip
REFERRAL = {"destination_address": "إربد", "intervention_type": "training"}
FEEDBACK = {"service_result": "dropped_out", "actual_result": "انقطع بعد أسبوع"}


@dataclass(frozen=True)
class Referred:
    """A case of group B whose referral is issued."""

    product: Product
    instance: str

    def open(self, who: Actor) -> dict[str | None, Task]:
        """Form → task that `who` sees open in whatever case."""
        page = self.product.engine.tasks.list(who, paging=Paging(200))
        return {task.form: task for task in page.items}

    def do(self, who: Actor, form: str, **answers: Any) -> None:
        tasks, task = self.product.engine.tasks, self.open(who)[form]
        data = {**tasks.form(who, task.id).data, **answers}
        tasks.complete(who, task.id, revision=task.revision, data=data)

    def holder(self, token: str) -> Actor:
        return self.product.engine.links.holder(token)[1]

    def link(self, form: str) -> str:
        return self.product.engine.links.issue(WORKER, self.open(PROVIDER)[form].id)[1]


@pytest.fixture
def referred(field_test: Product) -> Referred:
    line = next(line for line in read_cases() if line["client_group"] == "B")
    pilot = Pilot(field_test.engine, field_test.journey)
    for step in pilot.steps([line]):
        if step.at > field_test.engine.clock.now():
            field_test.engine.advance.advance(SYSTEM, target=step.at)
        step.act()
    case = Referred(field_test, pilot.instances[line["person_no"]])
    case.do(WORKER, "referral_form", **REFERRAL)
    return case


def test_from_the_acceptance_to_the_report(referred: Referred) -> None:
    token = referred.link("provider_acceptance")
    holder = referred.holder(token)
    assert set(referred.open(holder)) == {"provider_acceptance"}
    task = referred.open(holder)["provider_acceptance"]
    shown = referred.product.engine.tasks.form(holder, task.id)
    name = referred.product.journey.persons.names_for_tasks(holder, [task])[task.id]
    assert shown.options["person_id"][0].label_ar.startswith(name)
    referred.do(holder, "provider_acceptance", referral_decision="accepted")
    assert set(referred.open(referred.holder(token))) == {"provider_feedback"}
    referred.do(referred.holder(token), "provider_feedback", **FEEDBACK)
    assert referred.open(referred.holder(token)) == {}
    history = referred.product.engine.history.entries(WORKER, referred.instance, Paging(200))
    assert [entry.actor for entry in history.items].count(holder.username) == 2


def test_a_declined_referral_ends_its_link(referred: Referred) -> None:
    token = referred.link("provider_acceptance")
    referred.do(
        referred.holder(token),
        "provider_acceptance",
        referral_decision="rejected",
        rejection_reason="no_capacity",
    )
    referred.do(
        WORKER,
        "provider_contact",
        provider_contacted_at="2019-05-19T10:00:00+03:00",
        contact_person="قسم القبول",
    )
    referred.do(WORKER, "referral_form", **REFERRAL)
    assert set(referred.open(PROVIDER)) == {"provider_acceptance"}
    assert referred.open(referred.holder(token)) == {}
    again = referred.link("provider_acceptance")
    assert set(referred.open(referred.holder(again))) == {"provider_acceptance"}


def test_a_link_sees_no_person_and_no_unit(referred: Referred) -> None:
    holder = referred.holder(referred.link("provider_acceptance"))
    journey = referred.product.journey
    person = referred.open(holder)["provider_acceptance"].subject
    assert person is not None
    with pytest.raises(NotFound):
        journey.persons.get(holder, person)
    assert journey.persons.search(holder, "0000000001") == ()
    instance = referred.product.engine.cases.get(WORKER, referred.instance)
    assert journey.persons.names_for_cases(holder, [instance]) == {}
