"""A whole product in miniature for the API's tests: engine, journey, users, small diagrams."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import api.app
from api import create_app
from engine.clock import SimulatedClock
from engine.crypto import Keyring
from engine.engine import Engine
from engine.records import SYSTEM, Role
from engine.source_files import SourceFile
from engine.store.database import Database
from journey import Journey
from settings import Settings, load_settings
from tests.conftest import MASTER_KEY, START, make_tables
from tests.prepared import PreparedDatabases, share_read_files

FILES = Path(__file__).parent / "files"
PASSWORD = "correct horse battery staple"
BASE = "/api/v1"
_routes = functools.cache(api.app._routes)

USERS: dict[str, tuple[Role, str]] = {
    "case_worker.irbid": (Role.CASE_WORKER, "naf:irbid"),
    "case_worker.zarqa": (Role.CASE_WORKER, "naf:zarqa"),
    "branch_head.irbid": (Role.BRANCH_HEAD, "naf:irbid"),
    "branch_head.zarqa": (Role.BRANCH_HEAD, "naf:zarqa"),
    "mol_officer.irbid": (Role.MOL_OFFICER, "mol:irbid"),
    "mol_officer.zarqa": (Role.MOL_OFFICER, "mol:zarqa"),
    "service_provider.vtc_irbid": (Role.SERVICE_PROVIDER, "provider:vtc_irbid"),
    "hq_coordinator.hq": (Role.HQ_COORDINATOR, "hq"),
    "process_owner.hq": (Role.PROCESS_OWNER, "hq"),
    "auditor.hq": (Role.AUDITOR, "hq"),
    "admin.hq": (Role.ADMIN, "hq"),
    "connector.post": (Role.CONNECTOR, "hq"),
}
"""One user per role and place."""

PERSON = {
    "national_id": "0001234567",
    "first_name": "سلمى",
    "last_name": "الخطيب",
    "sex": "female",
    "residence_location": "irbid",
    "date_of_birth": "1990-03-01",
}
PROVIDER = {
    "id": "vtc_irbid",
    "name_ar": "مركز التدريب",
    "name_en": "Training centre",
    "provider_kind": "training_provider",
    "address": "Irbid",
    "unit": "provider:vtc_irbid",
}


def body_of(answer: TestResponse) -> Any:
    """The answer's JSON, which must be there."""
    assert answer.is_json, (answer.status_code, answer.text)
    return answer.get_json()


@dataclass
class World:
    """The application with its users; `call` speaks to it as one of them."""

    engine: Engine
    journey: Journey
    settings: Settings
    client: FlaskClient
    _tokens: dict[str, str] = field(default_factory=dict)

    def token(self, username: str) -> str:
        """A bearer token of this user, signed in once."""
        if username not in self._tokens:
            session = self.engine.identity.sign_in(username, PASSWORD)
            self._tokens[username] = session.token
        return self._tokens[username]

    def call(self, username: str | None, method: str, path: str, **options: Any) -> TestResponse:
        """One request; `username` None calls without a token."""
        headers = {"Accept-Language": "en", **options.pop("headers", {})}
        if username is not None:
            headers["Authorization"] = f"Bearer {self.token(username)}"
        return self.client.open(f"{BASE}{path}", method=method, headers=headers, **options)

    def ok(self, username: str, method: str, path: str, **options: Any) -> Any:
        """As `call`; the answer's JSON, which must be of a success."""
        answer = self.call(username, method, path, **options)
        assert answer.status_code < 300, (method, path, answer.status_code, answer.text)
        return answer.json

    def start(
        self, process: str = "errand", unit: str = "naf:irbid", **body: Any
    ) -> dict[str, Any]:
        """A new case of a unit, started by its case worker."""
        worker = f"case_worker.{unit.split(':')[1]}"
        path = f"/processes/{process}/instances"
        case: dict[str, Any] = self.ok(worker, "POST", path, json={"unit": unit, **body})
        return case

    def task(self, instance_id: str, element: str, username: str) -> dict[str, Any]:
        """The open task of a case at an element, as `username` sees it."""
        query = {"instance": instance_id, "element": element}
        items = self.ok(username, "GET", "/tasks", query_string=query)["items"]
        assert len(items) == 1, items
        found: dict[str, Any] = items[0]
        return found

    def note(self, instance_id: str, worker: str = "case_worker.irbid") -> dict[str, Any]:
        """Complete the first task of an errand; the answer of the completion."""
        task = self.task(instance_id, "note", worker)
        data = {"summary": "تم", "minutes": 10, "office": "mol:irbid"}
        body = {"revision": task["revision"], "data": data}
        done: dict[str, Any] = self.ok(worker, "POST", f"/tasks/{task['id']}/complete", json=body)
        return done

    def person(self, worker: str = "case_worker.irbid", **changes: Any) -> dict[str, Any]:
        """A registered person."""
        made: dict[str, Any] = self.ok(worker, "POST", "/persons", json={**PERSON, **changes})
        return made


def fill(url: str) -> None:
    """Everything that a world begins with: users, units, a provider, the test's diagrams."""
    make_tables(url)
    database = Database(url)
    SimulatedClock(database).set_up(START)
    engine, journey = plugged_together(database)
    with database.transaction() as transaction:
        journey.units.load_shipped(transaction, datetime(2019, 1, 1, tzinfo=UTC).date())
    journey.providers.create(SYSTEM, PROVIDER)
    for username, (role, unit) in USERS.items():
        engine.identity.users.create(
            SYSTEM, username, name=username, password=PASSWORD, roles=[role], units=[unit],
            must_change_password=False,
        )  # fmt: skip
    sources = [SourceFile(path.name, path.read_bytes()) for path in sorted(FILES.iterdir())]
    engine.deployments.deploy(SYSTEM, sources, "test")
    engine.close()


def plugged_together(database: Database) -> tuple[Engine, Journey]:
    """The engine with the journey, as the product does it."""
    engine = Engine(database, SimulatedClock(database), Keyring(MASTER_KEY), secret_key=b"k" * 32)
    share_read_files(engine, "api")
    journey = Journey(engine)
    journey.plug_in()
    return engine, journey


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a fresh installation with a simulated clock."""
    environment = {"RIHLA_DATA_DIR": str(tmp_path), "RIHLA_CLOCK": "simulated"}
    return load_settings(environment)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, prepared: PreparedDatabases, tmp_path: Path
) -> str:
    """The URL of a database with what a world begins with, once per database system."""
    return prepared.fresh(request.param, "api", fill, tmp_path)


@pytest.fixture(autouse=True)
def same_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The API's routes are made once; each test's engine is put behind them."""
    monkeypatch.setattr(api.app, "_routes", _routes)


@pytest.fixture
def world(database: Database, settings: Settings) -> World:
    """The application on a fresh database, once per database system."""
    engine, journey = plugged_together(database)
    app = create_app(settings, engine, journey)
    return World(engine, journey, settings, app.test_client())
