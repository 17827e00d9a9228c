"""A transaction that does its work and is then rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from engine.store.database import Database
from engine.store.transaction import Transaction


class _Undo(Exception):
    pass


@contextmanager
def undone(database: Database) -> Iterator[Transaction]:
    """Like `database.transaction()`, but nothing of it stays."""
    with suppress(_Undo), database.transaction() as tx:
        yield tx
        raise _Undo
