"""Fixtures that every room's tests share: a fresh database on each of the two systems."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SimulatedClock
from engine.crypto import Keyring
from engine.journal import Journal
from engine.store.database import Database
from engine.store.schema import metadata
from migrations import load_tables
from tests.postgres import PostgresServer

START = datetime(2026, 1, 4, 7, 0, tzinfo=UTC)
"""Where the simulated clock of a test begins: a Sunday, 10:00 in Amman."""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and trigger, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "rihla.db"
    load_tables()
    database = Database(f"sqlite:///{path}")
    metadata.create_all(database.engine)
    database.close()  # the last connection folds the write-ahead log into the file
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The session's (or xdist worker's) PostgreSQL server, started when first asked for."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a PostgreSQL database with every table and trigger."""
    name = "rihla_template"
    _execute(postgres_server, f"CREATE DATABASE {name}")
    load_tables()
    database = Database(postgres_server.url(name))
    metadata.create_all(database.engine)
    database.close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database with all tables; each test runs once per system."""
    if request.param == "sqlite":
        path = tmp_path / "rihla.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with all tables, on SQLite and on PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def open_database(database_url: str) -> Iterator[Callable[[], Database]]:
    """Opens the test's database once more, as another process would."""
    opened: list[Database] = []

    def another() -> Database:
        opened.append(Database(database_url))
        return opened[-1]

    yield another
    for one in opened:
        one.close()


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """The URL of a database without any table, on the same system as `database_url`."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name}")
    return server.url(name)


@pytest.fixture
def clock(database: Database) -> SimulatedClock:
    """The test's clock, standing at `START` until the test advances it."""
    simulated = SimulatedClock(database)
    simulated.set_up(START)
    return simulated


@pytest.fixture
def keyring() -> Keyring:
    """A keyring with a fixed master key."""
    return Keyring(bytes(range(32)))


@pytest.fixture
def journal(keyring: Keyring) -> Journal:
    """A journal over `keyring`."""
    return Journal(keyring)


def _execute(server: PostgresServer, statement: str) -> None:
    engine = sa.create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
