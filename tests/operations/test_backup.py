"""Backup and restore: whole, of one moment, on both databases and between them; a drill each time
that ends in verified chains."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.crypto import Keyring, KeyUnusable
from engine.store.access_log import access_log
from engine.store.database import Database
from engine.store.schema import metadata
from journey.store import projections
from operations import BackupError, back_up, restore
from operations.manifest import FILE
from operations.verification import Check
from tests.conftest import MASTER_KEY
from tests.journey.conftest import ADMIN, AUDITOR, IRBID, Product, over
from tests.operations.conftest import NOW, ON_SQLITE, wrong

ANOTHER_KEY = Keyring(bytes(32))


def contents(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with database.reading() as tx:
        return {
            table.name: [
                dict(row._mapping)
                for row in tx.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


def saved(product: Product, folder: Path) -> Path:
    back_up(product.database, product.engine.keyring, folder, now=NOW)
    return folder


@pytest.fixture
def backup(played: Product, tmp_path: Path) -> Path:
    return saved(played, tmp_path / "backup")


def test_the_drill_what_is_restored_is_what_was_and_verifies(
    played: Product, backup: Path, new_url: Callable[[], str], keyring: Keyring
) -> None:
    url = new_url()
    done = restore(backup, url, keyring)
    restored = over(Database(url), keyring)
    assert contents(restored.database) == contents(played.database)
    assert done.rows == sum(len(rows) for rows in contents(played.database).values())
    assert done.manifest.chains > 10
    assert done.manifest.made_at == NOW
    assert wrong(restored.engine) == []
    # It goes on from there: rows get numbers of their own, and the journal stays append-only.
    person = restored.person(99)
    restored.journey.cycles.open(IRBID, person.id)
    with restored.database.transaction() as tx:
        restored.engine.access_log.record(tx, AUDITOR, person.id, "a look")
        ids = list(tx.execute(sa.select(access_log.c.id)).scalars())
    assert max(ids) == len(ids)
    refused = pytest.raises(sa.exc.DBAPIError, match="append-only")
    with refused, restored.database.transaction() as tx:
        tx.connection.exec_driver_sql("DELETE FROM journal")
    assert wrong(restored.engine) == []
    restored.engine.close()


def test_from_sqlite_to_postgresql_and_back(
    played_sqlite: Path,
    played_backup: Path,
    postgres_server: Any,
    tmp_path: Path,
    keyring: Keyring,
) -> None:
    postgres_server.execute("CREATE DATABASE moved")
    there, back = Database(postgres_server.url("moved")), Database(f"sqlite:///{tmp_path}/back.db")
    restore(played_backup, postgres_server.url("moved"), keyring)
    back_up(there, keyring, tmp_path / "second", now=NOW)
    restore(tmp_path / "second", f"sqlite:///{tmp_path}/back.db", keyring)
    first = Database(f"sqlite:///{played_sqlite}")
    assert contents(there) == contents(first) == contents(back)
    for database in (first, there, back):
        database.close()
    postgres_server.execute("DROP DATABASE moved WITH (FORCE)")


def test_while_people_work_a_backup_is_of_one_moment(
    played: Product, tmp_path: Path, new_url: Callable[[], str], keyring: Keyring
) -> None:
    """Each registration is a person, a key, tokens and two entries: none may come in halves."""
    stop, failures, made = threading.Event(), [], []

    def work() -> None:
        number = 1000
        try:
            while not stop.is_set():
                number += 1
                person = played.person(number)
                played.journey.cycles.open(IRBID, person.id)
                made.append(person.id)
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        while len(made) < 2:
            assert thread.is_alive(), failures
        before = len(made)
        saved(played, tmp_path / "backup")
        after = len(made)
    finally:
        stop.set()
        thread.join(60)
    assert failures == []
    url = new_url()
    restore(tmp_path / "backup", url, keyring)
    restored = over(Database(url), keyring)
    assert wrong(restored.engine) == []
    people = {row["id"] for row in contents(restored.database)["person"]}
    there = [person in people for person in made]
    assert all(there[:before])
    assert not any(there[after + 1 :])
    assert there == sorted(there, reverse=True)  # a beginning of what was done, not a choice of it
    restored.engine.close()


@ON_SQLITE
def test_nothing_in_a_backup_can_be_read_without_the_master_key(backup: Path) -> None:
    text = b"".join(gzip.decompress(file.read_bytes()) for file in backup.glob("*.gz"))
    text += (backup / FILE).read_bytes()
    assert "البلوطي".encode() not in text
    for form in (MASTER_KEY, MASTER_KEY.hex().encode(), base64.b64encode(MASTER_KEY)):
        assert form not in text
    assert backup.stat().st_mode & 0o077 == 0


@ON_SQLITE
def test_another_master_key_is_said_plainly(
    backup: Path, played: Product, new_url: Callable[[], str], tmp_path: Path
) -> None:
    url = new_url()
    with pytest.raises(BackupError, match="another master key"):
        restore(backup, url, ANOTHER_KEY)
    assert not Path(url.removeprefix("sqlite:///")).exists()
    with pytest.raises(KeyUnusable, match="does not fit"):
        back_up(played.database, ANOTHER_KEY, tmp_path / "wrong", now=NOW)
    assert not (tmp_path / "wrong").exists()


def test_a_database_with_data_is_only_replaced_when_told(
    played: Product, played_url: str, backup: Path, keyring: Keyring
) -> None:
    played.person(77)
    now = contents(played.database)
    with pytest.raises(BackupError, match="--replace"):
        restore(backup, played_url, keyring)
    # Whoever is connected would go on from cases that are no more.
    with pytest.raises(BackupError, match="connected"), played.database.reading():
        restore(backup, played_url, keyring, replace=True)
    assert contents(played.database) == now
    played.engine.close()
    restore(backup, played_url, keyring, replace=True)
    assert len(contents(played.database)["person"]) == len(now["person"]) - 1
    assert wrong(played.engine) == []


@ON_SQLITE
def test_who_was_erased_since_is_named_to_be_erased_again(
    played: Product, played_url: str, backup: Path, keyring: Keyring
) -> None:
    person = played.person(77)
    folder = saved(played, backup.with_name("second"))
    played.journey.persons.erase(ADMIN, person.id, "asked for")
    played.engine.close()
    assert restore(folder, played_url, keyring, replace=True).erased == {person.id}


def altered(backup: Path, **changes: Any) -> None:
    file = backup / FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda b: (b / "journal.jsonl.gz").unlink(), "journal.jsonl.gz is missing"),
        (lambda b: (b / "journal.jsonl.gz").write_bytes(b"nothing"), "journal.jsonl.gz was alter"),
        (lambda b: altered(b, entries=1), "manifest.json was altered"),
        (lambda b: altered(b, format=2), "format 2"),
        (lambda b: altered(b, parts="none"), "cannot be read"),
        (lambda b: (b / FILE).unlink(), "is no backup"),
    ],
)
def test_a_damaged_backup_changes_nothing(
    played_sqlite: Path,
    played_backup: Path,
    tmp_path: Path,
    keyring: Keyring,
    *,
    damage: Callable[[Path], object],
    named: str,
) -> None:
    backup, target = tmp_path / "backup", tmp_path / "rihla.db"
    shutil.copytree(played_backup, backup)
    shutil.copyfile(played_sqlite, target)
    damage(backup)
    with pytest.raises(BackupError, match=named):
        restore(backup, f"sqlite:///{target}", keyring, replace=True)
    assert target.read_bytes() == played_sqlite.read_bytes()


def test_rows_that_fail_half_way_leave_what_was(
    played: Product,
    played_url: str,
    backup: Path,
    keyring: Keyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = contents(played.database)
    played.engine.close()

    def full(*_: object) -> None:
        raise OSError("no space left on the device")

    monkeypatch.setattr("operations.restoring.seals.root_of_heads", full)
    with pytest.raises(OSError, match="no space"):
        restore(backup, played_url, keyring, replace=True)
    monkeypatch.undo()
    assert contents(played.database) == now
    played.engine.close()
    restore(backup, played_url, keyring, replace=True)  # what was left of it is no hindrance


def test_a_damaged_database_can_be_replaced(
    played_backup: Path, tmp_path: Path, keyring: Keyring
) -> None:
    target = tmp_path / "rihla.db"
    target.write_bytes(b"not a database " * 1000)
    with pytest.raises(BackupError, match="--replace"):
        restore(played_backup, f"sqlite:///{target}", keyring)
    restore(played_backup, f"sqlite:///{target}", keyring, replace=True)
    product = over(Database(f"sqlite:///{target}"), keyring)
    assert wrong(product.engine, Check.CHAINS) == []
    product.engine.close()


@ON_SQLITE
def test_a_backup_of_a_newer_release_is_refused(
    played: Product, new_url: Callable[[], str], keyring: Keyring, tmp_path: Path
) -> None:
    with played.database.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupError, match="migration 9999"):
        restore(saved(played, tmp_path / "newer"), new_url(), keyring)


@ON_SQLITE
def test_a_folder_is_never_overwritten_and_half_a_backup_is_none(
    played: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backup"

    def full(*_: object) -> None:
        raise OSError("no space left on the device")

    monkeypatch.setattr("operations.backup.seals.root_of_heads", full)
    with pytest.raises(OSError, match="no space"):
        saved(played, folder)
    assert not folder.exists()
    monkeypatch.undo()
    saved(played, folder)
    with pytest.raises(BackupError, match="exists already"):
        saved(played, folder)


@ON_SQLITE
def test_projections_come_with_it(played: Product) -> None:
    """The data that the drill runs on has something in every kind of column."""
    with played.database.reading() as tx:
        rows = projections.snapshot(tx)
    assert sum(1 for found in rows.values() if found) >= 8
