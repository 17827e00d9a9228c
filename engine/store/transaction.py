"""One open transaction, and how its statements reach the driver."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc


def wrapped(text: str, error: Exception, dialect: sa.Dialect) -> Exception:
    """The driver's error as SQLAlchemy tells it, without the values."""
    of_driver: type[Exception] = dialect.loaded_dbapi.Error
    told: Exception = exc.DBAPIError.instance(
        text, None, error, of_driver, hide_parameters=True, dialect=dialect
    )
    return told


class Transaction:
    """One open transaction. Rows are written through `connection`; `after_commit` defers what
    must only happen once the rows are durable (cache puts, outgoing calls)."""

    def __init__(
        self, connection: sa.Connection, listeners: Sequence[Callable[[str], None]] = ()
    ) -> None:
        self.connection = connection
        self._listeners = listeners
        self.memo: dict[object, Any] = {}
        """What was looked up or made in this transaction; forgotten with it."""
        self._after_commit: list[Callable[[], None]] = []

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.connection.dialect.name

    def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        """Run one Core statement (or executemany when `parameters` is a list)."""
        return self.connection.execute(statement, parameters)

    def run(self, text: str, parameters: Any) -> Any:
        """Run SQL on the driver's own cursor and answer with it; `engine.store.statement` does.
        The cursor is the transaction's only one: its rows must be read before the next statement.
        """
        self._tell(text)
        try:
            self._cursor.execute(text, parameters)
        except self._driver_error as error:
            raise wrapped(text, error, self.connection.dialect) from error
        return self._cursor

    def run_many(self, text: str, parameters: Sequence[Any]) -> Any:
        """As `run`, once for each of `parameters`."""
        self._tell(text)
        try:
            self._cursor.executemany(text, parameters)
        except self._driver_error as error:
            raise wrapped(text, error, self.connection.dialect) from error
        return self._cursor

    def _tell(self, text: str) -> None:
        for listener in self._listeners:
            listener(text)

    @cached_property
    def _cursor(self) -> Any:
        return self.connection.connection.cursor()

    @cached_property
    def _driver_error(self) -> type[Exception]:
        error: type[Exception] = self.connection.dialect.loaded_dbapi.Error
        return error

    def lock(self, name: str) -> None:
        """Wait until no other transaction holds the lock `name`; hold it until the end.

        Needed only where there is no row to lock yet. SQLite has one writer at a time anyway.
        """
        if self.dialect == "postgresql":
            number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
            self.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.cast(number, sa.BigInteger))))

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run `action` once this transaction is committed; never if it is rolled back."""
        self._after_commit.append(action)

    def close(self) -> None:
        """Let go of the driver's cursor; called while the connection is still this thread's alone.

        An open cursor holds a statement that the driver shares between all cursors of the
        connection. Thrown away later it would reset that statement under the next thread, whose
        own execution then fails as a misuse of the interface.
        """
        cursor = self.__dict__.pop("_cursor", None)
        if cursor is not None:
            cursor.close()

    def run_after_commit(self) -> None:
        """Called by `Database.transaction` when the commit is done."""
        for action in self._after_commit:
            action()
