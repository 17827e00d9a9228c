"""Seals: once a day, one hash that stands for every chain of the journal.

Whoever can write the database can also make a chain anew from its beginning. A seal that is kept
elsewhere shows it: each one is a Merkle root over the heads of all chains that were begun or went
on since the seal before, and takes in the hash of that one, so the newest covers every chain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import msgspec

from engine.clock import Clock, today
from engine.commit import stream_of
from engine.merkle import MerkleTree
from engine.store import seals as store
from engine.store.database import Database
from engine.store.schema import microseconds
from engine.store.seals import Leaf, SealRow
from engine.store.transaction import Transaction

_CASES = stream_of("")
_json = msgspec.json.Encoder(order="sorted")


class Seals:
    """Makes seals and reads them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def seal(self) -> SealRow | None:
        """Make today's seal (the day in Amman); None when there is one, of this day or a later.

        Any number of processes may ask at once: one of them makes it.
        """
        with self._database.reading() as tx:
            if self._made(tx):
                return None
        with self._database.transaction() as tx:
            tx.lock("seal")
            if self._made(tx):
                return None
            last = store.newest(tx)
            now = self._clock.now(tx)
            day = today(now)
            chains, entries = store.totals(tx, _CASES)
            changed = store.take(tx, day, _CASES)
            made = SealRow(
                day=day,
                made_at=now,
                changed=changed,
                chains=chains,
                entries=entries,
                root=root_of(store.leaves(tx, day)),
                previous="" if last is None else last.hash,
                hash="",
            )
            made = replace(made, hash=hash_of(made))
            store.insert(tx, made)
            return made

    def every(self) -> tuple[SealRow, ...]:
        """All seals, oldest first."""
        with self._database.reading() as tx:
            return store.every(tx)

    def newest(self) -> SealRow | None:
        """The seal made last, or None."""
        with self._database.reading() as tx:
            return store.newest(tx)

    def _made(self, tx: Transaction) -> bool:
        last = store.newest(tx)
        return last is not None and last.day >= today(self._clock.now(tx))


def root_of_heads(tx: Transaction) -> str:
    """The Merkle root over where all chains stand in this view of the database: equal for two
    databases that hold the same chains."""
    return root_of(store.heads(tx, _CASES))


def count_chains(tx: Transaction) -> tuple[int, int]:
    """How many chains there are, and how many entries in them."""
    return store.totals(tx, _CASES)


def root_of(leaves: Iterable[Leaf]) -> str:
    """The Merkle root (hex). A leaf is the JSON list of stream, number and hash."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(_json.encode((leaf.stream, leaf.seq, leaf.hash)))
    return tree.root()


def hash_of(seal: SealRow) -> str:
    """SHA-256 (hex) over the JSON list of what a seal says, the moment in microseconds since
    1970."""
    said = (
        1,
        seal.day,
        microseconds(seal.made_at),
        seal.changed,
        seal.chains,
        seal.entries,
        seal.root,
        seal.previous,
    )
    return hashlib.sha256(_json.encode(said)).hexdigest()


def faults_of(tx: Transaction, kept: Iterable[SealRow] = ()) -> Iterator[tuple[date, str]]:
    """The days of seals that are not what they were, and why. `kept` are seals read from files."""
    previous = ""
    stored: dict[date, SealRow] = {}
    for seal in store.every(tx):
        stored[seal.day] = seal
        if hash_of(seal) != seal.hash:
            yield seal.day, "the seal was altered"
        if seal.previous != previous:
            yield seal.day, "the seal does not follow the one before it"
        if root_of(store.leaves(tx, seal.day)) != seal.root:
            yield seal.day, "what the seal wrote down of the chains was altered"
        previous = seal.hash
    for day in store.days_without_seal(tx):
        yield day, "the seal is missing"
    for seal in kept:
        ours = stored.get(seal.day)
        if hash_of(seal) != seal.hash:
            yield seal.day, "the file of the seal was altered"
        elif ours is None:
            yield seal.day, "there is a file of the seal, but no seal"
        elif ours != seal:
            yield seal.day, "the seal is another one than in its file"
