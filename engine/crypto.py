"""Encryption of personal data: one data key per owner, wrapped by one master key.

Destroying an owner's data key makes everything sealed for it unreadable for ever, backups of the
database included once they are gone, while hash chains over the ciphertext still verify.

Blob layout (version 1): `01` · 12 random bytes (nonce) · AES-256-GCM ciphertext with its tag.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import EngineError, KeyDestroyed
from engine.store import keys
from engine.store.transaction import Transaction
from engine.wording import Text

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_CACHED_KEYS = 1024
_CHECK_OWNER = "master-key-check"


class KeyUnusable(EngineError):
    """A key is missing, malformed, or not the one this database was made with."""


class DataAltered(EngineError):
    """Stored personal data was changed outside the engine: its seal does not fit any more."""


def load_key(env_value: str | None, path: Path, name: str) -> bytes:
    """The 32-byte secret `name` from the environment (base64), else from the file at `path`.

    The file is made on first use, readable by its owner only. Raises `KeyUnusable`.
    """
    if env_value:
        return _decoded(env_value, f"the environment variable {name}")
    if not path.exists():
        _write_once(path, base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnusable(f"The key file {path.name} cannot be read: {error}") from error
    if path.stat().st_mode & 0o077:
        raise KeyUnusable(f"The key file {path.name} can be read by others. Run `chmod 600` on it.")
    return _decoded(text, f"the key file {path.name}")


def load_master_key(env_value: str | None, path: Path) -> bytes:
    """The master key (`RIHLA_MASTER_KEY`, else the key file). Raises `KeyUnusable`."""
    return load_key(env_value, path, "RIHLA_MASTER_KEY")


def load_secret_key(env_value: str | None, path: Path) -> bytes:
    """The key that signs tokens (`RIHLA_SECRET_KEY`, any text of at least 32 characters, else
    the key file). Changing it only ends sessions. Raises `KeyUnusable`."""
    if env_value:
        if len(env_value) < KEY_BYTES:
            raise KeyUnusable(
                f"RIHLA_SECRET_KEY is shorter than {KEY_BYTES} characters. "
                "Make one with `openssl rand -base64 32`."
            )
        return hashlib.sha256(env_value.encode()).digest()
    return load_key(None, path, "RIHLA_SECRET_KEY")


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyUnusable(f"The key in {where} is not base64.") from error
    if len(key) != KEY_BYTES:
        raise KeyUnusable(
            f"The key in {where} has {len(key)} bytes, not {KEY_BYTES}. "
            "Make one with `openssl rand -base64 32`."
        )
    return key


def _write_once(path: Path, content: bytes) -> None:
    """Two processes starting at once must end with the same key: the first file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # FileExistsError: somebody else was first, and theirs is the key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _encrypt(cipher: AESGCM, plaintext: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + cipher.encrypt(nonce, plaintext, associated)


def _decrypt(cipher: AESGCM, blob: bytes, associated: bytes) -> bytes:
    if blob[:1] != _VERSION:
        raise InvalidTag
    return cipher.decrypt(blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :], associated)


def _associated(owner: str, context: bytes) -> bytes:
    name = owner.encode()
    return len(name).to_bytes(4) + name + context


class Keyring:
    """Seals and opens personal data. Safe to share between threads.

    Unwrapped keys are kept in memory under their wrapped form, which is read from the database
    once per transaction: a key that another process destroyed is never found here again.
    """

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise KeyUnusable(f"The master key must have {KEY_BYTES} bytes.")
        self._master_key = master_key
        self._master = AESGCM(master_key)
        self._lock = threading.Lock()
        self._ciphers: OrderedDict[bytes, AESGCM] = OrderedDict()

    def seal(self, tx: Transaction, owner: str, plaintext: bytes, context: bytes) -> bytes:
        """Encrypt `plaintext` for `owner`; `context` says where it will be stored and must be
        given again to open it. Raises `KeyDestroyed`."""
        return _encrypt(self._cipher(tx, owner, make=True), plaintext, _associated(owner, context))

    def open(self, tx: Transaction, owner: str, blob: bytes, context: bytes) -> bytes:
        """The plaintext of a sealed `blob`. Raises `KeyDestroyed`, `DataAltered`."""
        cipher = self._cipher(tx, owner, make=False)
        try:
            return _decrypt(cipher, blob, _associated(owner, context))
        except InvalidTag as error:
            raise DataAltered(
                f"Stored data of {owner} was altered, or moved from where it belongs. "
                "Run `rihla verify` and compare with a backup."
            ) from error

    def know(self, tx: Transaction, owner: str, wrapped: bytes | None) -> None:
        """The wrapped key of `owner` was read in this transaction along with something else, and
        need not be read again. Raises `KeyUnusable`."""
        if wrapped is not None:
            tx.memo["data_key", owner] = self._unwrapped(owner, wrapped)

    def load(self, tx: Transaction, owners: Collection[str]) -> frozenset[str]:
        """Read the keys of many owners at once, for what is opened next in this transaction; which
        of the owners still have one."""
        unread = [owner for owner in owners if ("data_key", owner) not in tx.memo]
        for stored in keys.find_many(tx, unread):
            self.know(tx, stored.owner, stored.wrapped)
        return frozenset(owner for owner in owners if ("data_key", owner) in tx.memo)

    def destroy(self, tx: Transaction, owner: str) -> None:
        """Make everything sealed for `owner` unreadable for ever. Doing it twice is no error."""
        stored = keys.find(tx, owner)
        keys.destroy(tx, owner)
        tx.memo.pop(("data_key", owner), None)
        wrapped = stored.wrapped if stored else None
        if wrapped is not None:
            tx.after_commit(lambda: self._forget(wrapped))

    def destroyed(self, tx: Transaction, owner: str) -> bool:
        """Whether the key of `owner` was destroyed."""
        stored = keys.find(tx, owner)
        return stored is not None and stored.wrapped is None

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one other purpose (a keyed hash), made from the master key (HKDF)."""
        hkdf = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"rihla:" + purpose.encode())
        return hkdf.derive(self._master_key)

    @staticmethod
    def is_needed(tx: Transaction) -> bool:
        """Whether the database was made with a master key already."""
        return keys.find(tx, _CHECK_OWNER) is not None

    def check(self, tx: Transaction) -> None:
        """Raises `KeyUnusable` when this is not the master key the database was made with."""
        self._cipher(tx, _CHECK_OWNER, make=True)

    def _cipher(self, tx: Transaction, owner: str, *, make: bool) -> AESGCM:
        known: AESGCM | None = tx.memo.get(("data_key", owner))
        if known is not None:
            return known
        stored = keys.find(tx, owner)
        if stored is None and make:
            fresh = _encrypt(self._master, os.urandom(KEY_BYTES), self._wrap_context(owner))
            stored = keys.add(tx, owner, fresh)
            if stored.wrapped is not None:  # not in the memo: a savepoint may still undo the row
                return self._unwrapped(owner, stored.wrapped)
        if stored is None:
            raise DataAltered(f"The key of {owner} is missing from the database.")
        if stored.wrapped is None:
            raise KeyDestroyed(
                Text(
                    f"مُحيت البيانات الشخصية لـ {owner} ولا يمكن قراءتها.",
                    f"The personal data of {owner} was erased and cannot be read.",
                )
            )
        cipher = self._unwrapped(owner, stored.wrapped)
        tx.memo["data_key", owner] = cipher
        return cipher

    def _unwrapped(self, owner: str, wrapped: bytes) -> AESGCM:
        with self._lock:
            cipher = self._ciphers.get(wrapped)
            if cipher is not None:
                self._ciphers.move_to_end(wrapped)
                return cipher
        try:
            cipher = AESGCM(_decrypt(self._master, wrapped, self._wrap_context(owner)))
        except InvalidTag as error:
            raise KeyUnusable(
                "The master key does not fit this database. Set RIHLA_MASTER_KEY (or restore "
                "the key file) to the key it was made with."
            ) from error
        with self._lock:
            self._ciphers[wrapped] = cipher
            while len(self._ciphers) > _CACHED_KEYS:
                self._ciphers.popitem(last=False)
        return cipher

    def _forget(self, wrapped: bytes) -> None:
        with self._lock:
            self._ciphers.pop(wrapped, None)

    @staticmethod
    def _wrap_context(owner: str) -> bytes:
        return _associated(owner, b"data key")
