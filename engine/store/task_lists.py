"""Lists of user tasks: filtered, in pages, and counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.records import Page, Paging, Task
from engine.store.paging import Keyset
from engine.store.planning import filter_only
from engine.store.schema import microseconds
from engine.store.task_filter import TaskFilter
from engine.store.task_parts import Condition, inside, parts_of
from engine.store.tasks import HELD, OPEN, row_of, user_task
from engine.store.transaction import Transaction

__all__ = ["MOST_COUNTED", "SORTS", "TaskCounts", "TaskFilter", "counts", "page"]

_T = user_task.c
_ORDERS = {
    "due": Keyset("tasks-due", (_T.due_order, _T.id)),
    "created": Keyset("tasks-created", (_T.created_at, _T.id)),
    "priority": Keyset("tasks-priority", (_T.precedence, _T.due_order, _T.id)),
}
SORTS = frozenset(_ORDERS)
MOST_COUNTED = 1000
"""Here counting stops, and the number means “so many or more”: nobody reads it any closer."""


@dataclass(frozen=True)
class TaskCounts:
    """How many open tasks somebody sees; each number at most `MOST_COUNTED`."""

    mine: int
    """Held by that person, or by somebody that person stands in for."""
    open: int
    overdue: int
    due_soon: int
    """Due within the days ahead that were asked for, and not overdue."""


def page(
    transaction: Transaction, paging: Paging, wanted: TaskFilter, sort: str = "due"
) -> Page[Task]:
    """One page of tasks; `sort` is one of `SORTS` (ascending: overdue first, none due last)."""
    order = _ORDERS[sort]
    keys = order.keys(parts_of(transaction, wanted), paging)
    statement = sa.select(user_task)
    rows = () if keys is None else transaction.execute(order.having(statement, keys)).all()
    rows, cursor = order.split(rows, paging)
    return Page(tuple(row_of(row._mapping).task for row in rows), cursor)


def counts(
    transaction: Transaction,
    *,
    places: frozenset[tuple[str, str]] | None,
    only: frozenset[str] | None,
    holders: frozenset[str],
    now: datetime,
    soon: datetime,
) -> TaskCounts:
    """Open tasks in these places, counted in one statement; `soon` ends what is due soon."""
    came, comes = microseconds(now), microseconds(soon)
    seen = [] if only is None else [_T.id.in_(sorted(only))]
    there = inside(places)

    def number(*conditions: Condition) -> sa.ScalarSelect[int]:
        found: sa.Select[Any] = sa.select(sa.literal_column("1")).where(OPEN, *seen, *conditions)
        counted = found.limit(MOST_COUNTED).subquery()
        return sa.select(sa.func.count()).select_from(counted).scalar_subquery()

    held = (HELD, _T.assignee.in_(sorted(holders)), *inside(places, filter_only(_T.unit)))
    row = transaction.execute(
        sa.select(
            number(*held).label("mine"),
            number(*there).label("open"),
            number(*there, _T.due_order <= came).label("overdue"),
            number(*there, _T.due_order > came, _T.due_order <= comes).label("due_soon"),
        )
    ).one()
    return TaskCounts(**row._mapping)
