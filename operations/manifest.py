"""What a backup says of itself: `manifest.json`, protected by a keyed hash.

The key is derived from the master key, so a manifest also tells whether a master key is the one
that the backup's data was sealed with. The key itself is never in a backup.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from engine.crypto import Keyring
from engine.errors import EngineError

FORMAT = 1
FILE = "manifest.json"
_PURPOSE = "backup manifest"


class BackupError(EngineError):
    """A backup cannot be made, is not whole, or cannot be restored here; the message says why."""


@dataclass(frozen=True)
class Part:
    """One table."""

    table: str
    file: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    """Size of the file."""
    sha256: str
    """Of the file, hex."""


@dataclass(frozen=True)
class Manifest:
    """The whole backup."""

    format: int
    product: str
    """The version of the product that made it."""
    revision: str
    """The migration at which the database stood."""
    made_at: datetime
    """The machine's time in UTC; the backup is the database as it was at one moment after it."""
    database: str
    """`sqlite` or `postgresql`; either is restored into either."""
    chains: int
    entries: int
    root: str
    """Merkle root over where every chain stood (`engine.seals.root_of_heads`), hex."""
    parts: tuple[Part, ...]
    key: str
    """Names the master key without telling it, hex."""
    seal: str = ""
    """Keyed hash over everything above, hex."""


def key_name(keyring: Keyring) -> str:
    """What stands for a master key in a manifest."""
    return hashlib.sha256(keyring.derive(_PURPOSE)).hexdigest()[:16]


def write(manifest: Manifest, folder: Path, keyring: Keyring) -> Manifest:
    """Seal the manifest and write it into `folder`."""
    sealed = replace(manifest, seal=_seal(manifest, keyring))
    text = msgspec.json.format(msgspec.json.encode(sealed), indent=2)
    (folder / FILE).write_bytes(text + b"\n")
    return sealed


def read(folder: Path, keyring: Keyring) -> Manifest:
    """The manifest of the backup in `folder`. Raises `BackupError` when there is none, it was
    altered, or was made with another master key."""
    file = folder / FILE
    if not file.is_file():
        raise BackupError(f"{folder} is no backup: it has no {FILE}.")
    try:
        manifest = msgspec.json.decode(file.read_bytes(), type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackupError(f"{file} cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise BackupError(
            f"{folder} is a backup of format {manifest.format}, this release reads {FORMAT}. "
            f"Restore it with release {manifest.product}."
        )
    if manifest.key != key_name(keyring):
        raise BackupError(
            "This backup was made with another master key: nothing in it could be read with the "
            "one given. Set RIHLA_MASTER_KEY, or the file keys/master.key of the data folder, to "
            "the key it was made with. A backup never holds the key."
        )
    if not hmac.compare_digest(manifest.seal, _seal(manifest, keyring)):
        raise BackupError(f"{file} was altered after the backup was made.")
    return manifest


def _seal(manifest: Manifest, keyring: Keyring) -> str:
    said = msgspec.json.encode(replace(manifest, seal=""), order="sorted")
    return hmac.digest(keyring.derive(_PURPOSE), said, hashlib.sha256).hex()
