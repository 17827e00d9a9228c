"""The work of the offices: interviews done, tasks open and overdue, data entered late."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.store.tasks import user_task
from journey.store.projections import readiness_interview, screening_interview
from journey.store.reports.days import DAY
from journey.store.reports.people import Condition, Rows
from journey.store.reports.scope import Scope, in_scope

_MINUTES = "interview_minutes"
_WHOLE = "^[0-9]{1,3}$"


def _minutes(table: sa.Table) -> sa.ColumnElement[int]:
    """The minutes that the form says, where it says them. The forms are their owners' to change:
    what is no whole number of minutes counts as not said."""
    said = sa.cast(table.c.extra[_MINUTES].as_string(), sa.Text)
    return sa.case((said.regexp_match(_WHOLE), sa.cast(said, sa.Integer)))


def interviews(scope: Scope) -> Rows:
    """First and second interviews, by who held them; `value` is how many minutes it took, where
    that was noted."""
    rows = sa.union_all(
        *(
            sa.select(
                table.c.task_id.label("counted"),
                table.c.instance_id,
                table.c.branch,
                table.c.actor.label("worker"),
                (
                    sa.type_coerce(table.c.entered_at, sa.BigInteger)
                    - sa.type_coerce(table.c.conducted_at, sa.BigInteger)
                ).label("behind"),
                _minutes(table).label("value"),
            ).where(*in_scope(table, scope))
            for table in (readiness_interview, screening_interview)
        )
    ).subquery("interviews")
    return sa.select(rows)


def entered_late(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those entered a day or more afterwards."""
    return rows.c.behind >= DAY


def timed(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those with the minutes noted."""
    return rows.c.value.is_not(None)


def open_tasks(scope: Scope) -> Rows:
    """Tasks open at the moment of the report, by who holds them."""
    task = user_task
    conditions: list[Any] = [
        task.c.state == "open", task.c.unit.is_not(None), task.c.subject.is_not(None)
    ]  # fmt: skip
    places = scope.referred_to if scope.referred_to is not None else scope.branches
    if places is not None:
        conditions.append(task.c.unit.in_(places))
    if scope.actor is not None:
        conditions.append(task.c.assignee == scope.actor)
    return sa.select(
        task.c.id.label("counted"),
        task.c.instance_id,
        task.c.unit.label("branch"),
        task.c.assignee.label("worker"),
        task.c.due_at,
    ).where(*conditions)


def held(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Tasks that somebody has claimed."""
    return rows.c.worker.is_not(None)


def unclaimed(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Tasks that nobody has claimed."""
    return rows.c.worker.is_(None)


def overdue(scope: Scope) -> Condition:
    """Tasks past their due time."""
    return lambda rows: rows.c.due_at < scope.now


def held_overdue(scope: Scope) -> Condition:
    """Tasks that somebody has claimed, and past their due time."""
    return lambda rows: sa.and_(held(rows), rows.c.due_at < scope.now)
