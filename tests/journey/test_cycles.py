"""Opening journeys, and the choices that the journey's sources offer inside them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest

import dmn
from engine.commands import IdempotencyKey
from engine.errors import AlreadyExists, Conflict, Forbidden, Invalid, NotFound
from engine.ports import Option, SourceQuery
from engine.records import SYSTEM, Actor, Instance
from journey.store import cycles
from tests.journey.conftest import (
    ADMIN,
    COORDINATOR,
    HEAD_IRBID,
    IRBID,
    MOL_IRBID,
    ROOT,
    ZARQA,
    Product,
)

Choices = Callable[..., list[Option]]


def test_a_journey_is_opened_for_a_person(field_test: Product) -> None:
    person = field_test.person(job_search_elsewhere=True, job_search_location="zarqa")
    opened = field_test.journey.cycles.open(IRBID, person.id)
    assert opened.process == "client_journey"
    assert opened.subject == person.id
    assert opened.unit == "naf:irbid"
    assert opened.business_key == "R-2019-000001"
    (task,) = field_test.engine.tasks.list(IRBID).items
    assert (task.form, task.business_key) == ("contact_log", "R-2019-000001")
    (cycle,) = field_test.journey.cycles.of_person(IRBID, person.id)
    assert (cycle.cycle_no, cycle.stage, cycle.instance_id) == (1, "listed", opened.id)
    with field_test.database.reading() as tx:
        row = cycles.find(tx, opened.id)
    assert row is not None
    assert (row["age"], row["sex"], row["residence_location"]) == (28, "female", "irbid")


def test_one_open_journey_a_person(field_test: Product) -> None:
    person = field_test.person()
    open_one = field_test.journey.cycles.open
    first = open_one(IRBID, person.id)
    with pytest.raises(AlreadyExists):
        open_one(IRBID, person.id)
    assert field_test.journey.persons.lookup(ZARQA, "0000000001").open_journey
    field_test.engine.cases.cancel(HEAD_IRBID, first.id, "moved abroad")
    assert not field_test.journey.persons.lookup(ZARQA, "0000000001").open_journey
    second = open_one(IRBID, person.id)
    found = field_test.journey.cycles.of_person(IRBID, person.id)
    assert [(c.cycle_no, c.instance_id, c.closure_reason) for c in found] == [
        (2, second.id, None),
        (1, first.id, "cancelled"),
    ]
    assert second.business_key != first.business_key


def test_the_same_request_twice_opens_one_journey(field_test: Product) -> None:
    person = field_test.person()
    key = IdempotencyKey("journeys", "k", "h")
    open_one = field_test.journey.cycles.open
    first = open_one(IRBID, person.id, idempotency=key)
    assert open_one(IRBID, person.id, idempotency=key).id == first.id
    with pytest.raises(AlreadyExists):
        open_one(IRBID, person.id, idempotency=replace(key, key="another"))


def test_no_journey_number_is_lost(field_test: Product) -> None:
    first, other = field_test.person(1), field_test.person(2)
    key = IdempotencyKey("journeys", "k", "h")
    open_one = field_test.journey.cycles.open
    assert open_one(IRBID, first.id, idempotency=key).business_key == "R-2019-000001"
    again = open_one(IRBID, first.id, idempotency=key)
    assert again.business_key == "R-2019-000001"
    with pytest.raises(AlreadyExists):
        open_one(IRBID, first.id, idempotency=replace(key, key="another"))
    assert open_one(IRBID, other.id).business_key == "R-2019-000002"


def test_who_may_open_a_journey_and_where(field_test: Product) -> None:
    person = field_test.person()
    open_one = field_test.journey.cycles.open
    for who in (ZARQA, MOL_IRBID, COORDINATOR, ADMIN):
        with pytest.raises(NotFound):
            open_one(who, person.id)
    with pytest.raises((Forbidden, NotFound)):
        open_one(IRBID, person.id, "naf:zarqa")
    with pytest.raises((Invalid, NotFound)):
        open_one(IRBID, person.id, "mol:irbid")
    with pytest.raises(NotFound):
        open_one(IRBID, "nobody")
    with pytest.raises(Invalid):
        field_test.engine.cases.start(IRBID, "client_journey")


def test_the_next_cycle_may_be_at_another_branch(field_test: Product) -> None:
    person = field_test.person()
    open_one = field_test.journey.cycles.open
    first = open_one(IRBID, person.id)
    with pytest.raises(AlreadyExists):
        open_one(ZARQA, person.id, "naf:zarqa")
    field_test.engine.cases.cancel(HEAD_IRBID, first.id, "moved away")
    with pytest.raises(NotFound):
        open_one(ZARQA, person.id)  # at the person's branch, which is not hers
    for partner in (MOL_IRBID, COORDINATOR, ADMIN):
        with pytest.raises((Forbidden, NotFound)):
            open_one(partner, person.id, "naf:zarqa")
    with pytest.raises(NotFound):
        open_one(ZARQA, "nobody", "naf:zarqa")
    second = open_one(ZARQA, person.id, "naf:zarqa")
    assert second.variables["cycle_no"] == 2
    assert field_test.journey.persons.get(ZARQA, person.id).unit == "naf:zarqa"
    cycles_there = field_test.journey.cycles.of_person(ZARQA, person.id)
    assert [each.unit for each in cycles_there] == ["naf:zarqa", "naf:irbid"]
    with pytest.raises(NotFound):
        field_test.engine.cases.get(ZARQA, first.id)


def test_a_search_finds_a_case_by_name_and_number(field_test: Product) -> None:
    person = field_test.person()
    opened = field_test.journey.cycles.open(IRBID, person.id)
    for q in ("إيمان", "0000000001", "R-2019-000001"):
        found = field_test.engine.tasks.list(IRBID, q=q).items
        assert [task.instance_id for task in found] == [opened.id]
    assert field_test.engine.tasks.list(IRBID, q="سعاد").items == ()
    assert [p.id for p in field_test.journey.persons.search(IRBID, "r-2019-000001")] == [person.id]


def test_a_transferred_person_belongs_to_the_new_branch(field_test: Product) -> None:
    person = field_test.person()
    opened = field_test.journey.cycles.open(IRBID, person.id)
    field_test.engine.cases.transfer(HEAD_IRBID, opened.id, "naf:zarqa", "moved house")
    assert field_test.journey.persons.get(ZARQA, person.id).unit == "naf:zarqa"
    (cycle,) = field_test.journey.cycles.of_person(ZARQA, person.id)
    assert cycle.unit == "naf:zarqa"
    with pytest.raises(NotFound):
        field_test.journey.persons.get(IRBID, person.id)
    with field_test.database.reading() as tx:
        before = cycles.of_person(tx, person.id)
    field_test.journey.rebuild()
    with field_test.database.reading() as tx:
        assert cycles.of_person(tx, person.id) == before


def test_a_deadline_reminds_the_branch(field_test: Product) -> None:
    person = field_test.person()
    field_test.journey.cycles.open(IRBID, person.id)
    field_test.engine.advance.advance(SYSTEM, delta=timedelta(days=30))
    reminded = field_test.engine.notifications.list(HEAD_IRBID).items
    assert [note.kind for note in reminded] == ["deadline"]
    assert "R-2019-000001" in reminded[0].text_en
    assert "إيمان" not in reminded[0].text_ar


def test_a_person_with_a_running_case_is_not_erased(field_test: Product) -> None:
    person = field_test.person()
    opened = field_test.journey.cycles.open(IRBID, person.id)
    with pytest.raises(Conflict, match="client_journey"):
        field_test.journey.persons.erase(ADMIN, person.id, "request")
    field_test.engine.cases.cancel(HEAD_IRBID, opened.id, "request of the person")
    field_test.journey.persons.erase(ADMIN, person.id, "request")
    rebuilt = field_test.journey.rebuild()
    assert (rebuilt.cases, rebuilt.erased) == (1, 1)
    with field_test.database.reading() as tx:
        assert cycles.of_person(tx, person.id) == []
        assert field_test.engine.journal.verify(tx, f"case:{opened.id}").ok


@pytest.fixture
def choices(field_test: Product) -> Choices:
    """Asks a source for its options in a case of Irbid."""
    person = field_test.person()
    instance = field_test.journey.cycles.open(IRBID, person.id)
    sources = {source.name: source for source in field_test.journey.sources}

    def ask(
        name: str, who: Actor = IRBID, case: Instance = instance, **variables: Any
    ) -> list[Option]:
        query = SourceQuery(who, case, variables, {"source": name})
        with field_test.database.reading() as tx:
            return list(sources[name].options(tx, query))

    return ask


def test_places_near_the_case_come_first_then_the_arabic_alphabet(choices: Choices) -> None:
    offices = [one.value for one in choices("units_mol")]
    assert offices[0] == "mol:irbid"
    assert set(offices[1:4]) == {"mol:koura", "mol:ramtha", "mol:north_shouneh"}
    assert choices("units_naf")[0].value == "naf:irbid"
    places = [one.label_ar for one in choices("locations")]
    near = [one for one in places if one.startswith("إربد · ")]
    assert places[: len(near)] == near
    governorates = list(dict.fromkeys(one.split(" · ")[0] for one in places[len(near) :]))
    assert governorates[:3] == ["البلقاء", "الزرقاء", "الطفيلة"]
    assert len(governorates) == 11


def test_every_option_has_both_languages(choices: Choices) -> None:
    for name in (
        "units_naf",
        "units_mol",
        "catalogue",
        "catalogue_b",
        "vacancies",
        "employers",
        "case_workers",
        "case_person",
        "locations",
        "occupations",
    ):
        options = choices(name)
        assert options, name
        assert all(option.value and option.label_ar and option.label_en for option in options)
        assert len({option.value for option in options}) == len(options)


def test_the_office_next_door_comes_first(choices: Choices) -> None:
    offices = [option.value for option in choices("units_mol")]
    assert offices[0] == "mol:irbid"
    assert len(offices) == 24


def test_each_group_has_its_destinations(choices: Choices) -> None:
    mediators = {option.value for option in choices("catalogue", client_group="A")}
    services = {option.value for option in choices("catalogue", client_group="B")}
    assert "mol:irbid/mol_irbid.mediation" in mediators
    assert "provider:vtc_irbid/vtc_irbid.training" in services
    assert mediators.isdisjoint(services)
    assert {option.value for option in choices("catalogue_b")} == services


def test_the_service_for_the_need_comes_first(choices: Choices) -> None:
    first = choices("catalogue", client_group="B", intervention_type="microfinance")[0]
    assert first.value == "provider:nmb_zarqa/nmb_zarqa.microfinance"


def test_a_suspended_or_foreign_service_is_no_choice(field_test: Product, choices: Choices) -> None:
    update = field_test.journey.catalogue.update
    update(SYSTEM, "vtc_irbid.training", {"entry_status": "suspended"})
    update(SYSTEM, "vtc_irbid.guidance", {"sites": ["zarqa"]})
    values = {option.value for option in choices("catalogue_b")}
    assert values == {
        "provider:vtc_irbid/vtc_irbid.apprenticeship",
        "provider:nmb_zarqa/nmb_zarqa.microfinance",
    }


def test_the_partner_reads_whom_to_expect(choices: Choices) -> None:
    (option,) = choices("case_person", MOL_IRBID)
    assert option.label_ar == "إيمان الغيثي · 0000000001 · 0600000001"


def test_case_workers_of_the_branch(choices: Choices) -> None:
    assert [option.value for option in choices("case_workers")] == ["case_worker.irbid"]


def test_every_place_belongs_to_the_office_that_the_table_gives_it() -> None:
    xml = (ROOT / "bpmn" / "decisions" / "mol_office.dmn").read_bytes()
    definitions = dmn.read_definitions(xml, file="mol_office.dmn")
    text = (files("journey") / "locations.csv").read_text("utf-8")
    for place in csv.DictReader(text.splitlines()):
        context = {"job_search_location": None, "residence_location": place["code"]}
        value: Any = definitions.evaluate("mol_office", context).value
        assert value["mol_office"] == place["mol_office"], place["code"]
