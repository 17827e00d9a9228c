"""Keys: files, sealing, destroying."""

from __future__ import annotations

import base64
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.crypto import (
    DataAltered,
    Keyring,
    KeyUnusable,
    load_key,
    load_master_key,
    load_secret_key,
)
from engine.errors import KeyDestroyed
from engine.store.database import Database
from engine.store.keys import data_key
from tests.engine.undo import undone

MASTER = bytes(range(32))


def seal(database: Database, keyring: Keyring, owner: str = "p1") -> bytes:
    with database.transaction() as tx:
        return keyring.seal(tx, owner, b"secret", b"here")


def opened(database: Database, keyring: Keyring, blob: bytes, owner: str = "p1") -> bytes:
    with database.reading() as tx:
        return keyring.open(tx, owner, blob, b"here")


def test_a_master_key_from_the_environment(tmp_path: Path) -> None:
    text = base64.b64encode(MASTER).decode()
    assert load_master_key(text, tmp_path / "unused") == MASTER
    assert not (tmp_path / "unused").exists()


@pytest.mark.parametrize("text", ["not base64!", base64.b64encode(b"short").decode()])
def test_a_bad_key_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyUnusable, match="RIHLA_MASTER_KEY"):
        load_master_key(text, tmp_path / "key")


def test_a_signing_key_may_be_any_long_text(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    text = "a sentence that nobody else would think of"
    assert len(load_secret_key(text, path)) == 32
    assert load_secret_key(text, path) != load_secret_key(text + ".", path)
    assert not path.exists()
    with pytest.raises(KeyUnusable, match="RIHLA_SECRET_KEY"):
        load_secret_key("short", path)
    assert load_secret_key(None, path) == load_secret_key(None, path)


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    first = load_master_key(None, path)
    assert len(first) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_master_key("", path) == first
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    load_master_key(None, path)
    path.chmod(0o644)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        load_master_key(None, path)


def test_processes_that_start_together_get_one_key(tmp_path: Path) -> None:
    keys: list[bytes] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        keys.append(load_key(None, tmp_path / "key", "A_KEY"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_what_is_sealed_opens_again(database: Database, keyring: Keyring) -> None:
    blob = seal(database, keyring)
    assert b"secret" not in blob
    assert blob != seal(database, keyring)
    assert opened(database, keyring, blob) == b"secret"
    assert opened(database, Keyring(MASTER), blob) == b"secret"


def test_a_blob_opens_only_for_its_owner_and_place(database: Database, keyring: Keyring) -> None:
    blob = seal(database, keyring)
    seal(database, keyring, "p2")
    with pytest.raises(DataAltered, match="p2"):
        opened(database, keyring, blob, "p2")
    with pytest.raises(DataAltered), database.reading() as tx:
        keyring.open(tx, "p1", blob, b"elsewhere")


def test_any_changed_byte_is_noticed(database: Database, keyring: Keyring) -> None:
    blob = seal(database, keyring)
    for position in range(len(blob)):
        changed = bytearray(blob)
        changed[position] ^= 1
        with pytest.raises(DataAltered):
            opened(database, keyring, bytes(changed))


def test_a_destroyed_key_is_gone_for_everybody(
    open_database: Callable[[], Database], keyring: Keyring
) -> None:
    here, there, another = open_database(), open_database(), Keyring(MASTER)
    blob = seal(here, keyring)
    assert opened(there, another, blob) == b"secret"  # now in the other's memory
    with here.transaction() as tx:
        keyring.destroy(tx, "p1")
        with pytest.raises(KeyDestroyed):
            keyring.open(tx, "p1", blob, b"here")
    for database, ring in ((here, keyring), (there, another)):
        with pytest.raises(KeyDestroyed, match="p1"):
            opened(database, ring, blob)
        with pytest.raises(KeyDestroyed):
            seal(database, ring)
    with here.reading() as tx:
        assert tx.execute(sa.select(data_key.c.wrapped)).scalar_one() is None
        assert keyring.destroyed(tx, "p1")


def test_destroying_twice_or_before_use_is_no_error(database: Database, keyring: Keyring) -> None:
    for _ in range(2):
        with database.transaction() as tx:
            keyring.destroy(tx, "p1")
    with pytest.raises(KeyDestroyed):
        seal(database, keyring)


def test_a_destruction_that_is_rolled_back_destroys_nothing(
    database: Database, keyring: Keyring
) -> None:
    blob = seal(database, keyring)
    with undone(database) as tx:
        keyring.destroy(tx, "p1")
    assert opened(database, keyring, blob) == b"secret"


def test_a_first_key_that_is_rolled_back_is_not_used_again(
    database: Database, keyring: Keyring
) -> None:
    with undone(database) as tx:
        keyring.seal(tx, "p1", b"lost", b"here")
    assert opened(database, keyring, seal(database, keyring)) == b"secret"


def test_a_first_key_inside_a_savepoint_that_is_rolled_back(
    database: Database, keyring: Keyring
) -> None:
    with database.transaction() as tx:
        savepoint = tx.connection.begin_nested()
        keyring.seal(tx, "p1", b"lost", b"here")
        savepoint.rollback()
        blob = keyring.seal(tx, "p1", b"secret", b"here")
    assert opened(database, Keyring(MASTER), blob) == b"secret"


def test_two_first_seals_at_once_share_one_key(
    open_database: Callable[[], Database], keyring: Keyring
) -> None:
    database = open_database()
    blobs: list[bytes] = []
    barrier = threading.Barrier(4)

    def run() -> None:
        ring = Keyring(MASTER)
        barrier.wait()
        blobs.append(seal(database, ring))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [opened(database, keyring, blob) for blob in blobs] == [b"secret"] * 4


def test_another_master_key_is_recognised(database: Database, keyring: Keyring) -> None:
    with database.transaction() as tx:
        keyring.check(tx)
    with database.transaction() as tx:
        Keyring(MASTER).check(tx)
    with pytest.raises(KeyUnusable, match="does not fit"), database.transaction() as tx:
        Keyring(bytes(32)).check(tx)


def test_derived_keys_differ_by_purpose_and_master(keyring: Keyring) -> None:
    assert keyring.derive("a") == Keyring(MASTER).derive("a")
    assert len({keyring.derive("a"), keyring.derive("b"), Keyring(bytes(32)).derive("a")}) == 3


def test_a_destroyed_key_leaves_the_database_file(keyring: Keyring, tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    database = Database(f"sqlite:///{path}")
    data_key.create(database.engine)
    seal(database, keyring)
    with database.reading() as tx:
        wrapped = tx.execute(sa.select(data_key.c.wrapped)).scalar_one()
    with database.transaction() as tx:
        keyring.destroy(tx, "p1")
    database.close()
    assert wrapped not in path.read_bytes()


def test_any_bytes_come_back(keyring: Keyring) -> None:
    database = Database("sqlite://", pool_size=1)
    data_key.create(database.engine)

    @settings(max_examples=50, deadline=None)
    @given(st.binary(max_size=300), st.text(max_size=20), st.binary(max_size=20))
    def check(plaintext: bytes, owner: str, context: bytes) -> None:
        with database.transaction() as tx:
            blob = keyring.seal(tx, owner, plaintext, context)
            assert keyring.open(tx, owner, blob, context) == plaintext

    check()
    database.close()
