"""Fixtures that every room's tests share: a fresh database on each of the two systems."""

from __future__ import annotations

import itertools
import os
import shutil
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
from tests.postgres import PostgresServer, ReusedDatabase

START = datetime(2026, 1, 4, 7, 0, tzinfo=UTC)
"""Where the simulated clock of a test begins: a Sunday, 10:00 in Amman."""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and trigger, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "rihla.db"
    _make_tables(f"sqlite:///{path}")
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
def reused_database(postgres_server: PostgresServer) -> ReusedDatabase:
    """The session's PostgreSQL database, emptied for each test."""
    return ReusedDatabase(postgres_server, _make_tables)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database with all tables; each test runs once per system."""
    if request.param == "sqlite":
        path = tmp_path / "rihla.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    reused: ReusedDatabase = request.getfixturevalue("reused_database")
    yield reused.fresh()


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
    return Keyring(bytes(range(32)))


@pytest.fixture
def journal(keyring: Keyring) -> Journal:
    """A journal over `keyring`."""
    return Journal(keyring)


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    """Password hashing that costs nothing; production's own cost is checked where it matters."""
    return Passwords(memory_kib=8, passes=1)


def _make_tables(url: str) -> None:
    load_tables()
    database = Database(url)
    metadata.create_all(database.engine)
    database.close()  # on SQLite the last connection folds the write-ahead log into the file
