"""Statements to PostgreSQL, many in one message (the pipeline mode of its client library).

A round trip costs more than what most statements of a command take, in the server's time and in
ours. So a statement waits here until somebody looks at an answer or the transaction ends: BEGIN
goes out with the first read, all writes of a command go out together. Each statement is prepared
once on a connection, its parameters' types left to the server.

Only statements in the driver's own form come this way; what SQLAlchemy executes finds nothing
waiting (`Transaction.connection` settles first).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import generators, pq
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGresult

from engine.store.channel import Answer, wrapped

_PREPARED = "rihla prepared statements"
"""Where a connection remembers which statements it prepared, and as what."""

_PLACE = re.compile(r"%\((\w+)\)s|%%")
_Values = tuple[Sequence[Any], Sequence[pq.Format]]
"""One row of parameters as it goes over the line, and in which form each is."""
_DONE = frozenset({pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK})


@dataclass(frozen=True)
class _Numbered:
    """A statement as the server takes it: `$1` in place of a name."""

    query: bytes
    names: tuple[str, ...]


@lru_cache(maxsize=1000)
def _numbered(text: str) -> _Numbered:
    numbers: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        if found.group() == "%%":
            return "%"
        return f"${numbers.setdefault(found.group(1), len(numbers) + 1)}"

    query = _PLACE.sub(place, text)
    return _Numbered(query.encode(), tuple(numbers))


class _Waiting:
    """A statement with its parameters and, once the pipeline is settled, its answer."""

    def __init__(self, pipeline: Pipeline, text: str, rows: Sequence[_Values]) -> None:
        self._pipeline = pipeline
        self.text = text
        self.query = _numbered(text).query
        self.rows = rows
        self.new_name: bytes | None = None
        """The statement is prepared under this name in the same message."""
        self.results: list[PGresult] = []
        """One for the preparing, if it is prepared, and one for each row of parameters."""
        self.expected: tuple[int, Exception] | None = None

    @property
    def rowcount(self) -> int:
        """See `Answer`."""
        self._pipeline.settle()
        return self.changed

    @property
    def changed(self) -> int:
        """How many rows the results so far speak of."""
        return sum(result.command_tuples or 0 for result in self.results)

    def fetchall(self) -> Sequence[Sequence[Any]]:
        """See `Answer`."""
        self._pipeline.settle()
        return [row for result in self.results for row in self._pipeline.rows_of(result)]


class Pipeline:
    """Sends statements together; see `Channel`."""

    def __init__(self, connection: sa.Connection, begin: str | None) -> None:
        """`begin` starts the transaction; None: every statement stands for itself."""
        self._connection = connection
        self._begin = begin
        driver: Any = connection.connection.dbapi_connection
        self._driver: psycopg.Connection[Any] = driver
        self._transformer = Transformer(self._driver)
        self._prepared: dict[bytes, bytes] = connection.info.setdefault(_PREPARED, {})
        self._waiting: list[_Waiting] = []

    def run(self, text: str, parameters: Any) -> Answer:
        return self._wait(text, (parameters,))

    def run_many(self, text: str, parameters: Sequence[Any]) -> Answer:
        return self._wait(text, parameters)

    def expect(self, answer: Answer, rows: int, otherwise: Exception) -> None:
        if not isinstance(answer, _Waiting):
            raise TypeError("This answer is another channel's.")
        answer.expected = (rows, otherwise)

    def settle(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        if self._begin and self._driver.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            waiting.insert(0, _Waiting(self, self._begin, [((), ())]))
        try:
            self._driver.wait(self._exchange(waiting))
        except psycopg.Error as error:
            # Half of a conversation may be on the line: nobody can go on with this connection.
            self._connection.invalidate(error)
            raise wrapped(waiting[0].text, error, self._connection.dialect) from error
        except BaseException:
            self._connection.invalidate()
            raise
        self._judge(waiting)

    def close(self) -> None:
        self._waiting = []

    def rows_of(self, result: PGresult) -> Sequence[Sequence[Any]]:
        """The rows of one result as Python values."""
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)

    def _wait(self, text: str, rows: Sequence[Any]) -> Answer:
        try:
            waiting = _Waiting(self, text, [self._values(text, row) for row in rows])
        except psycopg.Error as error:
            raise wrapped(text, error, self._connection.dialect) from error
        self._waiting.append(waiting)
        return waiting

    def _values(self, text: str, parameters: Any) -> _Values:
        given = [parameters[name] for name in _numbered(text).names]
        formats = [PyFormat.BINARY if isinstance(one, bytes) else PyFormat.TEXT for one in given]
        sent = self._transformer.dump_sequence(given, formats)
        return sent, self._transformer.formats or ()

    def _exchange(self, waiting: Sequence[_Waiting]) -> PQGen[None]:
        """Send them all in one message and collect the results."""
        line = self._driver.pgconn
        names = self._prepared.copy()
        line.enter_pipeline_mode()
        for one in waiting:
            name = names.get(one.query)
            if name is None:
                name = names[one.query] = one.new_name = b"rihla_%d" % len(names)
                line.send_prepare(name, one.query)
            for sent, formats in one.rows:
                line.send_query_prepared(name, sent, formats, pq.Format.BINARY)
        line.pipeline_sync()
        yield from generators.send(line)
        for one in waiting:
            for _ in range(len(one.rows) + (one.new_name is not None)):
                results = yield from generators.fetch_many(line)
                if not results:
                    raise psycopg.OperationalError("The server ended the conversation.")
                one.results += results
        yield from generators.fetch_many(line)  # the end of the message
        line.exit_pipeline_mode()

    def _judge(self, waiting: Sequence[_Waiting]) -> None:
        """Raise the first fault. The server did nothing of what came after a failed statement."""
        for one in waiting:
            if one.new_name is not None and one.results[0].status in _DONE:
                self._prepared[one.query] = one.new_name
        for one in waiting:
            for result in one.results:
                if result.status not in _DONE:
                    error = error_from_result(result)
                    raise wrapped(one.text, error, self._connection.dialect) from error
            if one.expected is not None and one.changed != one.expected[0]:
                raise one.expected[1]
