"""Statements that bypass SQLAlchemy's execution give the same as it does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import Unavailable
from engine.store.database import Database
from engine.store.keys import data_key
from engine.store.statement import Statement

_NOW = datetime(2026, 3, 1, 8, 30, 0, 5, tzinfo=UTC)
_INSERT = Statement(data_key.insert())
_ALL = sa.select(data_key).order_by(data_key.c.owner)
_OF = Statement(data_key.select().where(data_key.c.owner == sa.bindparam("who")))


def row(owner: str, wrapped: bytes | None = b"\x00\xff") -> dict[str, object]:
    gone = None if wrapped is not None else _NOW
    return {"owner": owner, "wrapped": wrapped, "created_at": _NOW, "destroyed_at": gone}


def test_what_it_writes_core_reads_and_the_other_way_round(database: Database) -> None:
    with database.transaction() as tx:
        assert _INSERT.run(tx, row("case:1")) == 1
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
        assert _INSERT.run_each(tx, []) == 0
        assert told == []
        assert _INSERT.run_each(tx, [row("a"), row("b"), row("c")]) == 3
    assert len(told) == 1


def test_it_counts_what_it_changed(database: Database) -> None:
    rename = Statement(
        data_key.update()
        .where(data_key.c.owner == sa.bindparam("was"), data_key.c.destroyed_at.is_(None))
        .values(owner=sa.bindparam("becomes"))
    )
    with database.transaction() as tx:
        _INSERT.run_each(tx, [row("a"), row("b", None)])
        changes = [{"was": "a", "becomes": "c"}, {"was": "b", "becomes": "d"}]
        assert rename.run_each(tx, changes) == 1


def test_one_statement_for_each_database(database: Database) -> None:
    add = Statement(
        sqlite=sqlite.insert(data_key).on_conflict_do_nothing(),
        postgresql=postgresql.insert(data_key).on_conflict_do_nothing(),
    )
    with database.transaction() as tx:
        assert [add.run(tx, row("a")), add.run(tx, row("a", b"other"))] == [1, 0]
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
            _INSERT.run(tx, row("a"))
        except (exc.DBAPIError, Unavailable):
            assert database.dialect == "postgresql"
    with database.reading() as tx:
        assert Statement(_ALL).rows(tx, {}) == []
