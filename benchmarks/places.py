"""Where benchmarks run: an installation of the product over a fresh database of either system."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

import migrations
from app import Product, compose, shipped_files
from engine.clock import SimulatedClock
from engine.records import SYSTEM, Actor, Role
from engine.source_files import SourceFile
from engine.store.database import Database
from journey.demo import load_demo
from settings import Settings, load_settings
from tests.postgres import PostgresServer

PASSWORD = "measured battery staple"  # noqa: S105  of accounts that live for one benchmark
POSTGRES_SETTINGS = ("shared_buffers=128MB", "fsync=on", "full_page_writes=on")
"""PostgreSQL as it comes: every commit is on disk before it is acknowledged."""

WORKER_NAME = "case_worker.irbid"
UNIT = "naf:irbid"
WORKER = Actor(WORKER_NAME, frozenset({Role.CASE_WORKER}), frozenset({UNIT}))
HEAD = Actor("branch_head.irbid", frozenset({Role.BRANCH_HEAD}), frozenset({UNIT}))
COORDINATOR = Actor("hq_coordinator.hq", frozenset({Role.HQ_COORDINATOR}), frozenset({"hq"}))


@dataclass(frozen=True)
class Installation:
    """A data folder, its database, and the environment in which the product finds both."""

    folder: Path
    settings: Settings
    environment: Mapping[str, str]

    def open(self) -> Product:
        """The product in this process; the caller closes its engine."""
        return compose(self.settings)

    def settle(self) -> None:
        """Let the server know its tables' new sizes, which it finds out by itself in a minute."""
        engine = sa.create_engine(self.settings.database_url, isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
        engine.dispose()

    def size(self) -> int:
        """Bytes that the database takes, without what a clean-up would free at once."""
        engine = sa.create_engine(self.settings.database_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                pages, free, each = (
                    int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
                    for name in ("page_count", "freelist_count", "page_size")
                )
                taken = (pages - free) * each
            else:
                connection.exec_driver_sql("VACUUM")
                statement = "SELECT pg_database_size(current_database())"
                taken = int(connection.exec_driver_sql(statement).scalar_one())
        engine.dispose()
        return taken


@dataclass
class Places:
    """Makes installations and cleans up after them. Use as a context manager."""

    root: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="rihla-bench-")))
    _server: PostgresServer | None = None
    _made: int = 0

    def __enter__(self) -> Places:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._server is not None:
            self._server.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def postgres(self) -> PostgresServer:
        """The run's PostgreSQL server, started when first asked for."""
        if self._server is None:
            server = PostgresServer(POSTGRES_SETTINGS)
            server.start()
            self._server = server
        return self._server

    def postgres_version(self) -> str:
        """The server's own word for its release."""
        engine = sa.create_engine(self.postgres.url("postgres"))
        with engine.connect() as connection:
            version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
        engine.dispose()
        return version

    def installation(
        self,
        system: str,
        files: Mapping[str, bytes] | None = None,
        *,
        clock_start: datetime | None = None,
    ) -> Installation:
        """A fresh one with the demonstration's units and accounts and these files, or those that
        are shipped; with `clock_start` it runs on the simulated clock."""
        folder, url = self._next(system)
        made = _installed(folder, url, "system" if clock_start is None else "simulated")
        migrations.upgrade(url)
        if clock_start is not None:
            database = Database(url)
            SimulatedClock(database).set_up(clock_start)
            database.close()
        product = made.open()
        sources = shipped_files()
        if files is not None:
            sources = [SourceFile(name, content) for name, content in files.items()]
        product.engine.deployments.deploy(SYSTEM, sources, "benchmark")
        load_demo(product.engine, product.journey, PASSWORD)
        product.engine.close()
        return made

    def copy(self, original: Installation) -> Installation:
        """Another installation with the same rows and keys; nobody may be using the original."""
        system = "sqlite" if original.settings.database_url.startswith("sqlite") else "postgresql"
        folder, url = self._next(system, template=original.settings.database_url)
        shutil.copytree(original.folder / "keys", folder / "keys")
        if system == "sqlite":
            original.size()  # folds the write-ahead log into the file
            shutil.copyfile(original.folder / "rihla.db", folder / "rihla.db")
        return _installed(folder, url, original.settings.clock)

    def keep(self, installation: Installation, folder: Path) -> Installation:
        """Move an installation on SQLite to a folder that outlives this run."""
        installation.size()  # folds the write-ahead log into the file
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.move(installation.folder, folder)
        return self.kept(folder)

    def kept(self, folder: Path) -> Installation:
        """The installation that an earlier run kept there."""
        return _installed(folder, f"sqlite:///{folder / 'rihla.db'}", "system")

    def drop(self, installation: Installation) -> None:
        """Remove one that is no longer needed, so that a disk need not hold them all."""
        url = sa.make_url(installation.settings.database_url)
        if url.get_backend_name() == "postgresql":
            self.postgres.execute(f"DROP DATABASE {url.database} WITH (FORCE)")
        shutil.rmtree(installation.folder)

    def _next(self, system: str, template: str | None = None) -> tuple[Path, str]:
        self._made += 1
        folder = self.root / f"place_{self._made}"
        folder.mkdir(mode=0o700)
        if system == "sqlite":
            return folder, f"sqlite:///{folder / 'rihla.db'}"
        name = f"bench_{self._made}"
        source = f" TEMPLATE {sa.make_url(template).database}" if template else ""
        self.postgres.execute(f"CREATE DATABASE {name}{source}")
        return folder, self.postgres.url(name)


def _installed(folder: Path, url: str, clock: str) -> Installation:
    variables = {
        "RIHLA_DATA_DIR": str(folder),
        "RIHLA_DATABASE_URL": url,
        "RIHLA_DEMO_PASSWORD": PASSWORD,
        "RIHLA_CLOCK": clock,
        "RIHLA_SIGN_IN_ATTEMPTS_PER_MINUTE": "1000",
    }
    return Installation(folder, load_settings(variables), {**os.environ, **variables})
