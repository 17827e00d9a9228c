"""Fixtures of the scenarios: the real product with its demonstration data, fresh for each story."""

from __future__ import annotations

import functools
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import api.app
import app
from api import create_app
from app import Product
from engine.store.database import Database
from settings import Settings, load_settings
from tests.conftest import START
from tests.journey.scenarios.driver import PASSWORD, Story
from tests.postgres import PostgresServer

_numbers = itertools.count(1)
_read: dict[str, Any] = {}
"""What was read of deployed files, by the caches' names."""
_routes = functools.cache(api.app._routes)


def settings_of(folder: Path, url: str) -> Settings:
    """What a training installation is started with."""
    environment = {
        "RIHLA_DATA_DIR": str(folder),
        "RIHLA_DATABASE_URL": url,
        "RIHLA_CLOCK": "simulated",
        "RIHLA_MASTER_KEY": "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE=",
        "RIHLA_SECRET_KEY": "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI=",
        "RIHLA_DEMO_PASSWORD": PASSWORD,
    }
    return load_settings(environment)


@contextmanager
def quick_server() -> Iterator[None]:
    """The tests' PostgreSQL does without fsync, which the product refuses in earnest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "check_durability", lambda _database: None)
        yield


def install(folder: Path, url: str) -> None:
    """What `rihla demo` does on an empty database: tables by migration, the shipped files, the
    demonstration data."""
    with quick_server():
        product = app.prepare(settings_of(folder, url), clock_start=START)
    app.with_demo(product)
    product.engine.close()


def restart(folder: Path, url: str) -> Product:
    """The product over what is installed. Files that an earlier test's product has read, this one
    does not read again: they are known by their hash."""
    with quick_server():
        product = app.compose(settings_of(folder, url))
    mine = product.engine.definitions
    for name in ("_diagrams", "_tables", "_forms"):
        setattr(mine, name, _read.setdefault(name, getattr(mine, name)))
    return product


@pytest.fixture(autouse=True)
def same_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The API's routes are made once; each test's product is put behind them."""
    monkeypatch.setattr(api.app, "_routes", _routes)


@pytest.fixture(scope="session")
def installed_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of a fresh installation, copied for each story."""
    folder = tmp_path_factory.mktemp("installed")
    install(folder, f"sqlite:///{folder / 'rihla.db'}")
    return folder / "rihla.db"


@pytest.fixture(scope="session")
def installed_postgres(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a PostgreSQL database of a fresh installation, the template of each story's."""
    name = f"installed_{os.getpid()}"
    postgres_server.execute(f"CREATE DATABASE {name}")
    install(tmp_path_factory.mktemp("installed"), postgres_server.url(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh installation's database; each story runs once per database system."""
    if request.param == "sqlite":
        path = tmp_path / "rihla.db"
        shutil.copyfile(request.getfixturevalue("installed_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    template: str = request.getfixturevalue("installed_postgres")
    name = f"story_{os.getpid()}_{next(_numbers)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def tokens() -> dict[str, str]:
    """Bearer tokens by user name: every story's installation has the same accounts and secret."""
    return {}


@pytest.fixture
def story(database_url: str, tmp_path: Path, tokens: dict[str, str]) -> Iterator[Story]:
    """The product on a Sunday morning in Amman; what was recorded is proved when the test ends."""
    product = restart(tmp_path, database_url)
    application = create_app(product.settings, product.engine, product.journey)
    told = Story(product, application, tokens)
    yield told
    told.prove()
    product.engine.close()
