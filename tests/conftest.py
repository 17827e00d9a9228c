"""Fixtures that every room's tests share: a fresh database on each of the two systems."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import SimulatedClock
from engine.credentials import Passwords
from engine.crypto import Keyring
from engine.journal import Journal
from engine.store.database import Database
from engine.store.schema import metadata
from migrations import load_tables
from tests.postgres import PostgresServer
from tests.prepared import PreparedDatabases

START = datetime(2026, 1, 4, 7, 0, tzinfo=UTC)
"""Where the simulated clock of a test begins: a Sunday, 10:00 in Amman."""
MASTER_KEY = bytes(range(32))
"""What the keyring of a test seals with."""

_numbers = itertools.count(1)


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
def prepared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> PreparedDatabases:
    """The session's filled databases; PostgreSQL starts when the first of its own is asked for."""

    def server() -> PostgresServer:
        started: PostgresServer = request.getfixturevalue("postgres_server")
        return started

    return PreparedDatabases(tmp_path_factory.mktemp("prepared"), server)


@pytest.fixture(scope="session")
def sqlite_template(prepared: PreparedDatabases) -> Path:
    """A SQLite file with every table and trigger."""
    return prepared.file("tables", make_tables)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, prepared: PreparedDatabases, tmp_path: Path
) -> str:
    """The URL of a fresh database with all tables; each test runs once per system."""
    return prepared.fresh(request.param, "tables", make_tables, tmp_path)


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
    server.execute(f"CREATE DATABASE {name}")
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
    return Keyring(MASTER_KEY)


@pytest.fixture
def journal(keyring: Keyring) -> Journal:
    """A journal over `keyring`."""
    return Journal(keyring)


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """Password hashing that costs nothing; production's own cost is checked where it matters."""
    return Passwords(memory_kib=8, passes=1)


def make_tables(url: str) -> None:
    """Every table and trigger, without a row."""
    load_tables()
    database = Database(url)
    metadata.create_all(database.engine)
    database.close()  # on SQLite the last connection folds the write-ahead log into the file
