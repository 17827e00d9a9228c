"""Making the projections again from what the engine stores (`rihla rebuild`).

The journal of a case holds every outcome whole: who, when, which facts, which answers. It is read
from its beginning and each entry goes through the same participant that wrote the rows first.
Erased people have no readable journal and so get no rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bpmn import Fact
from engine.commit import stream_of, submission_of
from engine.journal import Journal, RecordedEntry
from engine.open_case import instance_of
from engine.ports import Outcome
from engine.records import Actor, Instance, InstanceState, Paging
from engine.store import cases
from engine.store.cases import CaseRow
from engine.store.database import Database
from engine.store.transaction import Transaction
from journey.participant import ENDED, JourneyParticipant
from journey.store import cycles, projections


@dataclass(frozen=True)
class Rebuilt:
    """How much was read and written."""

    cases: int
    entries: int
    erased: int
    """Cases that nobody can read any more."""


def rebuild(database: Database, journal: Journal) -> Rebuilt:
    """Delete cycles and projections and make them again, in one transaction: either all of them
    are new or none is. Nothing else may write meanwhile that is not seen afterwards."""
    participant = JourneyParticipant(replaying=True)
    read = entries = erased = 0
    with database.transaction() as tx:
        projections.clear(tx)
        cycles.clear(tx)
        for row in _cases(tx):
            read += 1
            try:
                for outcome in outcomes_of(tx, journal, row):
                    participant.apply(tx, outcome)
                    entries += 1
            except ErasedCase:
                erased += 1
    return Rebuilt(read, entries, erased)


class ErasedCase(Exception):
    """The case's data was erased with its person."""


def _cases(tx: Transaction) -> list[CaseRow]:
    """Every case, oldest first: a person's second cycle comes after the first one's end."""
    found: list[CaseRow] = []
    cursor: str | None = None
    while True:
        page = cases.page(tx, Paging(200, cursor), units=None, equal={})
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found[::-1]


def outcomes_of(tx: Transaction, journal: Journal, row: CaseRow) -> Iterator[Outcome]:
    """What happened to a case, oldest first, as its participants were told. Raises `ErasedCase`."""
    instance = replace(instance_of(row), unit=_first_unit(tx, journal, row), ended_at=None)
    for entry in journal.iterate(tx, stream_of(row.id)):
        if entry.erased:
            raise ErasedCase
        instance = _moved(instance, entry)
        if instance.state in ENDED and instance.ended_at is None:
            instance = replace(instance, ended_at=entry.at)
        made = entry.data.get("submission")
        yield Outcome(
            command=entry.kind,
            actor=Actor(entry.actor, frozenset(), frozenset()),
            at=entry.at,
            instance=instance,
            facts=tuple(Fact.from_record(fact) for fact in entry.data.get("facts", ())),
            submission=submission_of(made) if made is not None else None,
            details=entry.data.get("details") or {},
        )


def _moved(instance: Instance, entry: RecordedEntry) -> Instance:
    state = entry.header.get("state")
    if isinstance(state, str):
        instance = replace(instance, state=InstanceState(state))
    if entry.kind == "transfer":  # a task that was handed over has `from` and `to` as well: people
        instance = replace(instance, unit=entry.data["details"]["to"])
    return instance


def _first_unit(tx: Transaction, journal: Journal, row: CaseRow) -> str | None:
    """Where the case was before its first transfer."""
    for entry in journal.iterate(tx, stream_of(row.id)):
        if entry.kind == "transfer" and not entry.erased:
            return str(entry.data["details"]["from"])
    return row.unit
