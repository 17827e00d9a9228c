"""Checks what the engine stores beside its chains: rows that point to nothing, and whether the
tasks, timers and subscriptions of running cases are those that their states wait for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bpmn import BadState, LiveCase, Snapshot
from engine.commands import Commands
from engine.commit import stream_of
from engine.crypto import DataAltered
from engine.errors import KeyDestroyed
from engine.open_case import RUNNING, OpenCase
from engine.records import SYSTEM
from engine.store import cases, incidents, references, running, tasks, timers
from engine.store.database import Database
from engine.store.references import Reference
from engine.store.transaction import Transaction
from engine.verify import Fault

PAGE = 100


def row_faults(database: Database, more: Sequence[Reference] = ()) -> Iterator[Fault]:
    """Rows that point to rows which are not there, and what still waits in ended cases. `more`
    are references that others keep without a foreign key."""
    for reference in references.every_reference(stream_of(""), more):
        with database.reading() as tx:
            for key in references.dangling(tx, reference):
                parent = reference.parent[0].table.name
                yield Fault(
                    f"table {reference.table.name}",
                    f"the row {key} points with {reference.name} to nothing in {parent}",
                )
    with database.reading() as tx:
        for table, key in references.left_over(tx):
            yield Fault(f"table {table}", f"the row {key} waits in a case that has ended")


def state_faults(commands: Commands, instance_id: str | None = None) -> Iterator[Fault]:
    """Running cases (or this one) whose rows do not fit their state. Needs the keys."""
    database = commands.parts.database
    if instance_id is not None:
        with database.reading() as tx:
            listed = running.listed_elements(tx, [instance_id])
            yield from _case_faults(tx, commands, instance_id, listed)
        return
    after = ""
    while True:
        with database.reading() as tx:
            page = running.page(tx, after, PAGE)
            listed = running.listed_elements(tx, page)
            for one in page:
                yield from _case_faults(tx, commands, one, listed)
        if not page:
            return
        after = page[-1]


def _case_faults(
    tx: Transaction, commands: Commands, instance_id: str, listed: Mapping[str, set[str]]
) -> Iterator[Fault]:
    row = cases.find(tx, instance_id)
    if row is None or row.status not in RUNNING:
        return
    where = stream_of(instance_id)
    case = commands.open(tx, SYSTEM, row)
    try:
        # What is stored, not what this process remembers.
        snapshot = LiveCase.restore(case.executable, case.open(row.state, "state")).snapshot()
    except KeyDestroyed:
        yield Fault(where, "the case runs, but its key was destroyed")
        return
    except (DataAltered, BadState, msgspec.DecodeError, LookupError) as error:
        yield Fault(where, f"the state cannot be read: {error}")
        return
    for what, stored, wanted in _compared(tx, case, snapshot, listed.get(row.id, set())):
        for key in sorted(stored - wanted):
            yield Fault(where, f"{what} {key} has a row, but the state does not know it so")
        for key in sorted(wanted - stored):
            yield Fault(where, f"the state waits for {what} {key}, but there is no such row")


def _compared(
    tx: Transaction, case: OpenCase, snapshot: Snapshot, listed: set[str]
) -> Iterator[tuple[str, set[Any], set[Any]]]:
    """What a case waits for, by its rows and by its state, as text that can be compared."""
    row = case.row
    yield (
        "the task",
        {task.key for task in tasks.open_of_case(tx, row.id)},
        set(snapshot.open_tasks),
    )
    yield (
        "the timer",
        {f"{t.key} ({t.due_at.isoformat()})" for t in timers.of_case(tx, row.id)},
        {f"{t.key} ({t.due.isoformat()})" for t in snapshot.timers},
    )
    yield (
        "the message",
        {f"{s.key} ({s.message} {s.correlation_key})" for s in running.subscriptions(tx, row.id)},
        {f"{s.key} ({s.message} {s.correlation_key})" for s in snapshot.subscriptions},
    )
    yield (
        "the incident",
        {i.key for i in incidents.open_of_case(tx, row.id) if i.origin == "case"},
        {i.key for i in snapshot.incidents},
    )
    standing = {element for element, _ in snapshot.active_elements}
    yield "the element", set(row.active_elements), standing
    yield "the listed element", listed, standing
