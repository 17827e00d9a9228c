"""Which rows a report counts, and the conditions that say so in SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from journey.store.projections import grouping, readiness_interview, referral

Conditions = list[Any]


@dataclass(frozen=True)
class Scope:
    """Which rows count: the half-open period, the branches (None: all), one worker's own rows
    (None: everybody's), and people referred to these partner units (None: everybody).

    `now` is the moment of the report, for what is open or overdue then.
    """

    start: datetime | None
    end: datetime | None
    first_day: date | None
    last_day: date | None
    branches: Collection[str] | None = None
    actor: str | None = None
    referred_to: Collection[str] | None = None
    now: datetime | None = None
    today: date | None = None


def during(scope: Scope, moment: sa.ColumnElement[Any]) -> Conditions:
    """The moment lies in the period."""
    conditions: Conditions = []
    if scope.start is not None:
        conditions.append(moment >= scope.start)
    if scope.end is not None:
        conditions.append(moment < scope.end)
    return conditions


def at_place(
    scope: Scope, branch: sa.ColumnElement[Any], instance: sa.ColumnElement[Any]
) -> Conditions:
    """The row belongs to a branch, or to somebody referred to a partner, that the reader sees."""
    conditions: Conditions = [branch.is_not(None)]
    if scope.branches is not None:
        conditions.append(branch.in_(scope.branches))
    if scope.referred_to is not None:
        referred = sa.select(referral.c.instance_id).where(
            referral.c.latest, referral.c.destination_unit.in_(scope.referred_to)
        )
        conditions.append(instance.in_(referred))
    return conditions


def in_scope(table: sa.FromClause, scope: Scope, *, actors: bool = True) -> Conditions:
    """The conditions on a projection or the groupings; `actors`: filled in by the reader, where
    only the own work is the reader's to see."""
    when = table.c.grouped_at if table is grouping else table.c.conducted_at
    conditions = at_place(scope, table.c.branch, table.c.instance_id) + during(scope, when)
    if "latest" in table.c:
        conditions.append(table.c.latest)
    if scope.actor is not None and actors:
        conditions.append(table.c.actor == scope.actor)
    return conditions


def own_cases(scope: Scope, instance: sa.ColumnElement[Any]) -> Conditions:
    """The case is one that the reader interviewed, grouped or referred, where only the own work is
    the reader's to see: what others found out about it later belongs to it."""
    if scope.actor is None:
        return []
    worked = sa.union(
        *(
            sa.select(table.c.instance_id).where(table.c.actor == scope.actor)
            for table in (readiness_interview, grouping, referral)
        )
    )
    return [instance.in_(worked)]
