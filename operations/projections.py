"""Checks the journey's tables, and the submissions, against the journal.

Each case is replayed into an empty database in memory, through the same code that wrote the rows
when they were made, and what comes out is compared. Nothing is written to the real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import sqlalchemy as sa

from engine.commit import stream_of
from engine.crypto import DataAltered
from engine.engine import Engine
from engine.errors import EngineError, KeyDestroyed
from engine.ports import Outcome
from engine.store import cases, submissions
from engine.store.cases import CaseRow, process_instance
from engine.store.database import Database
from engine.store.references import Reference
from engine.store.schema import metadata
from engine.store.submissions import submission
from engine.store.transaction import Transaction
from engine.verify import Fault
from journey.participant import JourneyParticipant
from journey.rebuild import ErasedCase, outcomes_of
from journey.store import projections, registry
from journey.store.cycles import cycle
from journey.store.persons import person

PAGE = 100
_REPLAYED = (*projections.TABLES, projections.grouping, projections.stable_episode, cycle)
_LOOKED_AT = (registry.provider, registry.catalogue_entry)
"""Tables of the real database that the projection of a form looks something up in."""


def references() -> Iterator[Reference]:
    """What the journey's tables point to without a foreign key."""
    for table in _REPLAYED:
        yield Reference((table.c.instance_id,), (process_instance.c.id,), table)
        yield Reference((table.c.person_id,), (person.c.id,), table)
    for table in projections.TABLES:
        key = (table.c.task_id, table.c.version)
        yield Reference(key, (submission.c.task_id, submission.c.version), table)


def projection_faults(engine: Engine, instance_id: str | None = None) -> Iterator[Fault]:
    """Cases (or this one) whose projections or submissions are not what their journal says."""
    with _scratch() as scratch:
        if instance_id is not None:
            with engine.database.reading() as tx:
                _copy_looked_at(tx, scratch)
                row = cases.find(tx, instance_id)
                if row is not None:
                    yield from _case_faults(tx, scratch, engine, row)
            return
        with engine.database.reading() as tx:
            _copy_looked_at(tx, scratch)
        after = ""
        while True:
            with engine.database.reading() as tx:
                ids = _next(tx, after)
                for one in ids:
                    row = cases.find(tx, one)
                    if row is not None:
                        yield from _case_faults(tx, scratch, engine, row)
            if not ids:
                return
            after = ids[-1]


def _next(tx: Transaction, after: str) -> list[str]:
    c = process_instance.c
    statement = sa.select(c.id).where(c.id > after).order_by(c.id)
    return list(tx.execute(statement.limit(PAGE)).scalars())


def _case_faults(
    tx: Transaction, scratch: Database, engine: Engine, row: CaseRow
) -> Iterator[Fault]:
    where = stream_of(row.id)
    try:
        outcomes = list(outcomes_of(tx, engine.journal, row))
    except (ErasedCase, KeyDestroyed):
        outcomes = []  # nothing may be left of it
    except (DataAltered, msgspec.MsgspecError, KeyError, TypeError) as error:
        yield Fault(where, f"the journal cannot be replayed: {error}")
        return
    yield from _submission_faults(tx, engine, row, outcomes)
    stored = _rows(tx, row.id)
    try:
        replayed = _replayed(scratch, row, outcomes)
    except EngineError as error:
        yield Fault(where, f"the journal cannot be replayed: {error}")
        return
    for key in sorted(stored.keys() | replayed.keys()):
        name, *parts = key
        which = f"the row {' '.join(parts)} of {name}"
        if key not in replayed:
            yield Fault(where, f"{which} does not follow from the journal")
        elif key not in stored:
            yield Fault(where, f"{which} is missing")
        elif stored[key] != replayed[key]:
            columns = ", ".join(
                column for column, value in stored[key].items() if value != replayed[key][column]
            )
            yield Fault(where, f"{which} is not what the journal says: {columns}")


def _replayed(
    scratch: Database, row: CaseRow, outcomes: list[Outcome]
) -> dict[tuple[str, ...], dict[str, Any]]:
    participant = JourneyParticipant(replaying=True)
    with scratch.transaction() as tx:
        for outcome in outcomes:
            participant.apply(tx, outcome)
        rows = _rows(tx, row.id)
        for table in _REPLAYED:
            tx.execute(table.delete())
    return rows


def _submission_faults(
    tx: Transaction, engine: Engine, row: CaseRow, outcomes: list[Outcome]
) -> Iterator[Fault]:
    for outcome in outcomes:
        made = outcome.submission
        if made is None:
            continue
        where = f"the submission {made.version} of the task {made.task.id}"
        found = [s for s in submissions.all_of(tx, made.task.id) if s.version == made.version]
        if not found:
            yield Fault(stream_of(row.id), f"{where} is missing")
            continue
        context = f"submission:{made.task.id}:{made.version}:{row.id}".encode()
        try:
            data = msgspec.json.decode(
                engine.keyring.open(tx, row.owner, found[0].data, context)
            )  # fmt: skip
        except (DataAltered, msgspec.MsgspecError) as error:
            yield Fault(stream_of(row.id), f"{where} cannot be read: {error}")
            continue
        if (data, found[0].form, found[0].form_hash) != (made.data, made.form, made.form_hash):
            yield Fault(stream_of(row.id), f"{where} is not what the journal says")


def _rows(tx: Transaction, instance_id: str) -> dict[tuple[str, ...], dict[str, Any]]:
    """The journey's rows of one case, by table and key."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for table in _REPLAYED:
        keys = [column.name for column in table.primary_key.columns]
        for row in tx.execute(sa.select(table).where(table.c.instance_id == instance_id)):
            values = dict(row._mapping)
            found[(table.name, *(str(values[key]) for key in keys))] = values
    return found


@contextmanager
def _scratch() -> Iterator[Database]:
    """An empty database in memory with the tables that are replayed. Its rows point to people
    whom it does not have, so it keeps no foreign keys."""
    database = Database("sqlite://", pool_size=1)
    try:
        metadata.create_all(database.engine, tables=[*_REPLAYED, *_LOOKED_AT])
        with database.engine.connect() as connection:
            # Outside a transaction, where this has an effect.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        yield database
    finally:
        database.close()


def _copy_looked_at(tx: Transaction, scratch: Database) -> None:
    with scratch.transaction() as other:
        for table in _LOOKED_AT:
            rows = [dict(row._mapping) for row in tx.execute(sa.select(table))]
            if rows:
                other.execute(table.insert(), rows)
