"""Rows that point to rows: which of them point to nothing.

The database keeps what it declares as foreign keys; a database that was edited by hand, or restored
from parts, may not fit all the same. Some references are no foreign keys at all (a journal's stream
is a name); those are listed by whoever owns the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.store.cases import process_instance
from engine.store.definitions import definition
from engine.store.journal import journal
from engine.store.keys import data_key
from engine.store.messages import message_subscription
from engine.store.outbox import outgoing_call
from engine.store.schema import metadata
from engine.store.submissions import submission
from engine.store.tasks import user_task
from engine.store.timers import timer
from engine.store.transaction import Transaction

ENDED = ("completed", "cancelled")


@dataclass(frozen=True)
class Reference:
    """Columns of one table that must be found together in another."""

    child: tuple[sa.ColumnElement[Any], ...]
    parent: tuple[sa.Column[Any], ...]
    table: sa.Table
    """The child's."""

    @property
    def name(self) -> str:
        """Which columns of the child they are."""
        names = {c.name for c in self.table.c}
        return ", ".join(
            part.name if isinstance(part, sa.Column) and part.name in names else str(part)
            for part in self.child
        )


def declared() -> Iterator[Reference]:
    """The foreign keys of all tables."""
    for table in metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            children = tuple(key.columns)
            parents = tuple(element.column for element in key.elements)
            yield Reference(children, parents, table)


def of_the_engine(cases: str) -> Iterator[Reference]:
    """What the engine's tables point to without a foreign key; `cases` is what the streams of
    cases begin with."""
    case, made = process_instance.c, submission.c
    yield Reference((case.version_id,), (definition.c.id,), process_instance)
    yield Reference((case.owner,), (data_key.c.owner,), process_instance)
    yield Reference((journal.c.owner,), (data_key.c.owner,), journal)
    stream = sa.literal(cases, sa.Text) + made.instance_id
    yield Reference((stream, made.seq), (journal.c.stream, journal.c.seq), submission)


def dangling(tx: Transaction, reference: Reference) -> Iterator[str]:
    """The keys of rows that point to nothing, as text. A null points nowhere, rightly."""
    keys = tuple(reference.table.primary_key.columns)
    pairs = zip(reference.parent, reference.child, strict=True)
    parent = reference.parent[0].table.alias()
    there = sa.exists().where(*(parent.c[column.name] == child for column, child in pairs))
    given = [child.is_not(None) for child in reference.child]
    statement = sa.select(*keys).where(*given, ~there.select_from(parent)).order_by(*keys)
    yield from _keys(tx, statement)


def left_over(tx: Transaction) -> Iterator[tuple[str, str]]:
    """What still waits in cases that have ended: the table and the row's key."""
    ended = sa.select(process_instance.c.id).where(process_instance.c.status.in_(ENDED))
    for table in (user_task, timer, message_subscription, outgoing_call):
        keys = tuple(table.primary_key.columns)
        statement = sa.select(*keys).where(table.c.instance_id.in_(ended)).order_by(*keys)
        if table is user_task:
            statement = statement.where(user_task.c.state == "open")
        for key in _keys(tx, statement):
            yield table.name, key


def _keys(tx: Transaction, statement: sa.Select[Any]) -> Iterator[str]:
    for row in tx.execute(statement.execution_options(yield_per=500)):
        yield " ".join(str(part) for part in row)


def every_reference(cases: str, more: Sequence[Reference] = ()) -> Iterator[Reference]:
    """All of them, with those of others."""
    yield from declared()
    yield from of_the_engine(cases)
    yield from more
