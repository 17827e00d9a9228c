"""Erasing a person in a transaction that does more than that."""

from __future__ import annotations

from dataclasses import dataclass

from engine.engine import Engine
from engine.errors import Conflict, NotFound
from engine.records import SYSTEM
from engine.retention import EraseSubject
from engine.store.transaction import Transaction
from journey.persons import Persons
from journey.vault import Vault
from operations.erased_list import erased_in


def eraser(engine: Engine) -> EraseSubject:
    """Erases a person by the verb that people erase with: the key, the projections, the search
    tokens, and an entry in the person's own stream. A subject that is no person of the journey, or
    was erased before its key was, only loses its key."""

    vault = Vault(engine.clock, engine.keyring)
    persons = Persons(engine.database, engine.clock, engine.journal, engine.access_log, vault)

    def erase(tx: Transaction, subject: str, reason: str) -> None:
        try:
            persons.erase_in(tx, SYSTEM, subject, reason)
        except NotFound:
            engine.keyring.destroy(tx, subject)

    return erase


def erase_again(engine: Engine, owners: frozenset[str]) -> Again:
    """After a restore: erase who was erased since the backup was made, and is not in it so."""
    erase = eraser(engine)
    done, left = [], []
    with engine.database.reading() as tx:
        missing = owners - erased_in(tx)
    for owner in sorted(missing):
        try:
            with engine.database.transaction() as tx:
                erase(tx, owner, "erased before the database was restored")
            done.append(owner)
        except Conflict:
            left.append(owner)
    return Again(tuple(done), tuple(left))


@dataclass(frozen=True)
class Again:
    """Who was erased again."""

    done: tuple[str, ...]
    left: tuple[str, ...]
    """Who could not be: something of theirs goes on in what was restored."""
