"""Rows in great numbers, written past the product: for lists and crowds that only have to exist."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from types import TracebackType
from typing import Any

import psycopg
import sqlalchemy as sa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 50_000
_TABLES = ("process_instance", "active_element", "user_task", "journal", "timer", "person",
           "person_token")  # fmt: skip
Row = Sequence[Any]


def microseconds(moment: datetime) -> int:
    """A moment as the database holds it."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


class Bulk:
    """Writes many rows quickly: without indexes, triggers and foreign keys, which come back at
    the end. A context manager; a failure leaves a database that is of no use."""

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        self._sqlite: sqlite3.Connection | None = None
        self._postgres: psycopg.Connection[Any] | None = None
        self._again: list[str] = []

    def __enter__(self) -> Bulk:
        if self._url.get_backend_name() == "sqlite":
            self._sqlite = sqlite3.connect(str(self._url.database), isolation_level=None)
            for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-262144"):
                self._sqlite.execute(f"PRAGMA {pragma}")
            self._take_off_sqlite(self._sqlite)
        else:
            plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._postgres = psycopg.connect(plain, autocommit=True)
            self._postgres.execute("SET session_replication_role = replica")
            self._postgres.execute("SET maintenance_work_mem = '256MB'")
            self._take_off_postgres(self._postgres)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        again = [] if kind is not None else self._again
        if self._sqlite is not None:
            for statement in again:
                self._sqlite.execute(statement)
            self._sqlite.close()
        if self._postgres is not None:
            for statement in again:
                self._postgres.execute(statement.encode())
            if kind is None:
                self._postgres.execute("VACUUM ANALYZE")  # as the server does by itself, in time
            self._postgres.close()

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows; every column that is not named must have a default or take NULL."""
        names = ", ".join(f'"{column}"' for column in columns)
        if self._postgres is not None:
            statement = f"COPY {table} ({names}) FROM STDIN".encode()
            with self._postgres.cursor() as cursor, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        if self._sqlite is not None:
            marks = ", ".join("?" * len(columns))
            insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  own names
            for chunk in _chunks(rows):
                self._sqlite.execute("BEGIN")
                self._sqlite.executemany(insert, chunk)
                self._sqlite.execute("COMMIT")

    def _take_off_sqlite(self, connection: sqlite3.Connection) -> None:
        marks = ", ".join("?" * len(_TABLES))
        found = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') "  # noqa: S608
            f"AND sql IS NOT NULL AND tbl_name IN ({marks})",
            _TABLES,
        ).fetchall()
        for kind, name, statement in found:
            connection.execute(f'DROP {kind} "{name}"')
            self._again.append(statement)

    def _take_off_postgres(self, connection: psycopg.Connection[Any]) -> None:
        found = connection.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid::regclass::text = ANY(%s) AND NOT indisprimary "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
            (list(_TABLES),),
        ).fetchall()
        for name, statement in found:
            connection.execute(f"DROP INDEX {name}".encode())
            self._again.append(statement)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk
