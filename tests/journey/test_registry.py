"""Providers, catalogue, employers, vacancies: who may do what, validity, history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.commands import IdempotencyKey
from engine.errors import AlreadyExists, Conflict, Forbidden, Invalid, NotFound
from engine.records import SYSTEM, Actor, Paging, Role
from journey.demo import load_demo
from tests.journey.conftest import (
    ADMIN,
    COORDINATOR,
    HEAD_IRBID,
    IRBID,
    MOL_IRBID,
    OWNER,
    Product,
    actor,
)

VTC = actor(Role.SERVICE_PROVIDER, "vtc")
OTHER = actor(Role.SERVICE_PROVIDER, "other")
PROVIDER = {
    "id": "vtc",
    "name_ar": "معهد",
    "name_en": "Institute",
    "provider_kind": "training_provider",
    "address": "إربد",
    "unit": "provider:vtc",
}
ENTRY = {
    "provider_id": "vtc",
    "name_ar": "دورة",
    "name_en": "Course",
    "intervention_type": "training",
    "sites": ["irbid"],
    "duration_weeks": 12,
    "expected_result": "شهادة",
    "contact_person": "القبول",
    "contact_phone": "0600000000",
}
EMPLOYER = {"id": "factory", "name": "مصنع"}
VACANCY = {
    "id": "V-1",
    "employer_id": "factory",
    "job_title": "عامل",
    "workplace_location": "irbid",
    "offered_wage_jod": 260,
    "mol_unit": "mol:irbid",
}


@pytest.fixture
def stocked(product: Product) -> Product:
    """A provider, an employer and a vacancy."""
    product.journey.providers.create(SYSTEM, PROVIDER)
    product.journey.employers.create(SYSTEM, EMPLOYER)
    product.journey.vacancies.create(SYSTEM, VACANCY)
    return product


def test_a_new_provider_brings_its_unit(product: Product) -> None:
    product.journey.providers.create(COORDINATOR, PROVIDER)
    codes = [unit.code for unit in product.journey.units.list(IRBID, "provider")]
    assert codes == ["provider:vtc"]


def test_a_worker_proposes_and_a_head_decides(stocked: Product) -> None:
    catalogue = stocked.journey.catalogue
    proposed = catalogue.create(IRBID, {**ENTRY, "entry_status": "active"})
    assert proposed.values["entry_status"] == "draft"
    with pytest.raises(Forbidden):
        catalogue.update(IRBID, proposed.id, {"entry_status": "active"})
    active = catalogue.update(HEAD_IRBID, proposed.id, {"entry_status": "active"})
    assert (active.values["entry_status"], active.revision) == ("active", 2)


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (COORDINATOR, True),
        (HEAD_IRBID, True),
        (VTC, True),
        (IRBID, False),
        (OTHER, False),
        (actor(Role.BRANCH_HEAD, "zarqa"), False),
        (MOL_IRBID, False),
        (OWNER, False),
        (ADMIN, False),
    ],
)
def test_who_may_change_an_entry(stocked: Product, who: Actor, allowed: bool) -> None:
    entry = stocked.journey.catalogue.create(SYSTEM, ENTRY)
    if allowed:
        assert stocked.journey.catalogue.update(who, entry.id, {"duration_weeks": 8}).revision == 2
    else:
        with pytest.raises(Forbidden):
            stocked.journey.catalogue.update(who, entry.id, {"duration_weeks": 8})


def test_a_provider_looks_after_its_own_organisation_only(stocked: Product) -> None:
    providers = stocked.journey.providers
    assert providers.update(VTC, "vtc", {"address": "عمان"}).revision == 2
    with pytest.raises(Forbidden):
        providers.update(OTHER, "vtc", {"address": "العقبة"})
    with pytest.raises(Forbidden):
        providers.create(OTHER, {**PROVIDER, "id": "x", "unit": "provider:x"})


def test_a_provider_moves_to_a_unit_that_is_there(stocked: Product) -> None:
    providers = stocked.journey.providers
    with pytest.raises(Invalid) as refused:
        providers.update(COORDINATOR, "vtc", {"unit": "provider:nowhere"})
    assert set(refused.value.errors) == {"unit"}
    providers.create(SYSTEM, {**PROVIDER, "id": "other", "unit": "provider:other"})
    with pytest.raises(Forbidden):
        providers.update(VTC, "vtc", {"unit": "provider:other"})
    moved = providers.update(COORDINATOR, "vtc", {"unit": "provider:other"})
    assert moved.values["unit"] == "provider:other"


def test_a_branch_looks_after_the_vacancies_of_its_office(stocked: Product) -> None:
    vacancies = stocked.journey.vacancies
    assert vacancies.update(HEAD_IRBID, "V-1", {"positions": 2}).values["positions"] == 2
    with pytest.raises(Forbidden):
        vacancies.update(actor(Role.BRANCH_HEAD, "zarqa"), "V-1", {"positions": 3})
    with pytest.raises(Forbidden):
        vacancies.update(HEAD_IRBID, "V-1", {"mol_unit": "mol:zarqa"})
    assert vacancies.create(IRBID, {**VACANCY, "id": "V-2"}).id == "V-2"
    with pytest.raises(Forbidden):
        vacancies.create(IRBID, {**VACANCY, "id": "V-3", "mol_unit": "mol:zarqa"})
    with pytest.raises(Forbidden):
        vacancies.update(IRBID, "V-2", {"positions": 4})


def test_vacancies_belong_to_their_employment_office(stocked: Product) -> None:
    vacancies = stocked.journey.vacancies
    assert vacancies.update(MOL_IRBID, "V-1", {"positions": 3}).values["positions"] == 3
    with pytest.raises(Forbidden):
        vacancies.update(actor(Role.MOL_OFFICER, "zarqa"), "V-1", {"positions": 4})


def test_changes_are_kept_and_stale_ones_refused(stocked: Product) -> None:
    vacancies = stocked.journey.vacancies
    vacancies.update(COORDINATOR, "V-1", {"offered_wage_jod": 300}, revision=1)
    with pytest.raises(Conflict):
        vacancies.update(COORDINATOR, "V-1", {"offered_wage_jod": 310}, revision=1)
    history = vacancies.history(IRBID, "V-1")
    assert [(line["revision"], line["before"]["offered_wage_jod"]) for line in history] == [
        (2, 260)
    ]


@pytest.mark.parametrize("wage", [0, -1, 0.0004])
def test_a_wage_is_at_least_a_fils(stocked: Product, wage: float) -> None:
    with pytest.raises(Invalid) as refused:
        stocked.journey.vacancies.update(COORDINATOR, "V-1", {"offered_wage_jod": wage})
    assert "offered_wage_jod" in refused.value.errors


def test_a_number_that_another_row_has_is_refused(stocked: Product) -> None:
    employers = stocked.journey.employers
    employers.create(SYSTEM, {"id": "mill", "name": "مطحنة", "employer_ssc_number": "77"})
    with pytest.raises(AlreadyExists):
        employers.update(COORDINATOR, "factory", {"employer_ssc_number": "77"})


def test_rows_hold_from_day_to_day(stocked: Product) -> None:
    vacancies = stocked.journey.vacancies
    vacancies.update(
        COORDINATOR, "V-1", {"valid_from": date(2025, 1, 1), "valid_to": date(2025, 6, 30)}
    )
    assert vacancies.list(IRBID).items == ()
    assert [row.id for row in vacancies.list(IRBID, on=date(2025, 6, 30)).items] == ["V-1"]
    assert vacancies.list(IRBID, on=date(2025, 7, 1)).items == ()
    assert [row.id for row in vacancies.list(IRBID, all_dates=True).items] == ["V-1"]
    assert vacancies.get(IRBID, "V-1").valid_to == date(2025, 6, 30)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"provider_id": "nobody"}, "provider_id"),
        ({"intervention_type": "miracle"}, "intervention_type"),
        ({"default_feedback_days": 0}, "default_feedback_days"),
        ({"expected_result": None}, "expected_result"),
        ({"valid_to": date(2001, 1, 1)}, "valid_to"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_wrong_entries_are_refused_by_field(
    stocked: Product, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        stocked.journey.catalogue.create(SYSTEM, {**ENTRY, **values})
    assert field in refused.value.errors


def test_the_result_of_a_check_is_nobodys_to_write(stocked: Product) -> None:
    with pytest.raises(Invalid):
        stocked.journey.vacancies.update(SYSTEM, "V-1", {"vacancy_admissible": "admissible"})


def test_known_ids_and_unknown_ones(stocked: Product) -> None:
    with pytest.raises(AlreadyExists):
        stocked.journey.employers.create(SYSTEM, EMPLOYER)
    with pytest.raises(NotFound):
        stocked.journey.employers.get(IRBID, "nobody")
    with pytest.raises(Forbidden):
        stocked.journey.vacancies.list(ADMIN)


def test_pages_follow_each_other(stocked: Product) -> None:
    for number in range(5):
        stocked.journey.employers.create(SYSTEM, {"id": f"e{number}", "name": "مصنع"})
    first = stocked.journey.employers.list(IRBID, paging=Paging(4))
    second = stocked.journey.employers.list(IRBID, paging=Paging(4, first.next_cursor))
    ids = [row.id for row in (*first.items, *second.items)]
    assert ids == ["e0", "e1", "e2", "e3", "e4", "factory"]
    assert second.next_cursor is None


def test_the_same_request_twice_adds_one_row(stocked: Product) -> None:
    key = IdempotencyKey("employers", "k", "h")
    first = stocked.journey.employers.create(SYSTEM, {"name": "مصنع"}, idempotency=key)
    assert stocked.journey.employers.create(SYSTEM, {"name": "مصنع"}, idempotency=key) == first


def test_visits_are_recorded_by_headquarters(product: Product) -> None:
    product.journey.units.record_visit(COORDINATOR, "naf:irbid", date(2025, 5, 14))
    with pytest.raises(Forbidden):
        product.journey.units.record_visit(IRBID, "naf:irbid", date(2025, 5, 14))
    with pytest.raises(Invalid):
        product.journey.units.record_visit(COORDINATOR, "naf:irbid", date(2030, 1, 1))
    with pytest.raises(NotFound):
        product.journey.units.record_visit(COORDINATOR, "naf:nowhere", date(2025, 5, 14))


def test_the_shipped_units(product: Product) -> None:
    kinds = [unit.kind for unit in product.journey.units.list(IRBID)]
    assert (kinds.count("hq"), kinds.count("naf"), kinds.count("mol")) == (1, 3, 24)


def test_demo_data_is_loaded_once(product: Product) -> None:
    loaded = load_demo(product.engine, product.journey, "a long demo password")
    assert len(loaded.users) == 15
    assert "case_worker.irbid" in loaded.users
    assert "service_provider.vtc_irbid" in loaded.users
    signed_in = product.engine.identity.sign_in("case_worker.irbid", "a long demo password")
    assert signed_in.actor.units == {"naf:irbid"}
    again = load_demo(product.engine, product.journey, "a long demo password")
    assert (again.units, again.rows, again.users) == (0, 0, ())
