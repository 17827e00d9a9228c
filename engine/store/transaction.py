"""One open transaction: the rows of a command are read and written through it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from engine.store.channel import Answer, Channel


class Transaction:
    """One open transaction. Rows are written through `connection`; `after_commit` defers what
    must only happen once the rows are durable (cache puts, outgoing calls)."""

    def __init__(
        self,
        connection: sa.Connection,
        channel: Channel,
        listeners: Sequence[Callable[[str], None]] = (),
    ) -> None:
        self._connection = connection
        self._channel = channel
        self._listeners = listeners
        self.dialect = connection.dialect.name
        """`sqlite` or `postgresql`."""
        self.sql_dialect = connection.dialect
        self.memo: dict[object, Any] = {}
        """What was looked up or made in this transaction; forgotten with it."""
        self._after_commit: list[Callable[[], None]] = []

    @property
    def connection(self) -> sa.Connection:
        """SQLAlchemy's connection, every statement given to `run` so far done."""
        self._channel.settle()
        return self._connection

    def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        """Run one Core statement (or executemany when `parameters` is a list)."""
        return self.connection.execute(statement, parameters)

    def run(self, text: str, parameters: Any) -> Answer:
        """Run SQL in the driver's own form; `engine.store.statement` does. On PostgreSQL it may
        wait for the next one that is looked at: see `Channel`."""
        self._tell(text)
        return self._channel.run(text, parameters)

    def run_many(self, text: str, parameters: Sequence[Any]) -> Answer:
        """As `run`, once for each of `parameters`."""
        self._tell(text)
        return self._channel.run_many(text, parameters)

    def expect(self, answer: Answer, rows: int, otherwise: Exception) -> None:
        """Raise `otherwise` unless the statement changed so many rows: at the latest before
        anything later is read and before the commit."""
        self._channel.expect(answer, rows, otherwise)

    def settle(self) -> None:
        """Be done with every statement so far. Raises what is wrong with the first bad one."""
        self._channel.settle()

    def lock(self, name: str) -> None:
        """Wait until no other transaction holds the lock `name`; hold it until the end.

        Needed only where there is no row to lock yet. SQLite has one writer at a time anyway.
        """
        if self.dialect == "postgresql":
            number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
            self.run(_LOCK, {"number": number})

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run `action` once this transaction is committed; never if it is rolled back."""
        self._after_commit.append(action)

    def run_after_commit(self) -> None:
        """Called by `Database.transaction` when the commit is done."""
        for action in self._after_commit:
            action()

    def _tell(self, text: str) -> None:
        for listener in self._listeners:
            listener(text)


_LOCK = "SELECT pg_advisory_xact_lock(%(number)s::bigint)"
