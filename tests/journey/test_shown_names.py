"""Names in lists: for whom, how many reads, and what is noted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import event

from engine.records import Actor, Instance, InstanceState, Role, Task, TaskState
from engine.store.access_log import access_log
from engine.store.database import Database
from tests.journey.conftest import (
    ADMIN,
    AUDITOR,
    COORDINATOR,
    HEAD_IRBID,
    IRBID,
    MOL_IRBID,
    ZARQA,
    Product,
)

NOW = datetime(2026, 1, 4, 7, 0, tzinfo=UTC)


def task(
    number: int, subject: str | None, unit: str = "naf:irbid", role: str = "case_worker"
) -> Task:
    return Task(
        f"case.{number}", "case", "client_journey", 1, "ask", "ask", None, TaskState.OPEN, None,
        (role,), unit, None, subject, NOW, None, None, None, None, 50, 1,
    )  # fmt: skip


def case(number: int, subject: str | None, unit: str = "naf:irbid") -> Instance:
    return Instance(
        f"case-{number}", "client_journey", 1, None, unit, subject, InstanceState.ACTIVE,
        "somebody", NOW, None, 1,
    )  # fmt: skip


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def logged(product: Product) -> list[tuple[str, str]]:
    with product.database.reading() as tx:
        rows = tx.execute(sa.select(access_log.c.actor, access_log.c.subject))
        return [(row.actor, row.subject) for row in rows]


def test_who_sees_a_task_sees_whom_it_is_about(product: Product) -> None:
    person = product.person()
    ours, theirs = task(1, person.id), task(2, person.id, "mol:irbid", "mol_officer")
    both = (ours, theirs, task(3, None))
    names = product.journey.persons.names_for_tasks
    full = "إيمان الغيثي"
    assert names(IRBID, both) == {ours.id: full}
    assert names(HEAD_IRBID, both) == {ours.id: full}
    assert names(MOL_IRBID, both) == {theirs.id: full}
    for stranger in (ZARQA, COORDINATOR, AUDITOR, ADMIN):
        assert names(stranger, both) == {}
    assert logged(product) == [(who.username, person.id) for who in (IRBID, HEAD_IRBID, MOL_IRBID)]


def test_a_link_shows_the_name_of_its_own_tasks_only(product: Product) -> None:
    person, other = product.person(), product.person(2, first_name="سعاد")
    unit = "provider:vtc_irbid"
    mine = task(1, person.id, unit, "service_provider")
    another = task(2, other.id, unit, "service_provider")
    provider = Actor("p", frozenset({Role.SERVICE_PROVIDER}), frozenset({unit}))
    names = product.journey.persons.names_for_tasks
    assert set(names(provider, (mine, another))) == {mine.id, another.id}
    link = replace(provider, username="link:1", only_tasks=frozenset({mine.id}))
    assert set(names(link, (mine, another))) == {mine.id}


def test_names_of_cases_are_for_who_may_read_the_case(product: Product) -> None:
    person = product.person()
    cases = (case(1, person.id), case(2, person.id, "naf:zarqa"), case(3, None))
    names = product.journey.persons.names_for_cases
    assert set(names(IRBID, cases)) == {"case-1"}
    assert set(names(ZARQA, cases)) == {"case-2"}
    assert set(names(AUDITOR, cases)) == {"case-1", "case-2"}
    for stranger in (COORDINATOR, ADMIN, MOL_IRBID):
        assert names(stranger, cases) == {}


def test_a_long_list_costs_as_many_statements_as_a_short_one(product: Product) -> None:
    people = [product.person(number).id for number in range(1, 9)]
    tasks = [task(number, person) for number, person in enumerate(people)]
    with statements(product.database) as short:
        product.journey.persons.names_for_tasks(IRBID, tasks[:1])
    with statements(product.database) as long:
        assert len(product.journey.persons.names_for_tasks(IRBID, tasks)) == 8
    assert len(long) == len(short)
    assert len(logged(product)) == 9


def test_an_erased_person_has_no_name(product: Product) -> None:
    gone, there = product.person(), product.person(2)
    product.journey.persons.erase(ADMIN, gone.id, "request of the person")
    tasks = (task(1, gone.id), task(2, there.id))
    assert set(product.journey.persons.names_for_tasks(IRBID, tasks)) == {"case.2"}
