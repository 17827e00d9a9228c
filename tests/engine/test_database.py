"""Connections: durability, reading, rollback."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from engine.errors import Unavailable
from engine.store.clock import clock as clock_table
from engine.store.database import Database
from engine.store.database_faults import NotDurable, SchemaMissing
from tests.conftest import START
from tests.engine.undo import undone
from tests.postgres import PostgresServer


def test_sqlite_is_durable_and_keeps_its_word(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/one.db")
    with database.reading() as tx:
        read = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    database.check_durability()
    database.close()
    assert read == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "secure_delete": 2,  # FAST
    }


def test_postgresql_as_it_comes_is_durable() -> None:
    server = PostgresServer(settings=())
    try:
        server.start()
        database = Database(server.url("postgres"))
        database.check_durability()
        database.close()
    finally:
        server.stop()


def test_a_postgresql_that_may_lose_work_is_refused(postgres_server: PostgresServer) -> None:
    database = Database(postgres_server.url("postgres"))
    with pytest.raises(NotDurable, match="fsync = off"):
        database.check_durability()
    database.close()


@pytest.mark.parametrize("way", ["transaction", "reading", "glance"])
@pytest.mark.parametrize("fails", [False, True])
def test_no_cursor_outlives_its_transaction(tmp_path: Path, way: str, fails: bool) -> None:
    """One that a later thread's garbage collection closes would reset that thread's statement."""
    database = Database(f"sqlite:///{tmp_path}/one.db")
    with suppress(ZeroDivisionError), getattr(database, way)() as tx:
        cursor = tx.run("SELECT 1", ())
        assert cursor.fetchall() == [(1,)]
        if fails:
            raise ZeroDivisionError
    with pytest.raises(sqlite3.Error, match="closed"):
        cursor.execute("SELECT 1")
    database.close()


@pytest.mark.parametrize("executed_by", ["driver", "sqlalchemy"])
def test_a_glance_leaves_nothing_begun(tmp_path: Path, executed_by: str) -> None:
    """What was committed since is seen by the next look on the same connection."""
    database = Database(f"sqlite:///{tmp_path}/one.db")
    with database.transaction() as tx:
        tx.run("CREATE TABLE seen (at INTEGER)", ())

    def look() -> int:
        with database.glance() as tx:
            if executed_by == "driver":
                return int(tx.run("SELECT count(*) FROM seen", ()).fetchall()[0][0])
            return int(tx.execute(sa.text("SELECT count(*) FROM seen")).scalar_one())

    found = [look()]
    with database.transaction() as tx:
        tx.run("INSERT INTO seen VALUES (1)", ())
    found.append(look())
    with database.reading() as tx:
        found.append(int(tx.run("SELECT count(*) FROM seen", ()).fetchall()[0][0]))
    database.close()
    assert found == [0, 1, 1]


def test_a_database_that_stays_locked_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.database.BUSY_TIMEOUT_S", 0.01)
    database = Database(f"sqlite:///{tmp_path}/one.db")
    with closing(sqlite3.connect(tmp_path / "one.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable), database.transaction():
            raise AssertionError("it was locked")
        other.rollback()
    with database.transaction() as tx:
        tx.run("SELECT 1", ())
    database.close()


def test_a_stand_by_that_takes_no_writes_is_unavailable(postgres_server: PostgresServer) -> None:
    url = f"{postgres_server.url('postgres')}?options=-c default_transaction_read_only=on"
    database = Database(url)
    with pytest.raises(Unavailable), database.transaction() as tx:
        tx.connection.exec_driver_sql("CREATE TABLE nothing (id int)")
    database.close()


def test_nothing_can_be_written_while_reading(database: Database) -> None:
    if database.dialect == "postgresql":
        with pytest.raises(exc.DBAPIError), database.reading() as tx:
            tx.execute(sa.insert(clock_table).values(id=1, now=START))
    else:
        with database.reading() as tx:
            tx.execute(sa.insert(clock_table).values(id=1, now=START))
    with database.reading() as tx:
        assert tx.execute(sa.select(clock_table)).all() == []


def test_a_reading_sees_one_moment(open_database: Callable[[], Database]) -> None:
    here, there = open_database(), open_database()
    with here.reading() as tx:
        assert tx.execute(sa.select(clock_table)).all() == []
        with there.transaction() as writing:
            writing.execute(sa.insert(clock_table).values(id=1, now=START))
        assert tx.execute(sa.select(clock_table)).all() == []


def test_what_waits_for_the_commit_runs_only_then(database: Database) -> None:
    ran: list[str] = []
    with undone(database) as tx:
        tx.after_commit(lambda: ran.append("rolled back"))
    with database.transaction() as tx:
        tx.after_commit(lambda: ran.append("committed"))
        assert ran == []
    assert ran == ["committed"]


def test_a_database_that_is_away_is_unavailable() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable, match="try again"), database.reading() as tx:
        tx.execute(sa.select(1))
    with pytest.raises(Unavailable), database.transaction() as tx:
        tx.execute(sa.select(1))


def test_a_database_that_was_not_migrated_says_so(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with pytest.raises(SchemaMissing, match="clock"), database.reading() as tx:
        tx.execute(sa.select(clock_table))
    with pytest.raises(exc.DBAPIError, match="syntax"), database.transaction() as tx:
        tx.connection.exec_driver_sql("SELEKT 1")
    database.close()


def test_moments_keep_their_microsecond_and_need_an_offset(database: Database) -> None:
    moment = datetime(1969, 7, 20, 20, 17, 40, 123456, tzinfo=UTC)
    with database.transaction() as tx:
        tx.execute(sa.insert(clock_table).values(id=1, now=moment))
        assert tx.execute(sa.select(clock_table.c.now)).scalar_one() == moment
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  naive on purpose
    with pytest.raises(exc.StatementError, match="no UTC offset"), database.transaction() as tx:
        tx.execute(sa.update(clock_table).values(now=naive))
