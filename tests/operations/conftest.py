"""The product with a handful of the field test's people in it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import csv
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

import migrations
from engine.crypto import Keyring
from engine.engine import Engine
from engine.records import Role
from engine.store import cases
from engine.store.database import Database
from engine.verify import Fault
from journey.pilot import SHIPPED, run_pilot
from journey.store.cycles import cycle
from operations import back_up, restore
from operations.verification import Check, faults
from tests.conftest import MASTER_KEY
from tests.journey.conftest import Product, actor, load, over
from tests.postgres import PostgresServer

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
WORKER = actor(Role.CASE_WORKER, "irbid")
WANTED = {"irbid": 3, "zarqa": 2, "east_amman": 6}
"""How many people of each office, each with another course."""
_numbers = itertools.count(1)

ON_SQLITE = pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
"""For what does not depend on the database."""


@pytest.fixture(scope="session")
def played_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file in which some people have gone some of their way; copied for each test."""
    folder = tmp_path_factory.mktemp("played")
    path = folder / "rihla.db"
    migrations.upgrade(f"sqlite:///{path}")
    load(Database(f"sqlite:///{path}"), Keyring(MASTER_KEY))
    lines = folder / "lines.csv"
    _choose(lines)
    product = over(Database(f"sqlite:///{path}"), Keyring(MASTER_KEY))
    run_pilot(product.engine, product.journey, lines)
    product.engine.close()
    return path


def _choose(into: Path) -> None:
    """Lines of the field test as different from each other as they come."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    chosen: list[dict[str, str]] = []
    for office, count in WANTED.items():
        seen: dict[tuple[str, ...], dict[str, str]] = {}
        for line in lines:
            if line["office"] == office:
                # Which columns are filled says which way somebody went.
                seen.setdefault(tuple(name for name, value in line.items() if value), line)
        chosen += list(seen.values())[-count:]
    with into.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(chosen[0]))
        writer.writeheader()
        writer.writerows(chosen)


@pytest.fixture(scope="session")
def played_backup(played_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    folder = tmp_path_factory.mktemp("backup") / "played"
    database = Database(f"sqlite:///{played_sqlite}")
    back_up(database, Keyring(MASTER_KEY), folder, now=NOW)
    database.close()
    return folder


@pytest.fixture
def keyring() -> Keyring:
    """A keyring with the master key of the played database."""
    return Keyring(MASTER_KEY)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Makes URLs of databases without any table, on each of the two systems; on PostgreSQL, when
    asked, of a copy of another database."""
    made: list[str] = []

    def another(template: str = "template1") -> str:
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path / f'{next(_numbers)}.db'}"
        server: PostgresServer = request.getfixturevalue("postgres_server")
        made.append(f"operations_{os.getpid()}_{next(_numbers)}")
        server.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {template}")
        return server.url(made[-1])

    yield another
    for name in made:
        request.getfixturevalue("postgres_server").execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def played_postgres(postgres_server: PostgresServer, played_backup: Path) -> str:
    """The name of a PostgreSQL database with the same in it, copied for each test."""
    name = "operations_played"
    postgres_server.execute(f"CREATE DATABASE {name}")
    restore(played_backup, postgres_server.url(name), Keyring(MASTER_KEY))
    return name


@pytest.fixture
def played_url(new_url: Callable[..., str], request: pytest.FixtureRequest) -> str:
    """The URL of a played database of the test's own."""
    if request.node.callspec.params["new_url"] == "sqlite":
        url = new_url()
        shutil.copyfile(request.getfixturevalue("played_sqlite"), url.removeprefix("sqlite:///"))
        return url
    return new_url(request.getfixturevalue("played_postgres"))


@pytest.fixture
def played(played_url: str, keyring: Keyring) -> Iterator[Product]:
    """The product over it."""
    product = over(Database(played_url), keyring)
    yield product
    product.engine.close()


def end_everything(product: Product) -> str:
    """End every case of one person; the person's id."""
    with product.database.reading() as tx:
        person_id = tx.execute(sa.select(cycle.c.person_id).limit(1)).scalar_one()
        running = [c for c in cases.of_subject(tx, person_id) if c.ended_at is None]
    for case in running:
        head = actor(Role.BRANCH_HEAD, str(case.unit).removeprefix("naf:"))
        product.engine.cases.cancel(head, case.id, "moved away")
    return str(person_id)


def wrong(engine: Engine, *checks: Check) -> list[Fault]:
    """Every fault that verification finds."""
    return list(faults(engine, checks=frozenset(checks or Check)))
