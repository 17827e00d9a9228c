"""What the product, its command line and the tests ask of Alembic."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.store.database import Database
from engine.store.schema import metadata
from engine.store.transaction import Transaction

FOLDER = Path(__file__).parent
_TABLE_PACKAGES = ("engine.store", "journey.store")


def load_tables() -> sa.MetaData:
    """Import every module that declares tables; answers with the complete MetaData."""
    for name in _TABLE_PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{name}.{module.name}")
    return metadata


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`, keeping what it holds.

    Processes that start together take turns (a lock on PostgreSQL, the one writer on SQLite).
    Raises `engine.errors.Unavailable` when the database cannot be reached.
    """
    database = Database(url)
    try:
        with database.transaction() as tx:
            upgrade_within(tx, revision)
    finally:
        database.close()


def upgrade_within(tx: Transaction, revision: str = "head") -> None:
    """As `upgrade`, in a transaction that does more than this: all of it happens, or nothing."""
    tx.lock("migrations")
    config = _config()
    config.attributes["connection"] = tx.connection
    command.upgrade(config, revision)


def current(url: str) -> str | None:
    """The revision the database at `url` stands at; None for an empty one."""
    database = Database(url)
    try:
        with database.reading() as tx:
            return revision_of(tx)
    finally:
        database.close()


def revision_of(tx: Transaction) -> str | None:
    """The revision of the database that `tx` reads; None for an empty one."""
    return MigrationContext.configure(tx.connection).get_current_revision()


def head() -> str | None:
    """The newest revision that this release knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revisions() -> tuple[str, ...]:
    """Every revision that this release knows, the first one first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(script.revision for script in scripts)[::-1]


def revise(url: str, message: str, revision_id: str | None = None) -> Path:
    """Write a new migration: what is missing in the database at `url` (which must stand at the
    head) compared with the tables in the code. Answers with the file, which a person reads."""
    load_tables()
    database = Database(url)
    try:
        with database.transaction() as tx:
            config = _config()
            config.attributes["connection"] = tx.connection
            script = command.revision(config, message, autogenerate=True, rev_id=revision_id)
    finally:
        database.close()
    if script is None or isinstance(script, list):
        raise LookupError("Alembic wrote no migration")
    return Path(script.path)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
