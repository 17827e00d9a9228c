"""The kinds of open task that a unit has: which elements of diagrams, called what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.store.statement import Statement
from engine.store.tasks import user_task
from engine.store.transaction import Transaction


@dataclass(frozen=True)
class TaskKind:
    """What many tasks have in common."""

    element: str
    name: str


def _kinds() -> sa.Select[Any]:
    """One seek in the index for each kind, however many tasks there are of it."""
    one, start, other = (user_task.alias(name) for name in ("one", "start", "other"))

    def first(*behind: sa.ColumnElement[bool]) -> sa.ScalarSelect[str]:
        there = (one.c.state == sa.literal_column("'open'"), one.c.unit == sa.bindparam("unit"))
        found = sa.select(one.c.id).where(*there, *behind)
        found = found.order_by(one.c.element_id, one.c.name).limit(sa.literal_column("1"))
        return found.scalar_subquery()

    begin = sa.select(start.c.element_id, start.c.name).where(start.c.id == first())
    kind = begin.cte("kind", recursive=True)
    # Not `(element_id, name) > (…)`: SQLite seeks by the first of the two and walks the rest.
    renamed = first(one.c.element_id == kind.c.element_id, one.c.name > kind.c.name)
    further = first(one.c.element_id > kind.c.element_id)
    following = sa.func.coalesce(renamed.correlate(kind), further.correlate(kind))
    kind = kind.union_all(
        sa.select(other.c.element_id, other.c.name).join_from(kind, other, other.c.id == following)
    )
    return sa.select(kind.c.element_id, kind.c.name)


_OF_UNIT = Statement(_kinds())


def of_unit(transaction: Transaction, unit: str) -> tuple[TaskKind, ...]:
    """The kinds of the unit's open tasks, in the order of their elements."""
    rows = _OF_UNIT.rows(transaction, {"unit": unit})
    return tuple(TaskKind(row["element_id"], row["name"]) for row in rows)
