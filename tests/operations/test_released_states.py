"""Databases of every released state, with cases in them, come up to this release and go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

import migrations
from engine.clock import SimulatedClock
from engine.store import cases
from engine.store.cases import active_element, process_instance
from engine.store.database import Database
from engine.store.schema import metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction
from operations import restore
from operations.verification import Check, faults
from tests.engine.conftest import HEAD, WORKER, Desk, Recorder, SystemTime, engine_on
from tests.engine.test_migrations import triggers
from tests.operations.released_state import KEY, STATES, fill

CHECKS = frozenset(Check) - {Check.PROJECTIONS}
"""The small diagrams of these states are none of the journey's."""
WITHOUT_UNIT = Statement(
    active_element.insert().values(
        {name: sa.bindparam(name) for name in ("element_id", "instance_id")}
    )
)
"""As it was written before revision 0004."""
RELEASED = sorted(folder.name for folder in STATES.iterdir())


def columns(tx: Transaction, table: str) -> set[tuple[str, str, bool]]:
    """Name, type and whether it may be null."""
    found = sa.inspect(tx.connection).get_columns(table)
    return {(one["name"], str(one["type"]), one["nullable"]) for one in found}


def desk_on(database: Database) -> Desk:
    return Desk(engine_on(database, KEY, SystemTime()), Recorder(), SystemTime())


def test_states_are_of_revisions_that_are_known_the_first_one_among_them() -> None:
    assert migrations.revisions()[0] in RELEASED
    assert set(RELEASED) <= set(migrations.revisions())


@pytest.mark.parametrize("revision", RELEASED)
def test_a_released_state_comes_up_verifies_and_goes_on(
    revision: str, new_url: Callable[[], str]
) -> None:
    url = new_url()
    assert restore(STATES / revision, url, KEY).manifest.revision == revision
    assert migrations.current(url) == migrations.head()
    database = Database(url)
    desk = desk_on(database)
    assert [str(fault) for fault in faults(desk.engine, checks=CHECKS)] == []
    (review,) = desk.tasks(WORKER, element="review")
    case = desk.engine.cases.get(WORKER, review.instance_id)
    assert case.variables == {"name": "ليلى", "age": 30, "reply": "yes"}
    desk.complete(WORKER, "review", {"age": 31})
    desk.complete(HEAD, "confirm")
    assert desk.engine.cases.get(WORKER, case.id).state == "completed"
    desk.advance(days=4)
    fill(desk, "p3")
    assert [str(fault) for fault in faults(desk.engine, checks=CHECKS)] == []
    assert desk.count(process_instance) == 8
    database.close()


@pytest.mark.parametrize("revision", RELEASED)
def test_its_tables_and_triggers_are_those_of_a_new_database(
    revision: str, new_url: Callable[[], str]
) -> None:
    old, new = new_url(), new_url()
    restore(STATES / revision, old, KEY)
    migrations.upgrade(new)
    first, second = Database(old), Database(new)
    assert triggers(first) == triggers(second)
    assert {table for table, _ in triggers(first)} == {
        table.name for table in metadata.sorted_tables if table.info.get("append_only")
    }
    with first.reading() as tx, second.reading() as other:
        for table in metadata.sorted_tables:
            assert columns(tx, table.name) == columns(other, table.name)
    first.close()
    second.close()


def test_a_state_in_use_is_upgraded_in_place(
    new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `rihla run` does it: the release before leaves a database, this one takes it over."""
    url = new_url()
    migrations.upgrade(url, RELEASED[0])
    database = Database(url)
    SimulatedClock(database).set_up(SystemTime().moment)
    with monkeypatch.context() as before:
        before.setattr(cases, "_ADD_ELEMENT", WITHOUT_UNIT)
        fill(desk_on(database))
    database.close()
    migrations.upgrade(url)
    desk = desk_on(Database(url))
    assert set(desk.values(sa.select(active_element.c.unit))) == {"naf:north"}
    assert [str(fault) for fault in faults(desk.engine, checks=CHECKS)] == []
    refused = pytest.raises(sa.exc.DBAPIError, match="append-only")
    with refused, desk.engine.database.transaction() as tx:
        tx.connection.exec_driver_sql("DELETE FROM journal")
    desk.engine.close()
