"""Proves that no chain of the journal was altered: every stream, every case against its head."""

from __future__ import annotations

from collections.abc import Iterator

from engine.commit import stream_of
from engine.journal import ChainReport, Head, Journal
from engine.store import cases
from engine.store.database import Database


def verify_all(database: Database, journal: Journal) -> Iterator[ChainReport]:
    """One report a stream, cases first, in one consistent view of the database.

    A case is checked against the head in its row, so entries cut off at the end are found, and so
    is a case whose journal is gone altogether. No key is needed.
    """
    with database.reading() as transaction:
        seen = set()
        for instance_id, seq, hash_ in cases.heads(transaction):
            seen.add(stream_of(instance_id))
            yield journal.verify(transaction, stream_of(instance_id), Head(seq, hash_))
        for stream in journal.streams(transaction):
            if stream not in seen:
                yield journal.verify(transaction, stream)
