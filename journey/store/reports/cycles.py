"""Cycles: people who come again, and what changed between (journey.md S16; 002:L333)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from journey.store.cycles import cycle
from journey.store.projections import (
    contact_attempt,
    follow_up,
    grouping,
    readiness_interview,
    referral,
)
from journey.store.reports.days import days_of_moments
from journey.store.reports.people import Condition, Rows
from journey.store.reports.scope import Scope, at_place, during


def _columns(table: sa.FromClause) -> list[Any]:
    return [
        table.c.instance_id.label("counted"),
        table.c.instance_id,
        table.c.unit.label("branch"),
        table.c.person_id,
    ]


def _scoped(scope: Scope, table: sa.FromClause, moment: sa.ColumnElement[Any]) -> list[Any]:
    conditions = at_place(scope, table.c.unit, table.c.instance_id) + during(scope, moment)
    if scope.actor is not None:
        conditions.append(table.c.opened_by == scope.actor)
    return conditions


def opened(scope: Scope) -> Rows:
    """Cycles opened in the period."""
    return sa.select(*_columns(cycle), cycle.c.cycle_no).where(
        *_scoped(scope, cycle, cycle.c.opened_at)
    )


def not_the_first(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those of people who had been through one before."""
    return rows.c.cycle_no > 1


def closed(scope: Scope) -> Rows:
    """Cycles closed in the period."""
    columns = (cycle.c.cycle_no, cycle.c.closed_at, cycle.c.closure_reason)
    return sa.select(*_columns(cycle), *columns).where(
        *_scoped(scope, cycle, cycle.c.closed_at), cycle.c.closed_at.is_not(None)
    )


def back_within(days: int) -> Condition:
    """Closed ones after which the person opened another within these days."""

    def condition(rows: sa.Subquery) -> sa.ColumnElement[bool]:
        following = cycle.alias("following")
        return sa.exists().where(
            following.c.person_id == rows.c.person_id,
            following.c.cycle_no == rows.c.cycle_no + 1,
            days_of_moments(rows.c.closed_at, following.c.opened_at) <= days,
        )

    return condition


def returns(scope: Scope) -> Rows:
    """Cycles opened in the period after an earlier one: days between (`value`), and how the group
    changed."""
    earlier = cycle.alias("earlier")
    change = (
        sa.func.coalesce(earlier.c.client_group, "-")
        + ">"
        + sa.func.coalesce(cycle.c.client_group, "-")
    )
    return (
        sa.select(
            *_columns(cycle),
            days_of_moments(earlier.c.closed_at, cycle.c.opened_at).label("value"),
            change.label("change"),
        )
        .join(
            earlier,
            sa.and_(
                earlier.c.person_id == cycle.c.person_id,
                earlier.c.cycle_no == cycle.c.cycle_no - 1,
                earlier.c.closed_at.is_not(None),
            ),
        )
        .where(*_scoped(scope, cycle, cycle.c.opened_at))
    )


def at_several_branches(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those in which more than one branch did something."""
    tables = (contact_attempt, readiness_interview, grouping, referral, follow_up)
    places = sa.union(
        *(sa.select(table.c.instance_id, table.c.branch) for table in tables),
        sa.select(cycle.c.instance_id, cycle.c.unit),
    ).subquery()
    several = (
        sa.select(places.c.instance_id)
        .where(places.c.branch.is_not(None))
        .group_by(places.c.instance_id)
        .having(sa.func.count(sa.distinct(places.c.branch)) > 1)
    )
    return rows.c.instance_id.in_(several)
