"""Fixtures of the journey's tests: an engine with the journey plugged in, and its people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine import calendar
from engine.clock import SimulatedClock
from engine.crypto import Keyring
from engine.engine import Engine
from engine.records import SYSTEM, Actor, Role
from engine.source_files import SourceFile
from engine.store.database import Database
from journey import Journey, Person, pilot
from journey.demo import load_demo
from tests.conftest import MASTER_KEY, make_tables
from tests.prepared import PreparedDatabases, share_read_files

SINCE = date(2019, 1, 1)


def actor(role: Role, place: str) -> Actor:
    """The demonstration's user of a role and place."""
    kind = {
        Role.CASE_WORKER: "naf:",
        Role.BRANCH_HEAD: "naf:",
        Role.MOL_OFFICER: "mol:",
        Role.SERVICE_PROVIDER: "provider:",
    }.get(role, "")
    return Actor(f"{role.value}.{place}", frozenset({role}), frozenset({f"{kind}{place}"}))


IRBID = actor(Role.CASE_WORKER, "irbid")
ZARQA = actor(Role.CASE_WORKER, "zarqa")
HEAD_IRBID = actor(Role.BRANCH_HEAD, "irbid")
MOL_IRBID = actor(Role.MOL_OFFICER, "irbid")
COORDINATOR = actor(Role.HQ_COORDINATOR, "hq")
AUDITOR = actor(Role.AUDITOR, "hq")
OWNER = actor(Role.PROCESS_OWNER, "hq")
ADMIN = actor(Role.ADMIN, "hq")

PERSON: dict[str, Any] = {
    "national_id": "0000000001",
    "first_name": "إيمان",
    "last_name": "الغيثي",
    "sex": "female",
    "date_of_birth": "1990-05-01",
    "residence_location": "irbid",
    "phone": "0600000001",
}


@dataclass(frozen=True)
class Product:
    """An engine and its journey over one database."""

    engine: Engine
    journey: Journey
    database: Database
    clock: SimulatedClock

    def person(self, number: int = 1, who: Actor = IRBID, **values: Any) -> Person:
        """A registered person."""
        data = {**PERSON, "national_id": f"{number:010d}", **values}
        return self.journey.persons.create(who, data)


@pytest.fixture
def product(database: Database, clock: SimulatedClock, keyring: Keyring) -> Product:
    """The engine with the journey plugged in and the shipped units loaded."""
    engine = Engine(database, clock, keyring, secret_key=bytes(32))
    journey = Journey(engine)
    journey.plug_in()
    with database.transaction() as tx:
        journey.units.load_shipped(tx, SINCE)
    return Product(engine, journey, database, clock)


ROOT = Path(__file__).parents[2]


def shipped_files() -> list[SourceFile]:
    """The shipped diagrams, tables and forms."""
    found = [
        *(ROOT / "bpmn" / "processes").glob("*.bpmn"),
        *(ROOT / "bpmn" / "decisions").glob("*.dmn"),
        *(ROOT / "forms" / "definitions").glob("*.form"),
    ]
    return [SourceFile(path.name, path.read_bytes()) for path in sorted(found)]


def over(database: Database, keyring: Keyring) -> Product:
    """The engine and the journey over a database that may be loaded already."""
    clock = SimulatedClock(database)
    functions = calendar.feel_functions()
    engine = Engine(database, clock, keyring, secret_key=bytes(32), functions=functions)
    share_read_files(engine, "product")
    journey = Journey(engine)
    journey.plug_in()
    return Product(engine, journey, database, clock)


def load(database: Database, keyring: Keyring) -> None:
    """Deploy the shipped files and load the demonstration at the beginning of the field test."""
    product = over(database, keyring)
    product.clock.set_up(pilot.START)
    product.engine.deployments.deploy(SYSTEM, shipped_files())
    load_demo(product.engine, product.journey, "a long demo password")
    database.close()


def loaded(url: str) -> None:
    """Every table, and the whole product in them."""
    make_tables(url)
    load(Database(url), Keyring(MASTER_KEY))


@pytest.fixture(scope="session")
def loaded_sqlite(prepared: PreparedDatabases) -> Path:
    """A SQLite file with the whole product loaded, to be copied."""
    return prepared.file("loaded", loaded)


@pytest.fixture(params=["sqlite", "postgresql"])
def field_test(
    request: pytest.FixtureRequest, prepared: PreparedDatabases, tmp_path: Path
) -> Iterator[Product]:
    """The whole product at the beginning of the field test, on both systems."""
    url = prepared.fresh(request.param, "loaded", loaded, tmp_path)
    product = over(Database(url), Keyring(MASTER_KEY))
    yield product
    product.engine.close()


@dataclass(frozen=True)
class PlayedPilot:
    """The whole field test, played once, to be looked at and not changed."""

    product: Product
    told: pilot.Played


@pytest.fixture(scope="session")
def played_pilot(
    loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PlayedPilot]:
    """For tests in the group `pilot`: it takes long enough to be played by one process only."""
    path = tmp_path_factory.mktemp("pilot") / "pilot.db"
    shutil.copyfile(loaded_sqlite, path)
    product = over(Database(f"sqlite:///{path}"), Keyring(MASTER_KEY))
    yield PlayedPilot(product, pilot.run_pilot(product.engine, product.journey))
    product.engine.close()
