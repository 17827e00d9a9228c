"""The versions of a person's data: who wrote which, when, and what stood in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.journal import Journal
from engine.store import users
from engine.store.transaction import Transaction
from journey.records import PersonData

_WRITTEN = frozenset({"person_created", "person_changed"})


@dataclass(frozen=True)
class PersonVersion:
    """One version of a person's data, counted from 1."""

    number: int
    at: datetime
    by: str
    by_name: str
    data: PersonData


def versions_of(tx: Transaction, journal: Journal, person_id: str) -> Sequence[PersonVersion]:
    """Every version as the person's journal has it, oldest first."""
    entries = journal.read(tx, f"person:{person_id}")
    written = [one for one in entries if one.kind in _WRITTEN]
    names = users.names(tx, {one.actor for one in written})
    return tuple(
        PersonVersion(
            number=number,
            at=one.at,
            by=one.actor,
            by_name=names.get(one.actor, one.actor),
            data=PersonData.from_json(one.data),
        )
        for number, one in enumerate(written, 1)
    )
