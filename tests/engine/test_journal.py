"""The journal: chains, append-only triggers, erasure."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from engine.crypto import DataAltered, Keyring
from engine.errors import KeyDestroyed
from engine.journal import EMPTY_HEAD, ChainReport, Head, Journal, NewEntry
from engine.store.database import Database
from engine.store.journal import journal as journal_table
from tests.conftest import START

STREAM = "case:1"


def entry(number: int) -> NewEntry:
    return NewEntry(
        START,
        "case_worker.irbid",
        "complete",
        "interview",
        "مقابلة",
        ("flow_1", "flow_2"),
        {"version": 3, "form_hash": "ab"},
        {"answer": number, "name": "سارة"},
    )


def append(database: Database, journal: Journal, count: int, head: Head = EMPTY_HEAD) -> Head:
    with database.transaction() as tx:
        return journal.append(tx, STREAM, head, [entry(n) for n in range(count)], "p1")


def verify(database: Database, journal: Journal, head: Head | None = None) -> ChainReport:
    with database.reading() as tx:
        return journal.verify(tx, STREAM, head)


def test_what_was_appended_is_read_back(database: Database, journal: Journal) -> None:
    head = append(database, journal, 2)
    with database.reading() as tx:
        first, second = journal.read(tx, STREAM)
        assert journal.read(tx, STREAM, after=1) == [second]
        assert journal.read(tx, STREAM, limit=1) == [first]
        assert list(journal.streams(tx)) == [STREAM]
    assert (first.seq, second.seq) == (1, 2)
    assert first.at == START
    assert first.element_name == "مقابلة"
    assert first.flow_ids == ("flow_1", "flow_2")
    assert first.header == {"version": 3, "form_hash": "ab"}
    assert first.data == {"answer": 0, "name": "سارة"}
    assert head == Head(2, second.hash)


def test_a_chain_verifies_and_continues(database: Database, journal: Journal) -> None:
    head = append(database, journal, 3)
    head = append(database, journal, 2, head)
    assert verify(database, journal, head) == ChainReport(STREAM, 5, True)


def test_nothing_personal_is_stored_in_clear(database: Database, journal: Journal) -> None:
    append(database, journal, 1)
    with database.reading() as tx:
        row = tx.execute(sa.select(journal_table)).one()
    assert "سارة".encode() not in row.payload
    assert "سارة" not in row.header


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'nobody'",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE seq = 2",
    ],
)
def test_the_database_refuses_changes(database: Database, journal: Journal, statement: str) -> None:
    head = append(database, journal, 2)
    with pytest.raises(exc.DBAPIError, match="append-only"), database.transaction() as tx:
        tx.connection.exec_driver_sql(statement)
    assert verify(database, journal, head).ok


def test_the_database_refuses_to_empty_or_replace(database: Database, journal: Journal) -> None:
    head = append(database, journal, 2)
    if database.dialect == "sqlite":
        statement = (
            "INSERT OR REPLACE INTO journal SELECT stream, seq, at, kind, 'nobody', element_id,"
            " element_name, flow_ids, header, owner, payload, hash FROM journal"
        )
    else:
        statement = "TRUNCATE journal"
    with pytest.raises(exc.DBAPIError, match="append-only"), database.transaction() as tx:
        tx.connection.exec_driver_sql(statement)
    assert verify(database, journal, head).ok


def drop_triggers(database: Database) -> None:
    """What somebody with the database's password could do."""
    with database.transaction() as tx:
        if database.dialect == "sqlite":
            for name in ("no_update", "no_delete", "no_replace"):
                tx.connection.exec_driver_sql(f"DROP TRIGGER journal_{name}")
        else:
            tx.connection.exec_driver_sql("DROP FUNCTION journal_refuse() CASCADE")


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "nobody"},
        {"kind": "cancel"},
        {"flow_ids": "[]"},
        {"header": "{}"},
        {"element_name": None},
        {"owner": "p2"},
        {"payload": b"\x01" + bytes(40)},
        {"at": START.replace(year=2027)},
    ],
)
def test_an_altered_entry_is_found(
    database: Database, journal: Journal, change: dict[str, object]
) -> None:
    head = append(database, journal, 3)
    drop_triggers(database)
    with database.transaction() as tx:
        tx.execute(sa.update(journal_table).where(journal_table.c.seq == 2).values(change))
    assert verify(database, journal, head) == ChainReport(STREAM, 1, False, 2)


def test_missing_entries_are_found(database: Database, journal: Journal) -> None:
    head = append(database, journal, 3)
    drop_triggers(database)
    with database.transaction() as tx:
        tx.execute(sa.delete(journal_table).where(journal_table.c.seq == 3))
    assert verify(database, journal, head) == ChainReport(STREAM, 2, False, 3)
    with database.transaction() as tx:
        tx.execute(sa.delete(journal_table).where(journal_table.c.seq == 1))
    assert verify(database, journal, head) == ChainReport(STREAM, 0, False, 1)


def test_a_payload_moved_to_another_entry_is_not_read(database: Database, journal: Journal) -> None:
    append(database, journal, 2)
    drop_triggers(database)
    with database.transaction() as tx:
        payload = tx.execute(
            sa.select(journal_table.c.payload).where(journal_table.c.seq == 1)
        ).scalar_one()
        tx.execute(sa.update(journal_table).values(payload=payload))
    with pytest.raises(DataAltered), database.reading() as tx:
        journal.read(tx, STREAM)


def test_the_chain_survives_erasure(database: Database, journal: Journal, keyring: Keyring) -> None:
    head = append(database, journal, 2)
    with database.transaction() as tx:
        keyring.destroy(tx, "p1")
    with database.reading() as tx:
        entries = journal.read(tx, STREAM)
    assert [(one.erased, one.data) for one in entries] == [(True, {}), (True, {})]
    assert entries[0].header["version"] == 3
    assert verify(database, journal, head).ok
    with pytest.raises(KeyDestroyed):
        append(database, journal, 1, head)


def test_two_writers_with_one_head_cannot_both_append(database: Database, journal: Journal) -> None:
    head = append(database, journal, 1)
    append(database, journal, 1, head)
    with pytest.raises(exc.DBAPIError):
        append(database, journal, 1, head)


def test_streams_that_keep_their_own_head(
    open_database: Callable[[], Database], journal: Journal
) -> None:
    database = open_database()

    def write() -> None:
        for number in range(5):
            with database.transaction() as tx:
                journal.append_to(tx, "person:9", [entry(number)], "p9")

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.reading() as tx:
        assert journal.verify(tx, "person:9") == ChainReport("person:9", 15, True)
    drop_triggers(database)
    with database.transaction() as tx:
        tx.execute(sa.delete(journal_table).where(journal_table.c.seq == 15))
    with database.reading() as tx:
        assert journal.verify(tx, "person:9") == ChainReport("person:9", 14, False, 15)


def test_a_whole_append_is_one_statement(database: Database, journal: Journal) -> None:
    statements: list[str] = []
    database.listen(statements.append)
    append(database, journal, 50)
    assert len([text for text in statements if "INTO journal" in text]) == 1
