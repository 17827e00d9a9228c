"""Statements that go to PostgreSQL together: how often they go, and what goes wrong between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from engine.errors import Unavailable
from engine.store.database import Database
from engine.store.keys import data_key
from engine.store.pipeline import Pipeline
from engine.store.statement import Statement
from engine.store.transaction import Transaction
from tests.engine.test_statement import Stale, row

_INSERT = Statement(data_key.insert())
_OF = Statement(data_key.select().where(data_key.c.owner == sa.bindparam("who")))
_RENAME = Statement(
    data_key.update()
    .where(data_key.c.owner == sa.bindparam("was"))
    .values(owner=sa.bindparam("becomes"))
)
_OWNERS = sa.select(data_key.c.owner).order_by(data_key.c.owner)
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

_PREPARED = "SELECT count(*) FROM pg_prepared_statements"


@pytest.fixture
def trips(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What our side waited for: a message of statements, or one command of the driver's own."""
    with database.transaction() as tx:
        tx.settle()  # connected
    with database.glance() as tx:
        tx.settle()
    seen: list[str] = []
    wait = psycopg.Connection.wait

    def waiting(connection: Any, generator: Any, *rest: Any, **more: Any) -> Any:
        seen.append(generator.__name__)
        return wait(connection, generator, *rest, **more)

    monkeypatch.setattr(psycopg.Connection, "wait", waiting)
    return seen


def attempt(database: Database, does: Callable[[Transaction], object]) -> None:
    with database.transaction() as tx:
        tx.after_commit(lambda: pytest.fail("It was committed."))
        does(tx)


def owners(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.execute(_OWNERS).scalars())


def backend(tx: Transaction) -> int:
    return int(tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def test_a_command_is_three_messages(database: Database, trips: list[str]) -> None:
    with database.transaction() as tx:
        assert _OF.first(tx, {"who": "a"}) is None
        _INSERT.run(tx, row("a"))
        _INSERT.run_each(tx, [row("b"), row("c")])
    assert trips == ["_exchange", "_exchange", "_commit_gen"]
    assert owners(database) == ["a", "b", "c"]


def test_a_statement_is_prepared_once_on_a_connection(database: Database) -> None:
    for name in ("a", "b", "c"):
        with database.transaction() as tx:
            _INSERT.run(tx, row(name))
            here = backend(tx)
    with database.transaction() as tx:
        assert backend(tx) == here
        assert tx.connection.exec_driver_sql(_PREPARED).scalar_one() == 2  # with BEGIN


def test_what_was_prepared_outlives_a_failure(database: Database) -> None:
    for name in ("a", "a", "b"):
        try:
            with database.transaction() as tx:
                _INSERT.run(tx, row(name))
        except exc.IntegrityError:
            assert name == "a"
    assert owners(database) == ["a", "b"]


def test_an_error_in_the_middle_leaves_nothing(database: Database) -> None:
    def twice(tx: Transaction) -> None:
        _INSERT.run(tx, row("a"))
        _INSERT.run_each(tx, [row("b"), row("a"), row("c")])
        _OF.rows(tx, {"who": "a"})
        pytest.fail("The reading tells of it.")

    with pytest.raises(exc.IntegrityError, match="data_key"):
        attempt(database, twice)
    assert owners(database) == []


def test_a_new_statement_behind_an_error_is_prepared_the_next_time(database: Database) -> None:
    def twice(tx: Transaction) -> None:
        _INSERT.run_each(tx, [row("a"), row("a")])
        _OF.rows(tx, {"who": "a"})

    with pytest.raises(exc.IntegrityError):
        attempt(database, twice)
    with database.transaction() as tx:
        _INSERT.run(tx, row("a"))
        assert _OF.first(tx, {"who": "a"}) == row("a")


def test_a_failed_expectation_leaves_nothing_and_keeps_the_connection(
    database: Database, trips: list[str]
) -> None:
    def stale(tx: Transaction) -> None:
        _INSERT.run(tx, row("a"))
        _RENAME.change_each(tx, [{"was": "gone", "becomes": "b"}], Stale())
        _INSERT.run(tx, row("c"))

    with pytest.raises(Stale):
        attempt(database, stale)
    assert trips.count("_exchange") == 1
    assert "_commit_gen" not in trips
    assert owners(database) == []


def test_a_value_that_cannot_be_sent_is_told_at_once(database: Database) -> None:
    with database.transaction() as tx:
        with pytest.raises(exc.DataError):
            _INSERT.run(tx, row("nul\0"))
        _INSERT.run(tx, row("a"))
    assert owners(database) == ["a"]


@pytest.mark.parametrize("when", ["reading", "committing"])
def test_a_connection_that_is_lost_is_unavailable(database: Database, when: str) -> None:
    def cut_off(tx: Transaction) -> None:
        _INSERT.run(tx, row("a"))
        pid = backend(tx)
        with database.engine.connect() as other:
            other.execute(sa.select(sa.func.pg_terminate_backend(pid, 5000)))
        _INSERT.run(tx, row("b"))
        if when == "reading":
            _OF.rows(tx, {"who": "b"})
            pytest.fail("The reading tells of it.")

    with pytest.raises(Unavailable):
        attempt(database, cut_off)
    with database.transaction() as tx:
        _INSERT.run(tx, row("c"))
    assert owners(database) == ["c"]


def test_who_is_interrupted_leaves_nothing_and_no_connection(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> Iterator[Any]:
        raise KeyboardInterrupt
        yield

    gone: list[int] = []

    def interrupt(tx: Transaction) -> None:
        _INSERT.run(tx, row("a"))
        gone.append(backend(tx))
        _INSERT.run(tx, row("b"))
        with monkeypatch.context() as patched:
            patched.setattr(Pipeline, "_exchange", interrupted)
            tx.settle()

    with pytest.raises(KeyboardInterrupt):
        attempt(database, interrupt)
    with database.transaction() as tx:
        assert backend(tx) not in gone
    assert owners(database) == []


def test_more_than_the_line_holds_goes_through(database: Database) -> None:
    """Both sides would wait for each other if nobody read while the other one writes."""
    many = [row(f"case:{number:05}", b"x" * 2000) for number in range(2000)]
    with database.transaction() as tx:
        _INSERT.run_each(tx, many)
        for one in many:
            tx.run("SELECT repeat('y', 2000) WHERE %(a)s <> '%%'", {"a": one["owner"]})
    assert len(owners(database)) == 2000


def test_a_glance_begins_nothing(database: Database, trips: list[str]) -> None:
    with database.glance() as tx:
        trips.clear()
        assert _OF.rows(tx, {"who": "a"}) == []
        assert _OF.rows(tx, {"who": "b"}) == []
        assert trips == ["_exchange", "_exchange"]
        in_one = tx.connection.exec_driver_sql("SELECT now() = statement_timestamp()").scalar_one()
    assert in_one
