"""Puts the parts together: settings, engine, journey, API. The only file that imports every room;
the `rihla` command line (`main`) stands in `commands.py`."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

import connectors
import migrations
from api import Gate, beside, create_app, instruments, places
from engine.calendar import feel_functions
from engine.clock import SimulatedClock, SystemClock
from engine.crypto import Keyring, KeyUnusable, load_master_key, load_secret_key
from engine.engine import Engine
from engine.errors import EngineError
from engine.records import SYSTEM, Paging
from engine.source_files import SourceFile
from engine.store.database import Database
from engine.store.database_faults import SchemaMissing
from engine.store.patience import impatient
from engine.wording import Text
from journey import Journey
from journey.demo import load_demo
from settings import ROOT, Settings, SettingsError, load_settings
from web import create_pages

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

SHIPPED = ("bpmn/processes/*.bpmn", "bpmn/decisions/*.dmn", "forms/definitions/*.form")
"""The first journey's files, published into a database that has no process yet."""


@dataclass(frozen=True)
class Product:
    """The whole product over one database."""

    settings: Settings
    engine: Engine
    journey: Journey


def compose(settings: Settings) -> Product:
    """Build every part over a database whose tables exist. Raises `EngineError`, and
    `SettingsError` for a clock that is not the data's."""
    keys = settings.data_dir / "keys"
    database = Database(settings.database_url, pool_size=settings.server_threads)
    database.check_durability()
    if settings.master_key is None and not (keys / "master.key").exists():
        _no_key_anew(database)
    keyring = Keyring(load_master_key(settings.master_key, keys / "master.key"))
    secret_key = load_secret_key(settings.secret_key, keys / "secret.key")
    simulated = SimulatedClock(database)
    if not settings.simulated_clock and simulated.is_set_up():
        database.close()
        raise SettingsError(
            "This data runs on the simulated clock: on real time its deadlines would be wrong. "
            "Set RIHLA_CLOCK=simulated, or choose another data folder."
        )
    engine = Engine(
        database,
        simulated if settings.simulated_clock else SystemClock(),
        keyring,
        secret_key=secret_key,
        functions=feel_functions(settings.extra_holidays),
        token_life=timedelta(hours=settings.token_hours),
    )
    for connector in connectors.registered():
        engine.add_connector(connector)
    journey = Journey(engine)
    journey.plug_in()
    return Product(settings, engine, journey)


def _no_key_anew(database: Database) -> None:
    """A first start makes a master key, a later one never does: nothing could be read with it."""
    if database.dialect == "sqlite" and not Path(str(database.url.database)).exists():
        return
    needed = False
    with suppress(SchemaMissing), database.reading() as tx:
        needed = Keyring.is_needed(tx)
    if needed:
        database.close()
        raise KeyUnusable(
            "There is no master key here, and this database was made with one. Set "
            "RIHLA_MASTER_KEY, or put the key file back where it was: keys/master.key in the "
            "data folder."
        )


def prepare(settings: Settings, *, clock_start: datetime | None = None) -> Product:
    """Bring the data folder up to date: tables, keys, the simulated clock's first moment, the
    shipped files. Running it again changes nothing. Raises `EngineError`."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds people's data
    migrations.upgrade(settings.database_url)
    product = compose(settings)
    engine = product.engine
    with engine.database.transaction() as tx:
        engine.keyring.check(tx)
    if isinstance(engine.clock, SimulatedClock):
        engine.clock.set_up(clock_start or SystemClock().now())
    with engine.database.reading() as tx:
        empty = not engine.definitions.latest(tx)
    if empty:
        engine.deployments.deploy(SYSTEM, shipped_files(), "Shipped with this release")
    return product


def shipped_files() -> list[SourceFile]:
    """The first journey's diagrams, tables and forms."""
    paths = sorted(path for pattern in SHIPPED for path in ROOT.glob(pattern))
    return [SourceFile(path.name, path.read_bytes()) for path in paths]


def demo_password(settings: Settings) -> tuple[str, bool]:
    """The password of the demo accounts, and whether it was made at random.

    Without RIHLA_DEMO_PASSWORD one is made once and kept in the data folder, so that every start
    can print it until it is changed.
    """
    if settings.demo_password:
        return settings.demo_password, False
    file = settings.data_dir / "demo-password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(12), encoding="ascii")
    return file.read_text(encoding="ascii").strip(), True


def with_demo(product: Product) -> bool:
    """Load the demonstration data unless the database has accounts of its own already; whether
    it was loaded. Data that is there is left as it is."""
    if product.engine.identity.users.list(SYSTEM, paging=Paging(1)).items:
        return False
    load_demo(product.engine, product.journey, demo_password(product.settings)[0])
    return True


def serve_application() -> WSGIApplication:
    """What a WSGI server calls in each worker: the API and, beside it, the pages."""
    settings = load_settings()
    product = compose(replace(settings, database_url=impatient(settings.database_url)))
    engine, journey = product.engine, product.journey
    checks = {"migrations": migrated(engine.database)}
    api = create_app(settings, engine, journey, checks=checks)
    pages = create_pages(settings, engine, journey)
    instruments.register(pages)
    gate = Gate(
        beside(api, pages),
        places=places(settings),
        body_bytes=settings.upload_limit_mb * 1024 * 1024,
        language="en" if settings.language == "en" else "ar",
    )
    # Only a proxy on this machine reaches the server: it says who calls, and by which scheme.
    return ProxyFix(gate, x_for=1, x_proto=1)


def migrated(database: Database) -> Callable[[], Text | None]:
    """What `/health/ready` asks of the tables: whether they are those of this release."""
    wanted = migrations.head()

    def check() -> Text | None:
        try:
            with database.reading() as tx:
                found = migrations.revision_of(tx)
        except EngineError as error:
            return error.message
        if found == wanted:
            return None
        return Text(
            f"قاعدة البيانات عند الترقية {found}، وهذا الإصدار يحتاج إلى {wanted}. "
            "نفّذ عليها python -m migrations upgrade، أو شغّل الإصدار الذي تعود إليه.",
            f"The database stands at migration {found}, this release needs {wanted}. "
            "Run `python -m migrations upgrade` on it, or start the release it belongs to.",
        )

    return check


def read_files(paths: tuple[Path, ...]) -> list[SourceFile]:
    """Files named on the command line, folders searched for what can be deployed."""
    found: list[Path] = []
    for path in paths:
        inside = (p for p in path.rglob("*") if p.suffix in {".bpmn", ".dmn", ".form"})
        found += sorted(inside) if path.is_dir() else [path]
    return [SourceFile(path.name, path.read_bytes()) for path in found]
