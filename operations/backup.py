"""A backup: one folder with a file a table and a manifest, made while everything runs.

All tables are read in one transaction that sees one moment and holds nobody up. Personal data
stays as it rests in the database, sealed; the keys of people are in it wrapped by the master key,
which is not.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import migrations
from engine import seals
from engine.crypto import Keyring
from engine.store.database import Database
from engine.store.transaction import Transaction
from operations import manifest as manifests
from operations import tables
from operations.manifest import BackupError, Manifest


def back_up(
    database: Database,
    keyring: Keyring,
    folder: Path,
    *,
    now: datetime,
    progress: Callable[[str], None] = lambda _table: None,
) -> Manifest:
    """Write a backup into `folder`, which must not exist; `now` is the machine's time.

    Until it is whole the folder is called `….partial`; what is left of a failed one goes with the
    next. Raises `BackupError`, `KeyUnusable` when the database was made with another master key,
    and `OSError` when the disk is full.
    """
    if folder.exists():
        raise BackupError(f"{folder} exists already. Name a new folder.")
    draft = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    with database.transaction() as tx:
        keyring.check(tx)  # a manifest for the wrong key would mislead
    draft.mkdir(mode=0o700, parents=True)
    with database.reading() as tx:
        made = _write(tx, keyring, draft, now, progress)
    _to_disk(draft)
    draft.rename(folder)
    return made


def _write(
    tx: Transaction,
    keyring: Keyring,
    draft: Path,
    now: datetime,
    progress: Callable[[str], None],
) -> Manifest:
    revision = migrations.revision_of(tx)
    if revision is None:
        raise BackupError("The database has no tables: there is nothing to back up.")
    parts = []
    for table in tables.tables_in(tx):
        progress(table.name)
        parts.append(tables.dump(tx, table, draft))
    chains, entries = seals.count_chains(tx)
    made = Manifest(
        format=manifests.FORMAT,
        product=version("rihla"),
        revision=revision,
        made_at=now,
        database=tx.dialect,
        chains=chains,
        entries=entries,
        root=seals.root_of_heads(tx),
        parts=tuple(parts),
        key=manifests.key_name(keyring),
    )
    return manifests.write(made, draft, keyring)


def _to_disk(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
