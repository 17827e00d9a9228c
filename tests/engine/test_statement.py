"""Statements that bypass SQLAlchemy's execution give the same as it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import Unavailable
from engine.store.database import Database
from engine.store.keys import data_key
from engine.store.statement import Statement
from engine.store.transaction import Transaction

_NOW = datetime(2026, 3, 1, 8, 30, 0, 5, tzinfo=UTC)
_INSERT = Statement(data_key.insert())
_ALL = sa.select(data_key).order_by(data_key.c.owner)
_RENAME = Statement(
    data_key.update()
    .where(data_key.c.owner == sa.bindparam("was"), data_key.c.destroyed_at.is_(None))
    .values(owner=sa.bindparam("becomes"))
)
_OF = Statement(data_key.select().where(data_key.c.owner == sa.bindparam("who")))


class Stale(Exception):
    """A row was not as it was read."""


def row(owner: str, wrapped: bytes | None = b"\x00\xff") -> dict[str, object]:
    gone = None if wrapped is not None else _NOW
    return {"owner": owner, "wrapped": wrapped, "created_at": _NOW, "destroyed_at": gone}


def test_what_it_writes_core_reads_and_the_other_way_round(database: Database) -> None:
    with database.transaction() as tx:
        _INSERT.run(tx, row("case:1"))
        tx.execute(data_key.insert(), [row("case:2", None)])
        written = [dict(one._mapping) for one in tx.execute(_ALL)]
        assert written == [row("case:1"), row("case:2", None)]
        assert Statement(_ALL).rows(tx, {}) == written


def test_one_row_or_none(database: Database) -> None:
    with database.transaction() as tx:
        _INSERT.run_each(tx, [row("a"), row("b")])
        assert _OF.first(tx, {"who": "b"}) == row("b")
        assert _OF.first(tx, {"who": "'; DROP TABLE data_key; --"}) is None


def test_nothing_to_do_is_no_statement(database: Database) -> None:
    told: list[str] = []
    database.listen(told.append)
    with database.transaction() as tx:
        _INSERT.run_each(tx, [])
        assert told == []
        _INSERT.run_each(tx, [row("a"), row("b"), row("c")])
    assert len(told) == 1


def test_it_counts_what_it_changed(database: Database) -> None:
    with database.transaction() as tx:
        _INSERT.run_each(tx, [row("a"), row("b", None)])
        counts = [_RENAME.count(tx, {"was": was, "becomes": "c"}) for was in ("a", "b", "z")]
    assert counts == [1, 0, 0]


def test_each_changes_a_row_or_nothing_stays(database: Database) -> None:
    with database.transaction() as tx:
        _INSERT.run_each(tx, [row("a"), row("b"), row("c", None)])
        stale = Stale()
        _RENAME.change_each(tx, [], stale)
        _RENAME.change_each(tx, [{"was": "a", "becomes": "d"}], stale)

    def one_of_two(tx: Transaction) -> None:
        changes = [{"was": "b", "becomes": "e"}, {"was": "c", "becomes": "f"}]
        _RENAME.change_each(tx, changes, Stale())
        _INSERT.run(tx, row("g"))

    with pytest.raises(Stale):
        _attempt(database, one_of_two)
    with database.reading() as tx:
        assert [one["owner"] for one in Statement(_ALL).rows(tx, {})] == ["b", "c", "d"]


@pytest.mark.parametrize("way", ["statement", "core", "failure"])
def test_the_first_fault_is_told(database: Database, way: str) -> None:
    """Whatever comes after a row that was stale, it is what the caller hears of."""

    def stale(tx: Transaction) -> None:
        _INSERT.run(tx, row("a"))
        _RENAME.change_each(tx, [{"was": "z", "becomes": "y"}], Stale())
        _INSERT.run(tx, row("a"))
        if way == "statement":
            _OF.first(tx, {"who": "a"})
        elif way == "core":
            tx.execute(_ALL)
        raise ZeroDivisionError

    with pytest.raises(Stale):
        _attempt(database, stale)
    with database.reading() as tx:
        assert Statement(_ALL).rows(tx, {}) == []


def _attempt(database: Database, does: Callable[[Transaction], None]) -> None:
    with database.transaction() as tx:
        tx.after_commit(lambda: pytest.fail("It was committed."))
        does(tx)


def test_one_statement_for_each_database(database: Database) -> None:
    add = Statement(
        sqlite=sqlite.insert(data_key).on_conflict_do_nothing(),
        postgresql=postgresql.insert(data_key).on_conflict_do_nothing(),
    )
    with database.transaction() as tx:
        assert [add.count(tx, row("a")), add.count(tx, row("a", b"other"))] == [1, 0]
        assert _OF.first(tx, {"who": "a"}) == row("a")


def test_errors_are_those_of_sqlalchemy_and_hold_no_values(database: Database) -> None:
    with pytest.raises(exc.IntegrityError) as twice, database.transaction() as tx:
        _INSERT.run_each(tx, [row("secret-name"), row("secret-name")])
    assert "secret-name" not in str(twice.value).partition("DETAIL")[0]
    with database.reading() as tx:
        assert Statement(_ALL).rows(tx, {}) == []


def test_what_a_reading_transaction_writes_does_not_stay(database: Database) -> None:
    with database.reading() as tx:
        try:
            _INSERT.count(tx, row("a"))
        except (exc.DBAPIError, Unavailable):
            assert database.dialect == "postgresql"
    with database.reading() as tx:
        assert Statement(_ALL).rows(tx, {}) == []
