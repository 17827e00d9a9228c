"""Databases that are filled once and are as good as new for each test, on both systems."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.engine import Engine
from tests.postgres import PostgresServer

Fill = Callable[[str], None]
"""Makes the tables and whatever rows are wanted in the empty database of this URL."""

_FINGERPRINT = """
SELECT md5(string_agg(thing, ',' ORDER BY thing)) FROM (
  SELECT concat('class ', relname, relkind) AS thing FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat('trigger ', tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat('function ', proname, prosrc) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat('constraint ', conname) FROM pg_constraint
  UNION ALL SELECT concat('column ', relname, '.', attname) FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
) AS things
"""
_SEQUENCES = """
SELECT concat('SELECT setval(''public.', sequencename, ''', ', coalesce(last_value, start_value),
              ', ', (last_value IS NOT NULL)::text, ')')
FROM pg_sequences WHERE schemaname = 'public'
"""
_KEPT = "prepared"
"""The schema in which the filled rows are kept."""


@dataclass
class PreparedDatabases:
    """One filled database of each name and system; a test gets a copy, or its rows put back."""

    folder: Path
    server: Callable[[], PostgresServer]
    _files: dict[str, Path] = field(default_factory=dict)
    _reused: dict[str, ReusedDatabase] = field(default_factory=dict)

    def fresh(self, system: str, name: str, fill: Fill, into: Path) -> str:
        """The URL of the database `name` as `fill` left it; on SQLite a file in the folder
        `into`. On PostgreSQL there is one at a time: the last test's becomes this test's."""
        if system == "sqlite":
            path = into / "rihla.db"
            shutil.copyfile(self.file(name, fill), path)
            return f"sqlite:///{path}"
        if name not in self._reused:
            self._reused[name] = ReusedDatabase(self.server(), f"rihla_{name}", fill)
        return self._reused[name].fresh()

    def file(self, name: str, fill: Fill) -> Path:
        """The SQLite file that is copied for each test."""
        if name not in self._files:
            path = self.folder / f"{name}.db"
            fill(f"sqlite:///{path}")
            self._files[name] = path
        return self._files[name]


class ReusedDatabase:
    """One PostgreSQL database whose rows are put back for each test.

    Copying a template takes a fifth of a second; putting the rows of the last test back takes
    some milliseconds. When a test changed anything but rows, the database is made anew.
    """

    def __init__(self, server: PostgresServer, name: str, fill: Fill) -> None:
        self._name = name
        self._server = server
        self._fill = fill
        self._fingerprint: str | None = None
        self._put_back = ""

    def fresh(self) -> str:
        """The URL of the database with the rows that it was filled with."""
        if self._fingerprint is None or not self._rows_put_back():
            self._make()
        return self._server.url(self._name)

    def _make(self) -> None:
        self._server.execute(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        self._server.execute(f"CREATE DATABASE {self._name}")
        self._fill(self._server.url(self._name))
        with self._connection() as connection:
            fingerprint = connection.exec_driver_sql(_FINGERPRINT).scalar_one()
            tables = sa.inspect(connection).get_table_names()
            connection.exec_driver_sql(f"CREATE SCHEMA {_KEPT}")
            filled = []
            for table in tables:
                kept = f"{_KEPT}.{table}"
                connection.exec_driver_sql(f"CREATE TABLE {kept} AS TABLE public.{table}")
                if connection.exec_driver_sql(f"SELECT 1 FROM {kept} LIMIT 1").first():  # noqa: S608
                    filled.append(f"INSERT INTO public.{table} SELECT * FROM {kept}")  # noqa: S608
            sequences = connection.exec_driver_sql(_SEQUENCES).scalars().all()
        statements = [
            # As a replica the server fires no trigger and checks no foreign key.
            "SET session_replication_role = replica",
            *(f"DELETE FROM public.{table}" for table in tables),  # noqa: S608  names of ours
            *filled,
            *sequences,
        ]
        self._put_back = ";".join(statements)
        self._fingerprint = fingerprint

    def _rows_put_back(self) -> bool:
        """False when the last test changed more than rows."""
        with self._connection() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            found = connection.exec_driver_sql(_FINGERPRINT).scalar_one()
            if found == self._fingerprint:
                connection.exec_driver_sql(self._put_back)
            return bool(found == self._fingerprint)

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        engine = sa.create_engine(self._server.url(self._name), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


_read: dict[tuple[str, str], Any] = {}


def share_read_files(engine: Engine, kind: str) -> None:
    """Files that an earlier test's engine of this kind has read, `engine` does not read again:
    they are known by their hash. Engines of one kind know the same functions."""
    mine = engine.definitions
    for name in ("_diagrams", "_tables", "_forms"):
        setattr(mine, name, _read.setdefault((kind, name), getattr(mine, name)))
