"""Fixtures of the faults' tests: installations that may be broken, one for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import another_desk, desk, system_time
from tests.faults.installation import Installation, MortalPostgres, copied, prepare

__all__ = ["another_desk", "desk", "system_time"]

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared data folder with its embedded database."""
    folder = tmp_path_factory.mktemp("prepared_sqlite")
    prepare(folder, f"sqlite:///{folder / 'rihla.db'}")
    return folder


@pytest.fixture(scope="session")
def durable_postgres() -> Iterator[MortalPostgres]:
    """The session's server that waits for the disk, as an installation's does."""
    server = MortalPostgres()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_installation(
    durable_postgres: MortalPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A prepared data folder (keys) whose database is the template `prepared`."""
    folder = tmp_path_factory.mktemp("prepared_postgres")
    durable_postgres.execute("CREATE DATABASE prepared")
    prepare(folder, durable_postgres.url("prepared"))
    return folder


@pytest.fixture
def on_sqlite(sqlite_installation: Path, tmp_path: Path) -> Installation:
    """An installation of the test's own, on SQLite."""
    return copied(sqlite_installation, tmp_path, f"sqlite:///{tmp_path / 'rihla.db'}")


@pytest.fixture
def on_postgres(
    postgres_installation: Path, durable_postgres: MortalPostgres, tmp_path: Path
) -> Installation:
    """An installation of the test's own, on PostgreSQL."""
    name = f"fault_{next(_numbers)}"
    durable_postgres.execute(f"CREATE DATABASE {name} TEMPLATE prepared")
    return copied(postgres_installation, tmp_path, durable_postgres.url(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest) -> Installation:
    """An installation of the test's own, on each database."""
    name = "on_sqlite" if request.param == "sqlite" else "on_postgres"
    made: Installation = request.getfixturevalue(name)
    return made
