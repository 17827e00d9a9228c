"""Seals: a Merkle root a day over what went on, each in a chain with the one before."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import exc

from engine.clock import SimulatedClock
from engine.journal import ADMIN_STREAM, Journal, NewEntry
from engine.merkle import MerkleTree
from engine.seals import Seals, faults_of, root_of, root_of_heads
from engine.store import seals as store
from engine.store.database import Database
from engine.store.seals import Leaf, SealRow, seal, seal_leaf
from engine.verify import seal_faults, verify_chains
from tests.conftest import START


def write(database: Database, journal: Journal, stream: str, count: int = 1) -> None:
    with database.transaction() as tx:
        entries = [NewEntry(START, "somebody", "noted", data={"n": n}) for n in range(count)]
        journal.append_to(tx, stream, entries, stream)


def later(database: Database, clock: SimulatedClock, **span: float) -> None:
    with database.transaction() as tx:
        clock.advance(tx, clock.now(tx) + timedelta(**span))


def drop_triggers(database: Database, *tables: str) -> None:
    """What somebody with the database's password could do."""
    with database.transaction() as tx:
        for table in tables:
            if database.dialect == "sqlite":
                for name in ("no_update", "no_delete", "no_replace"):
                    tx.connection.exec_driver_sql(f"DROP TRIGGER {table}_{name}")
            else:
                tx.connection.exec_driver_sql(f"DROP FUNCTION {table}_refuse() CASCADE")


def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + by_the_book(leaves[:k]) + by_the_book(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_a_tree_hashes_as_rfc_6962_says(leaves: list[bytes]) -> None:
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.root() == by_the_book(leaves).hex()
    assert tree.leaves == len(leaves)


@pytest.fixture
def seals(database: Database, clock: SimulatedClock) -> Seals:
    return Seals(database, clock)


def made(seals: Seals) -> SealRow:
    found = seals.seal()
    assert found is not None
    return found


def test_the_first_seal_takes_every_chain(
    database: Database, journal: Journal, seals: Seals
) -> None:
    write(database, journal, "person:ب", 2)
    write(database, journal, "person:Z")
    write(database, journal, ADMIN_STREAM, 3)
    first = made(seals)
    assert (first.day, first.changed, first.chains, first.entries) == (date(2026, 1, 4), 3, 3, 6)
    assert first.previous == ""
    with database.reading() as tx:
        heads = list(store.heads(tx, "case:"))
        assert first.root == root_of(heads) == root_of_heads(tx)
    # By the bytes of the names on both databases, whatever the locale says.
    assert [head.stream for head in heads] == ["admin", "person:Z", "person:ب"]
    assert list(seal_faults(database)) == []


def test_a_day_has_one_seal_and_the_next_one_takes_only_what_went_on(
    database: Database, journal: Journal, seals: Seals, clock: SimulatedClock
) -> None:
    write(database, journal, "person:1")
    write(database, journal, "person:2")
    first = made(seals)
    write(database, journal, "person:1")
    assert seals.seal() is None
    later(database, clock, hours=13, minutes=59)  # 23:59 in Amman
    assert seals.seal() is None
    later(database, clock, minutes=1)
    second = made(seals)
    assert second.day == date(2026, 1, 5)
    assert (second.changed, second.chains, second.entries) == (1, 2, 3)
    assert second.previous == first.hash
    with database.reading() as tx:
        (leaf,) = store.leaves(tx, second.day)
    assert (leaf.stream, leaf.seq) == ("person:1", 2)
    later(database, clock, days=2)
    third = made(seals)
    assert (third.changed, third.chains) == (0, 2)
    assert seals.every() == (first, second, third)
    assert seals.newest() == third
    assert list(seal_faults(database, seals.every())) == []


def test_processes_that_seal_together_make_one_seal(
    open_database: Callable[[], Database], journal: Journal, clock: SimulatedClock
) -> None:
    databases = [open_database() for _ in range(3)]
    write(databases[0], journal, "person:1")
    found: list[SealRow | None] = []

    def ask(database: Database) -> None:
        found.append(Seals(database, clock).seal())

    threads = [threading.Thread(target=ask, args=(one,)) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len([one for one in found if one is not None]) == 1


def test_a_chain_made_anew_from_its_beginning_is_found(
    database: Database, journal: Journal, seals: Seals
) -> None:
    """Its hashes fit each other and its head: only the seal knows better."""
    write(database, journal, "person:1", 3)
    write(database, journal, "person:2", 3)
    made(seals)
    drop_triggers(database, "journal")
    with database.transaction() as tx:
        for table in ("journal", "journal_stream"):
            tx.connection.exec_driver_sql(
                f"DELETE FROM {table} WHERE stream = 'person:1'"  # noqa: S608
            )
    write(database, journal, "person:1", 4)
    assert all(report.ok for report in verify_chains(database))
    faults = list(seal_faults(database))
    assert [(f.where, f.seq) for f in faults] == [("person:1", 3)]
    assert "another one" in str(faults[0])


def test_a_chain_that_is_gone_whole_is_found(
    database: Database, journal: Journal, seals: Seals
) -> None:
    write(database, journal, "person:1", 3)
    made(seals)
    drop_triggers(database, "journal")
    with database.transaction() as tx:
        for table in ("journal", "journal_stream"):
            tx.connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    assert list(verify_chains(database)) == []
    (fault,) = seal_faults(database, stream="person:1")
    assert (fault.where, fault.seq) == ("person:1", 3)
    assert "missing" in fault.what


def test_the_database_refuses_to_change_a_seal(
    database: Database, journal: Journal, seals: Seals
) -> None:
    write(database, journal, "person:1")
    made(seals)
    for table in ("seal", "seal_leaf"):
        with pytest.raises(exc.DBAPIError, match="append-only"), database.transaction() as tx:
            tx.connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608


def test_what_was_done_to_seals_is_found(
    database: Database, journal: Journal, seals: Seals, clock: SimulatedClock
) -> None:
    write(database, journal, "person:1")
    first = made(seals)
    write(database, journal, "person:2")
    later(database, clock, days=1)
    second = made(seals)
    kept = seals.every()
    drop_triggers(database, "seal", "seal_leaf")

    def said(*statements: sa.Executable) -> set[str]:
        found: set[str] = set()
        try:
            with database.transaction() as tx:
                for statement in statements:
                    tx.execute(statement)
                found = {f"{day} {what}" for day, what in faults_of(tx, kept)}
                raise ZeroDivisionError
        except ZeroDivisionError:
            return found

    assert said() == set()
    altered = sa.update(seal).where(seal.c.day == first.day).values(entries=9)
    assert said(altered) == {
        "2026-01-04 the seal was altered",
        "2026-01-04 the seal is another one than in its file",
    }
    assert said(sa.delete(seal).where(seal.c.day == first.day)) == {
        "2026-01-04 the seal is missing",
        "2026-01-04 there is a file of the seal, but no seal",
        "2026-01-05 the seal does not follow the one before it",
    }
    assert said(sa.delete(seal_leaf).where(seal_leaf.c.day == second.day)) == {
        "2026-01-05 what the seal wrote down of the chains was altered"
    }
    # Everything made anew, so that it fits: only the files tell.
    everything = (sa.delete(seal), sa.delete(seal_leaf))
    assert said(*everything) == {
        "2026-01-04 there is a file of the seal, but no seal",
        "2026-01-05 there is a file of the seal, but no seal",
    }


def test_a_file_that_was_altered_is_named(
    database: Database, journal: Journal, seals: Seals
) -> None:
    write(database, journal, "person:1")
    forged = replace(made(seals), chains=2)
    (fault,) = seal_faults(database, [forged])
    assert str(fault) == "seal 2026-01-04: the file of the seal was altered"


def test_verifying_since_a_seal_reads_what_came_after_it(
    database: Database, journal: Journal, seals: Seals, clock: SimulatedClock
) -> None:
    write(database, journal, "person:1", 3)
    write(database, journal, "person:2", 2)
    day = made(seals).day
    write(database, journal, "person:1", 2)
    write(database, journal, "person:3", 1)
    reports = list(verify_chains(database, since=day))
    assert {(r.stream, r.entries, r.ok) for r in reports} == {
        ("person:1", 2, True),
        ("person:2", 0, True),
        ("person:3", 1, True),
    }
    before = verify_chains(database, since=day - timedelta(days=1))
    assert sum(report.entries for report in before) == 8
    drop_triggers(database, "journal")
    with database.transaction() as tx:
        tx.connection.exec_driver_sql(
            "UPDATE journal SET actor = 'nobody' WHERE stream = 'person:1' AND seq = 5"
        )
    (broken,) = [r for r in verify_chains(database, since=day) if not r.ok]
    assert (broken.stream, broken.first_bad) == ("person:1", 5)


def test_leaves_are_told_apart() -> None:
    assert root_of([Leaf("a", 1, "b")]) != root_of([Leaf("a", 1, "c")])
    assert root_of([Leaf("a", 1, "b")]) != root_of([Leaf("a", 1, "b"), Leaf("b", 1, "b")])
