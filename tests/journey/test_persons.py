"""People: registered once, found, changed, erased; nothing personal in clear."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands import IdempotencyKey
from engine.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
)
from engine.store.access_log import access_log
from engine.store.schema import metadata
from tests.journey.conftest import (
    ADMIN,
    AUDITOR,
    COORDINATOR,
    IRBID,
    MOL_IRBID,
    PERSON,
    ZARQA,
    Product,
)


def test_a_person_is_registered_at_the_workers_branch(product: Product) -> None:
    person = product.person(age=None)
    assert person.unit == "naf:irbid"
    assert person.age == 35
    assert product.journey.persons.get(IRBID, person.id) == person


def test_a_national_id_is_registered_once_in_the_whole_country(product: Product) -> None:
    product.person(7)
    with pytest.raises(AlreadyExists, match="lookup"):
        product.person(7, who=ZARQA)


def test_lookup_is_exact_across_branches_and_journalled(product: Product) -> None:
    person = product.person(7)
    found = product.journey.persons.lookup(ZARQA, "٠٠٠٠٠٠٠٠٠٧")
    assert (found.id, found.unit, found.open_journey) == (person.id, "naf:irbid", False)
    with product.database.reading() as tx:
        entries = product.engine.journal.read(tx, f"person:{person.id}")
    assert [(entry.kind, entry.actor) for entry in entries] == [
        ("person_created", IRBID.username),
        ("person_looked_up", ZARQA.username),
    ]
    with pytest.raises(NotFound):
        product.journey.persons.lookup(ZARQA, "0000000008")


def test_other_branches_and_partners_do_not_see_a_person(product: Product) -> None:
    person = product.person()
    for stranger in (ZARQA, MOL_IRBID, COORDINATOR, AUDITOR):
        with pytest.raises(NotFound):
            product.journey.persons.get(stranger, person.id)
        with pytest.raises(NotFound):
            product.journey.persons.update(stranger, person.id, {"phone": "1"})
        assert product.journey.persons.search(stranger, "إيمان") == ()
    with pytest.raises(Forbidden):
        product.journey.persons.create(COORDINATOR, PERSON, unit="naf:irbid")
    with pytest.raises(Forbidden):
        product.journey.persons.lookup(MOL_IRBID, PERSON["national_id"])


@pytest.mark.parametrize("q", ["ايمان", "إيم", "الغيثي", "ايمان الغيثى", "0000000001"])
def test_search_finds_by_words_beginnings_and_number(product: Product, q: str) -> None:
    person = product.person()
    product.person(2, first_name="سعاد", last_name="الوادي")
    assert [found.id for found in product.journey.persons.search(IRBID, q)] == [person.id]


@pytest.mark.parametrize("q", ["", "ا", "!!", "غيثي", "ايمان الوادي", "00000000"])
def test_search_finds_nothing_by_less(product: Product, q: str) -> None:
    product.person()
    product.person(2, first_name="سعاد", last_name="الوادي")
    assert product.journey.persons.search(IRBID, q) == ()


def test_reading_a_person_is_logged(product: Product) -> None:
    person = product.person()
    product.journey.persons.get(IRBID, person.id)
    product.journey.persons.search(IRBID, "إيمان")
    with product.database.reading() as tx:
        rows = tx.execute(sa.select(access_log).order_by(access_log.c.id)).mappings().all()
    assert [(row["actor"], row["subject"], row["through"]) for row in rows] == [
        (IRBID.username, person.id, "persons.get"),
        (IRBID.username, person.id, "persons.search"),
    ]


def test_a_change_is_a_new_version_and_the_old_name_is_no_longer_found(product: Product) -> None:
    person = product.person()
    changed = product.journey.persons.update(IRBID, person.id, {"last_name": "الكرمي"}, version=1)
    assert (changed.version, changed.data.last_name) == (2, "الكرمي")
    assert product.journey.persons.search(IRBID, "الغيثي") == ()
    with pytest.raises(Conflict):
        product.journey.persons.update(IRBID, person.id, {"phone": "2"}, version=1)
    with product.database.reading() as tx:
        entries = product.engine.journal.read(tx, f"person:{person.id}")
    assert [entry.data.get("last_name") for entry in entries] == ["الغيثي", "الكرمي"]


def test_a_change_cannot_take_anothers_national_id(product: Product) -> None:
    product.person(1)
    other = product.person(2)
    with pytest.raises(AlreadyExists):
        product.journey.persons.update(IRBID, other.id, {"national_id": "0000000001"})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"national_id": "123"}, "national_id"),
        ({"first_name": " "}, "first_name"),
        ({"sex": "x"}, "sex"),
        ({"date_of_birth": "1990-13-01"}, "date_of_birth"),
        ({"date_of_birth": "1790-01-01"}, "date_of_birth"),
        ({"date_of_birth": None}, "date_of_birth"),
        ({"job_search_elsewhere": True}, "job_search_location"),
        ({"favourite_colour": "blue"}, "favourite_colour"),
        ({"age_told_on": "2019-01-01"}, "age_told_on"),
    ],
)
def test_wrong_data_is_refused_by_field(
    product: Product, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        product.journey.persons.create(IRBID, {**PERSON, **values})
    assert field in refused.value.errors


def test_an_age_without_a_date_of_birth_grows_with_the_years(product: Product) -> None:
    person = product.person(date_of_birth=None, age=30)
    assert person.data.age_on(product.clock.now().date().replace(year=2028)) == 32


def test_the_same_request_twice_makes_one_person(product: Product) -> None:
    key = IdempotencyKey("persons", "k1", "hash")
    first = product.journey.persons.create(IRBID, PERSON, idempotency=key)
    assert product.journey.persons.create(IRBID, PERSON, idempotency=key) == first
    other = IdempotencyKey("persons", "k1", "another")
    with pytest.raises(KeyReused):
        product.journey.persons.create(IRBID, PERSON, idempotency=other)


def test_nothing_personal_is_stored_in_clear(product: Product) -> None:
    product.person(first_name="Zaynabbb", last_name="Qamhiyyy", address="Rainbowww street")
    with product.database.reading() as tx:
        for table in metadata.sorted_tables:
            for row in tx.execute(sa.select(table)):
                text = " ".join(
                    value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    for value in row
                )
                for secret in ("Zaynabbb", "Qamhiyyy", "Rainbowww", "0600000001"):
                    assert secret.lower() not in text.lower(), table.name


def test_erasing_destroys_what_was_known_and_the_journal_still_verifies(
    product: Product,
) -> None:
    person = product.person()
    stream = f"person:{person.id}"
    with pytest.raises(NotFound):
        product.journey.persons.erase(AUDITOR, person.id, "request")
    product.journey.persons.erase(ADMIN, person.id, "request of the person")
    with pytest.raises(NotFound):
        product.journey.persons.get(IRBID, person.id)
    assert product.journey.persons.search(IRBID, "إيمان") == ()
    with product.database.transaction() as tx:
        assert product.engine.journal.verify(tx, stream).ok
        assert all(entry.erased for entry in product.engine.journal.read(tx, stream))
    again = product.person()
    assert again.id != person.id


@pytest.mark.parametrize("name", ["سلمى\u202e", "a\x00b", "س\u2066لمى"])
def test_a_name_cannot_hide_how_it_is_read(product: Product, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        product.journey.persons.create(IRBID, {**PERSON, "first_name": name}, unit="naf:irbid")
    assert set(refused.value.errors) == {"first_name"}
