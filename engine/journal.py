"""The journal: who did what, when, to which element, with which version and data.

One hash chain per stream (`case:<id>`, `person:<id>`, `admin`). An entry's hash covers the hash
before it, everything readable of the entry and its ciphertext, so a chain verifies without any key
and still does after the key was destroyed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from engine.crypto import Keyring
from engine.errors import KeyDestroyed
from engine.packing import pack, unpack
from engine.records import JournalEntry
from engine.store import journal as store
from engine.store.journal import Row
from engine.store.transaction import Transaction

ADMIN_STREAM = "admin"
"""Deployments, users, the clock; its data is sealed for the owner of the same name."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_json = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True)
class Head:
    """Where a stream ends: the number of its last entry (0: none) and its hash (hex)."""

    seq: int
    hash: str


EMPTY_HEAD = Head(0, "")


@dataclass(frozen=True)
class NewEntry:
    """One entry to be appended."""

    at: datetime
    actor: str
    kind: str
    element_id: str | None = None
    element_name: str | None = None
    flow_ids: tuple[str, ...] = ()
    header: Mapping[str, Any] = field(default_factory=dict)
    """Versions, hashes, reasons of the machine: kept readable for ever, so nothing personal."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """JSON-able; sealed with the owner's key."""


@dataclass(frozen=True)
class RecordedEntry(JournalEntry):
    """A journal entry as read back."""

    header: Mapping[str, Any] = field(default_factory=dict)
    erased: bool = False
    """The person's key was destroyed: `data` is empty because nobody can read it any more."""


@dataclass(frozen=True)
class ChainReport:
    """What verifying one stream found."""

    stream: str
    entries: int
    ok: bool
    first_bad: int | None = None
    """Number of the first entry that does not fit; one past the last when entries are missing."""


class Journal:
    """Appends to streams, reads them and proves that they were not altered."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def append(
        self, tx: Transaction, stream: str, head: Head, entries: Sequence[NewEntry], owner: str
    ) -> Head:
        """Append after `head` and answer with the new head, which the caller stores.

        The caller holds the stream (its case's row is locked or version-checked); two writers with
        the same head meet at the primary key. Raises `KeyDestroyed` when `owner` was erased.
        """
        rows: list[Row] = []
        for entry in entries:
            row = self._row(tx, stream, head, entry, owner)
            head = Head(row.seq, row.hash.hex())
            rows.append(row)
        if rows:
            store.insert(tx, rows)
        return head

    def append_to(
        self, tx: Transaction, stream: str, entries: Sequence[NewEntry], owner: str
    ) -> Head:
        """Append to a stream whose head the journal keeps itself; other writers wait."""
        seq, last = store.lock_head(tx, stream)
        head = self.append(tx, stream, Head(seq, last.hex()), entries, owner)
        store.move_head(tx, stream, head.seq, bytes.fromhex(head.hash))
        return head

    def append_admin(self, tx: Transaction, entry: NewEntry) -> Head:
        """Append one entry to the stream of administration."""
        return self.append_to(tx, ADMIN_STREAM, [entry], ADMIN_STREAM)

    def read(
        self, tx: Transaction, stream: str, *, after: int = 0, limit: int | None = None
    ) -> list[RecordedEntry]:
        """Entries of `stream` after number `after`, oldest first, at most `limit`."""
        return list(self.iterate(tx, stream, after=after, limit=limit))

    def iterate(
        self, tx: Transaction, stream: str, *, after: int = 0, limit: int | None = None
    ) -> Iterator[RecordedEntry]:
        """As `read`, one entry at a time. Raises `DataAltered` for a payload that was changed."""
        for row in store.rows_of(tx, stream, after=after, limit=limit):
            erased = False
            data: dict[str, Any] = {}
            try:
                opened = self._keyring.open(tx, row.owner, row.payload, _context(stream, row.seq))
                data = unpack(opened)
            except KeyDestroyed:
                erased = True
            yield RecordedEntry(
                stream=stream,
                seq=row.seq,
                at=row.at,
                kind=row.kind,
                actor=row.actor,
                element_id=row.element_id,
                element_name=row.element_name,
                flow_ids=tuple(msgspec.json.decode(row.flow_ids)),
                data=data,
                hash=row.hash.hex(),
                header=msgspec.json.decode(row.header),
                erased=erased,
            )

    def verify(self, tx: Transaction, stream: str, head: Head | None = None) -> ChainReport:
        """Recompute the chain of `stream`.

        With `head` (for a case: the one in its row; otherwise the journal's own is used) entries
        cut off at the end are found too.
        """
        expected = head or self._kept_head(tx, stream)
        count, last = 0, b""
        for row in store.rows_of(tx, stream):
            if row.seq != count + 1 or row.hash != entry_hash(last, row):
                return ChainReport(stream, count, False, count + 1)
            count, last = row.seq, row.hash
        if expected is not None and expected != Head(count, last.hex()):
            first_bad = count + 1 if expected.seq > count else max(expected.seq, 1)
            return ChainReport(stream, count, False, first_bad)
        return ChainReport(stream, count, True)

    def streams(self, tx: Transaction) -> Iterator[str]:
        """The names of all streams."""
        return store.streams(tx)

    def _kept_head(self, tx: Transaction, stream: str) -> Head | None:
        kept = store.head(tx, stream)
        return None if kept is None else Head(kept[0], kept[1].hex())

    def _row(self, tx: Transaction, stream: str, head: Head, entry: NewEntry, owner: str) -> Row:
        seq = head.seq + 1
        payload = self._keyring.seal(tx, owner, pack(dict(entry.data)), _context(stream, seq))
        row = Row(
            stream=stream,
            seq=seq,
            at=entry.at,
            kind=entry.kind,
            actor=entry.actor,
            element_id=entry.element_id,
            element_name=entry.element_name,
            flow_ids=_json.encode(entry.flow_ids).decode(),
            header=_json.encode(dict(entry.header)).decode(),
            owner=owner,
            payload=payload,
            hash=b"",
        )
        return replace(row, hash=entry_hash(bytes.fromhex(head.hash), row))


def _context(stream: str, seq: int) -> bytes:
    return f"journal:{stream}:{seq}".encode()


def entry_hash(previous: bytes, row: Row) -> bytes:
    """SHA-256 over the canonical form: a JSON list of everything stored, the payload by its own
    SHA-256, the moment in microseconds since 1970."""
    canonical = _json.encode(
        (
            1,
            previous.hex(),
            row.stream,
            row.seq,
            (row.at - _EPOCH) // timedelta(microseconds=1),
            row.kind,
            row.actor,
            row.element_id,
            row.element_name,
            row.flow_ids,
            row.header,
            row.owner,
            hashlib.sha256(row.payload).hexdigest(),
        )
    )
    return hashlib.sha256(canonical).digest()
