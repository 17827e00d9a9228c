"""Fixtures of the scenarios: the real product with its demonstration data, fresh for each story."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import api.app
import app
from api import create_app
from app import Product
from engine.store.database import Database
from settings import Settings, load_settings
from tests.conftest import START
from tests.journey.scenarios.driver import PASSWORD, Story
from tests.prepared import PreparedDatabases, share_read_files

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


def installed(url: str) -> None:
    """`install` for what every test's installation begins as."""
    with TemporaryDirectory() as folder:
        install(Path(folder), url)


def restart(folder: Path, url: str) -> Product:
    """The product over what is installed."""
    with quick_server():
        product = app.compose(settings_of(folder, url))
    share_read_files(product.engine, "product")
    return product


@pytest.fixture(autouse=True)
def same_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The API's routes are made once; each test's product is put behind them."""
    monkeypatch.setattr(api.app, "_routes", _routes)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, prepared: PreparedDatabases, tmp_path: Path
) -> str:
    """The URL of a fresh installation's database; each story runs once per database system."""
    return prepared.fresh(request.param, "installed", installed, tmp_path)


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
