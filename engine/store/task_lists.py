"""Lists of user tasks: filtered, in pages, and counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.records import Page, Paging, Task, TaskState
from engine.store.database import Transaction
from engine.store.paging import Keyset
from engine.store.tasks import row_of, user_task

_T = user_task.c
_ORDERS = {
    "due": Keyset("tasks-due", (_T.due_order, _T.id)),
    "created": Keyset("tasks-created", (_T.created_at, _T.id)),
    "priority": Keyset("tasks-priority", (_T.precedence, _T.due_order, _T.id)),
}
SORTS = frozenset(_ORDERS)


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks a list holds; None means "any"."""

    state: TaskState = TaskState.OPEN
    places: frozenset[tuple[str, str]] | None = None
    """(role, unit) pairs that may be seen; None: every task."""
    assignee: str | None = None
    group: str | None = None
    unit: str | None = None
    process: str | None = None
    element: str | None = None
    instance: str | None = None
    business_key: str | None = None
    due_before: datetime | None = None
    text: str | None = None
    subjects: frozenset[str] = frozenset()
    """Subjects that `text` stands for beside the task's name and business key."""
    holders: frozenset[str] | None = None
    """Only tasks that one of these people holds."""
    unassigned: bool = False
    """Only tasks that nobody holds."""
    overdue_at: datetime | None = None
    """Only tasks whose due time has come by this moment."""
    only: frozenset[str] | None = None
    """Ids outside of which nothing may be seen; None: no such bound."""


@dataclass(frozen=True)
class TaskCounts:
    """How many open tasks somebody sees."""

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
    statement = sa.select(user_task).where(_T.state == wanted.state.value)
    for column, value in (
        (_T.assignee, wanted.assignee),
        (_T.unit, wanted.unit),
        (_T.process_key, wanted.process),
        (_T.element_id, wanted.element),
        (_T.instance_id, wanted.instance),
        (_T.business_key, wanted.business_key),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.due_before is not None:
        statement = statement.where(_T.due_at < wanted.due_before)
    if wanted.overdue_at is not None:
        statement = statement.where(_T.due_at <= wanted.overdue_at)
    if wanted.holders is not None:
        statement = statement.where(_T.assignee.in_(sorted(wanted.holders)))
    if wanted.unassigned:
        statement = statement.where(_T.assignee.is_(None))
    if wanted.group is not None:
        statement = statement.where(_has_role(wanted.group))
    statement = statement.where(*_visible(wanted.places, wanted.only))
    if wanted.text is not None:
        statement = statement.where(
            sa.or_(
                _T.business_key.startswith(wanted.text, autoescape=True),
                _T.name.contains(wanted.text, autoescape=True),
                _T.subject.in_(sorted(wanted.subjects)),
            )
        )
    rows = transaction.execute(order.apply(statement, paging)).all()
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

    def number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    statement = sa.select(
        number(_T.assignee.in_(sorted(holders))),
        sa.func.count(),
        number(_T.due_at <= now),
        number(sa.and_(_T.due_at > now, _T.due_at <= soon)),
    ).where(_T.state == TaskState.OPEN.value, *_visible(places, only))
    return TaskCounts(*(int(value) for value in transaction.execute(statement).one()))


def _visible(
    places: frozenset[tuple[str, str]] | None, only: frozenset[str] | None
) -> list[sa.ColumnElement[bool]]:
    """What bounds the tasks that somebody may see."""
    bounds: list[sa.ColumnElement[bool]] = []
    if places is not None:
        bounds.append(_in_places(places))
    if only is not None:
        bounds.append(_T.id.in_(sorted(only)))
    return bounds


def _has_role(role: str) -> sa.ColumnElement[bool]:
    return _T.candidate_groups.contains(f"|{role}|", autoescape=True)


def _in_places(places: frozenset[tuple[str, str]]) -> sa.ColumnElement[bool]:
    """Tasks for one of the roles in one of its units; the units also bound the index scan."""
    units: dict[str, set[str]] = {}
    for role, unit in places:
        units.setdefault(role, set()).add(unit)
    every = sorted({unit for _, unit in places})
    by_role = [
        sa.and_(_has_role(role), _T.unit.in_(sorted(own))) for role, own in sorted(units.items())
    ]
    return sa.and_(_T.unit.in_(every), sa.or_(sa.false(), *by_role))
