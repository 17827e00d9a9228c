"""Fixtures of the journey's tests: an engine with the journey plugged in, and its people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from engine.clock import SimulatedClock
from engine.crypto import Keyring
from engine.engine import Engine
from engine.records import Actor, Role
from engine.store.database import Database
from journey import Journey, Person

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


Build = Callable[[Database], Product]


@pytest.fixture
def product(database: Database, clock: SimulatedClock, keyring: Keyring) -> Product:
    """The engine with the journey plugged in and the shipped units loaded."""
    engine = Engine(database, clock, keyring, secret_key=bytes(32))
    journey = Journey(engine)
    journey.plug_in()
    with database.transaction() as tx:
        journey.units.load_shipped(tx, SINCE)
    return Product(engine, journey, database, clock)
