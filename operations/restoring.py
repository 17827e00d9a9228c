"""Restoring a backup: everything is checked first, then all of it is loaded, or nothing.

On SQLite a new file is made beside the old one and takes its place at the end; on PostgreSQL it is
one transaction. The tables are made as they were when the backup was, then migrated to this
release.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import exc

import migrations
from engine import seals
from engine.crypto import Keyring
from engine.errors import EngineError
from engine.store.database import Database
from engine.store.database_faults import NotADatabase
from engine.store.transaction import Transaction
from operations import manifest as manifests
from operations import tables
from operations.erased_list import erased_in
from operations.manifest import BackupError, Manifest

_BESIDE = ("", "-wal", "-shm")
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    manifest: Manifest
    rows: int
    erased: frozenset[str]
    """Owners whose keys were destroyed in the database that was given up: to be erased again."""


def restore(
    folder: Path,
    url: str,
    keyring: Keyring,
    *,
    replace: bool = False,
    progress: Callable[[str], None] = lambda _table: None,
) -> Restored:
    """Load the backup in `folder` into the database at `url`, and migrate it to this release.

    A database that holds something is refused, unless `replace` says to give it up; nobody else
    may be connected to it then. Raises `BackupError` before anything is changed when a file is
    missing or altered, the master key is another one, or the backup is of a newer release.
    """
    manifest = check(folder, keyring)
    before: frozenset[str] = frozenset()
    if not _empty(url):
        if not replace:
            raise BackupError(
                "The database holds data already. Name another one in RIHLA_DATA_DIR or "
                "RIHLA_DATABASE_URL, or say --replace to give up what it holds."
            )
        _require_alone(url)
        before = _destroyed(url)
    into = _into_file if sa.make_url(url).get_backend_name() == "sqlite" else _into_server
    into(url, manifest, folder, progress)
    migrations.upgrade(url)
    rows = sum(part.rows for part in manifest.parts)
    return Restored(manifest, rows, before)


def check(folder: Path, keyring: Keyring) -> Manifest:
    """Whether a backup is whole, belongs to this master key, and is not of a newer release. Raises
    `BackupError`."""
    manifest = manifests.read(folder, keyring)
    if manifest.revision not in migrations.revisions():
        raise BackupError(
            f"The backup was made by release {manifest.product} at migration {manifest.revision}, "
            "which this release does not know. Restore it with that release or a later one."
        )
    for part in manifest.parts:
        file = folder / part.file
        if not file.is_file():
            raise BackupError(f"The backup is not whole: {part.file} is missing.")
        if tables.sha256_of(file) != part.sha256:
            raise BackupError(f"{part.file} was altered or damaged after the backup was made.")
    return manifest


def _into_file(url: str, manifest: Manifest, folder: Path, progress: Callable[[str], None]) -> None:
    target = _file_of(url)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.restoring")
    _remove(draft)
    database = Database(f"sqlite:///{draft}")
    try:
        with database.transaction() as tx:
            _load(tx, manifest, folder, progress)
    finally:
        database.close()  # the last connection folds the write-ahead log into the file
    # The old write-ahead log must not be taken for the new file's.
    _remove(target)
    draft.rename(target)


def _into_server(
    url: str, manifest: Manifest, folder: Path, progress: Callable[[str], None]
) -> None:
    database = Database(url)
    try:
        with database.transaction() as tx:
            _drop(tx)
            _load(tx, manifest, folder, progress)
    finally:
        database.close()


def _load(
    tx: Transaction, manifest: Manifest, folder: Path, progress: Callable[[str], None]
) -> None:
    """Make the tables, fill them, and compare the chains with what the manifest says of them."""
    migrations.upgrade_within(tx, manifest.revision)
    there = {table.name: table for table in tables.tables_in(tx)}
    parts = {part.table: part for part in manifest.parts}
    if set(parts) != set(there):
        odd = ", ".join(sorted(set(parts) ^ set(there)))
        raise BackupError(f"The backup's tables are not those of its migration: {odd}.")
    for table in there.values():
        progress(table.name)
        tables.load(tx, table, parts[table.name], folder)
    found = (*seals.count_chains(tx), seals.root_of_heads(tx))
    if found != (manifest.chains, manifest.entries, manifest.root):
        raise BackupError("The chains that were restored are not those of the backup.")


def _empty(url: str) -> bool:
    if sa.make_url(url).get_backend_name() == "sqlite" and not _file_of(url).exists():
        return True
    database = Database(url)
    try:
        with database.reading() as tx:
            return not _known_tables(tx)
    except NotADatabase:
        return False  # damaged, but somebody's
    finally:
        database.close()


def _known_tables(tx: Transaction) -> list[str]:
    """The product's tables in the database, whatever else is in it."""
    names = set(migrations.load_tables().tables) | {"alembic_version"}
    return sorted(names & set(sa.inspect(tx.connection).get_table_names()))


def _drop(tx: Transaction) -> None:
    """Drop the product's tables on PostgreSQL, with the functions of their triggers."""
    quote = tx.connection.dialect.identifier_preparer.quote
    for table in _known_tables(tx):
        tx.connection.exec_driver_sql(f"DROP TABLE {quote(table)} CASCADE")
        tx.connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {quote(f'{table}_refuse')}")


def _require_alone(url: str) -> None:
    """Raises `BackupError` while somebody else is connected: a server would go on from what it
    remembers of the cases that were."""
    alone = True
    if sa.make_url(url).get_backend_name() == "sqlite":
        # Leaving the write-ahead log is only possible for whoever is alone.
        engine = sa.create_engine(url, connect_args={"timeout": 0})
        with contextlib.closing(engine.raw_connection()) as connection:
            try:
                connection.cursor().execute("PRAGMA journal_mode=DELETE")
            except sqlite3.OperationalError:
                alone = False
            except sqlite3.DatabaseError:
                pass  # damaged: nobody can work with it
        engine.dispose()
    else:
        database = Database(url)
        with database.reading() as tx:
            alone = tx.connection.exec_driver_sql(_OTHERS).scalar_one() == 0
        database.close()
    if not alone:
        raise BackupError(
            "Others are connected to the database. Stop the servers and schedulers first."
        )


def _destroyed(url: str) -> frozenset[str]:
    """Owners whose keys were destroyed in the database that is given up; none when it cannot say:
    it may be damaged, which is why it is given up."""
    database = Database(url)
    try:
        with database.reading() as tx:
            return erased_in(tx)
    except (exc.SQLAlchemyError, EngineError):
        return frozenset()
    finally:
        database.close()


def _file_of(url: str) -> Path:
    return Path(str(sa.make_url(url).database))


def _remove(file: Path) -> None:
    for ending in _BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)
