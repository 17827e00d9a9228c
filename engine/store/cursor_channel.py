"""Statements one by one on the driver's cursor: SQLite, where a statement is a call, no journey."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from engine.store.channel import Answer, wrapped


class CursorChannel:
    """Runs every statement at once; see `Channel`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._error: type[Exception] = connection.dialect.loaded_dbapi.Error

    def run(self, text: str, parameters: Any) -> Answer:
        try:
            self._cursor.execute(text, parameters)
        except self._error as error:
            raise wrapped(text, error, self._connection.dialect) from error
        answer: Answer = self._cursor
        return answer

    def run_many(self, text: str, parameters: Sequence[Any]) -> Answer:
        try:
            self._cursor.executemany(text, parameters)
        except self._error as error:
            raise wrapped(text, error, self._connection.dialect) from error
        answer: Answer = self._cursor
        return answer

    def expect(self, answer: Answer, rows: int, otherwise: Exception) -> None:
        if answer.rowcount != rows:
            raise otherwise

    def settle(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Let go of the driver's cursor while the connection is still this thread's alone.

        An open cursor holds a statement that the driver shares between all cursors of the
        connection. Thrown away later it would reset that statement under the next thread, whose
        own execution then fails as a misuse of the interface.
        """
        cursor = self.__dict__.pop("_cursor", None)
        if cursor is not None:
            cursor.close()

    @cached_property
    def _cursor(self) -> Any:
        return self._connection.connection.cursor()
