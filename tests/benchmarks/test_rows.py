"""Rows written past the product look to the product like its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app import Product
from benchmarks import lists, models, nation, waiting
from benchmarks.bulk import Bulk
from benchmarks.places import COORDINATOR, WORKER, Installation, Places
from engine.records import Paging
from engine.store.database import Database

CASES = 600


@pytest.fixture(scope="module")
def place() -> Iterator[Installation]:
    with Places() as places:
        made = places.installation("sqlite", {**models.five_tasks(), **models.waiting()})
        nation.fill(made, CASES)
        waiting.crowd(made, 30)
        yield made


@pytest.fixture
def product(place: Installation) -> Iterator[Product]:
    opened = place.open()
    yield opened
    opened.engine.close()


def test_indexes_and_triggers_come_back(database: Database, database_url: str) -> None:
    before = indexes(database)
    assert before
    database.close()
    with Bulk(database_url) as bulk:
        bulk.insert("timer", ("instance_id", "key", "element_id", "due_at", "failures"), [])
        bulk.insert(
            "journal",
            nation._ENTRY,
            [("s", 1, 5, "k", "a", None, None, "[]", "{}", "o", b"sealed", b"hash")],
        )
    assert indexes(database) == before
    with (
        pytest.raises(DBAPIError, match="append-only"),
        database.transaction() as transaction,
    ):
        transaction.execute(sa.text("DELETE FROM journal"))


def test_rows_arrive_on_both_systems(database: Database, database_url: str) -> None:
    with Bulk(database_url) as bulk:
        bulk.insert("person", nation._PERSON, nation._people(["0-0", "3-1"], datetime.now(UTC)))
    with database.reading() as transaction:
        found = transaction.execute(sa.text("SELECT id, unit FROM person ORDER BY id")).all()
    assert [tuple(row) for row in found] == [("0-0", nation.UNITS[0]), ("3-1", nation.UNITS[3])]


def indexes(database: Database) -> set[str]:
    inspector = sa.inspect(database.engine)
    return {
        str(index["name"])
        for table in ("process_instance", "user_task", "journal", "timer", "person", "person_token")
        for index in inspector.get_indexes(table)
    }


def test_a_worker_sees_the_tasks_of_the_own_branch_and_role(product: Product) -> None:
    found = product.engine.tasks.list(WORKER, paging=Paging(200)).items
    mine = [n for n in range(CASES) if n % len(nation.UNITS) == 0 and n % 5]
    assert len(found) == len(mine)
    assert {task.unit for task in found} == {nation.UNITS[0]}


def test_headquarters_sees_every_case(product: Product) -> None:
    found, cursor = 0, None
    while True:
        page = product.engine.cases.list(COORDINATOR, paging=Paging(200, cursor))
        found += len(page.items)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == CASES + 30


def test_people_are_found_by_their_names(product: Product) -> None:
    first, last = nation.names_of(nation.person_id(0))
    found = product.engine.tasks.list(WORKER, q=f"{first} {last}", paging=Paging(200)).items
    assert nation.case_id(12) in {task.instance_id for task in found}
    assert all(nation.names_of(str(task.subject)) == (first, last) for task in found)


def test_every_look_of_the_benchmark_finds_its_way(product: Product) -> None:
    cursor, page = lists._far_cursor(
        lambda paging: product.engine.cases.list(COORDINATOR, paging=paging)
    )
    assert cursor is not None
    assert page == 13  # 630 cases: three strides of 200 are 12 pages of 50
    for name, look in lists._looks(product, None, cursor).items():
        assert look() is not None, name


def test_the_crowd_waits_and_nothing_else(product: Product) -> None:
    soon = datetime.now(UTC) + timedelta(days=365)
    assert waiting.still_waiting(product.engine.database, soon) == 0
    assert waiting.still_waiting(product.engine.database, soon + timedelta(days=4000)) == 30
    assert product.engine.do_due_work() == 0


def test_overdue_cases_fire_and_end(product: Product) -> None:
    began = datetime.now(UTC)
    waiting.wait_until(product, [began - timedelta(hours=1)] * 3)
    assert waiting.still_waiting(product.engine.database, began) == 3
    assert product.engine.do_due_work() == 3
    assert len(waiting.ends(product.engine.database, began)) == 3
