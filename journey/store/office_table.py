"""The counts of the office table (reports.md 1), as SQL aggregates over the projections.

Each function counts distinct persons: one row per branch, and the whole under the key None.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Transaction
from journey.store import reading
from journey.store.cycles import cycle
from journey.store.projections import (
    contact_attempt,
    follow_up,
    grouping,
    list_transfer,
    readiness_interview,
    referral,
)
from journey.store.units import office_visit

Counts = dict[str | None, int]

DIRECT = "naf_direct_to_employer"
PARTNER_SOURCES = ("provider", "mol")
OUTCOME_FORM = "follow_up_form"
"""Where the worker records an outcome; what a partner reports is not one yet (journey.md X25): its
vacancy may still fail the quality check."""


@dataclass(frozen=True)
class Scope:
    """Which rows count: the half-open period, the branches (None: all), one worker's own rows
    (None: everybody's), and people referred to these partner units (None: everybody)."""

    start: datetime | None
    end: datetime | None
    first_day: date | None
    last_day: date | None
    branches: Collection[str] | None = None
    actor: str | None = None
    referred_to: Collection[str] | None = None


def _in_scope(table: sa.FromClause, scope: Scope, *, actors: bool = True) -> list[Any]:
    when = table.c.grouped_at if table is grouping else table.c.conducted_at
    conditions: list[Any] = [table.c.branch.is_not(None)]
    if table is not grouping:
        conditions.append(table.c.latest)
    if scope.start is not None:
        conditions.append(when >= scope.start)
    if scope.end is not None:
        conditions.append(when < scope.end)
    if scope.branches is not None:
        conditions.append(table.c.branch.in_(scope.branches))
    if scope.actor is not None and actors:
        conditions.append(table.c.actor == scope.actor)
    if scope.referred_to is not None:
        referred = sa.select(referral.c.instance_id).where(
            referral.c.latest, referral.c.destination_unit.in_(scope.referred_to)
        )
        conditions.append(table.c.instance_id.in_(referred))
    return conditions


def _count(tx: Transaction, table: sa.FromClause, conditions: list[Any]) -> Counts:
    persons = sa.func.count(sa.distinct(table.c.person_id))
    per_branch = sa.select(table.c.branch, persons).where(*conditions).group_by(table.c.branch)
    counts: Counts = reading.pairs(tx, per_branch)
    counts[None] = tx.execute(sa.select(persons).where(*conditions)).scalar_one()
    return counts


def contacted(tx: Transaction, scope: Scope) -> Counts:
    """People with at least one logged attempt (reports.md I6: not only the interviewed)."""
    return _count(
        tx,
        contact_attempt,
        [*_in_scope(contact_attempt, scope), contact_attempt.c.attempt_result.is_not(None)],
    )


def interviewed(tx: Transaction, scope: Scope) -> Counts:
    """People with a job-readiness interview."""
    return _count(tx, readiness_interview, _in_scope(readiness_interview, scope))


def _grouped(scope: Scope, *, per_branch: bool) -> sa.Subquery:
    """The last grouping of each person in scope."""
    table = grouping
    keys = [table.c.branch, table.c.person_id] if per_branch else [table.c.person_id]
    place = sa.func.row_number().over(
        partition_by=keys, order_by=[table.c.grouped_at.desc(), table.c.instance_id.desc()]
    )
    ranked = (
        sa.select(
            table.c.branch,
            table.c.person_id,
            table.c.instance_id,
            table.c.client_group,
            place.label("place"),
        )
        .where(*_in_scope(table, scope))
        .subquery()
    )
    return sa.select(ranked).where(ranked.c.place == 1).subquery()


def _count_grouped(
    tx: Transaction, scope: Scope, group: str, also: sa.Select[Any] | None = None
) -> Counts:
    counts: Counts = {}
    for per_branch in (True, False):
        rows = _grouped(scope, per_branch=per_branch)
        conditions: list[Any] = [rows.c.client_group == group]
        if also is not None:
            conditions.append(rows.c.instance_id.in_(also))
        number = sa.func.count(sa.distinct(rows.c.person_id))
        if per_branch:
            query = sa.select(rows.c.branch, number).where(*conditions).group_by(rows.c.branch)
            counts.update(reading.pairs(tx, query))
        else:
            counts[None] = tx.execute(sa.select(number).where(*conditions)).scalar_one()
    return counts


def grouped(tx: Transaction, scope: Scope, group: str) -> Counts:
    """People whose last grouping in the period is `group`."""
    return _count_grouped(tx, scope, group)


def referred(tx: Transaction, scope: Scope, group: str, *, reconstructed: bool = False) -> Counts:
    """People of `group` with a referral form made out in the period; `reconstructed`: only those
    who were sent by a list of names and whose form was made up afterwards."""
    # A worker's own table counts what the worker grouped and anybody referred.
    conditions = _in_scope(referral, scope, actors=False)
    if reconstructed:
        conditions.append(referral.c.instance_id.in_(sa.select(list_transfer.c.instance_id)))
    return _count_grouped(tx, scope, group, sa.select(referral.c.instance_id).where(*conditions))


def employed(
    tx: Transaction, scope: Scope, group: str, *, direct_only: bool = False, net: bool = False
) -> Counts:
    """People of `group` found employed; `net` leaves out those known to have left again, and not
    found employed anew since."""
    conditions = [
        *_in_scope(follow_up, scope, actors=False),
        follow_up.c.form == OUTCOME_FORM,
        follow_up.c.outcome_type == "employed",
    ]
    if direct_only:
        conditions.append(follow_up.c.placement_route == DIRECT)
    cases = sa.select(follow_up.c.instance_id).where(*conditions)
    if net:
        anew = follow_up.alias("anew")
        again = sa.exists().where(
            anew.c.instance_id == follow_up.c.instance_id,
            anew.c.conducted_at > follow_up.c.conducted_at,
            anew.c.still_employed.is_(True),
            anew.c.form == OUTCOME_FORM,
            *_in_scope(anew, scope, actors=False),
        )
        left = sa.select(follow_up.c.instance_id).where(
            *_in_scope(follow_up, scope, actors=False),
            follow_up.c.still_employed.is_(False),
            ~again,
        )
        cases = cases.where(follow_up.c.instance_id.not_in(left))
    return _count_grouped(tx, scope, group, cases)


def followed_up(tx: Transaction, scope: Scope, *, partners_only: bool = False) -> Counts:
    """People about whom an outcome, or feedback of a provider or MoL, was recorded;
    `partners_only`: by a provider or MoL (reports.md I2 keeps the two apart)."""
    by_partner = sa.and_(
        follow_up.c.feedback_source.in_(PARTNER_SOURCES), follow_up.c.form != "retention_check"
    )
    known = sa.and_(follow_up.c.outcome_type.is_not(None), follow_up.c.outcome_type != "stable")
    wanted = by_partner if partners_only else sa.or_(by_partner, known)
    return _count(tx, follow_up, [*_in_scope(follow_up, scope, actors=False), wanted])


def visits(tx: Transaction, scope: Scope) -> dict[str, date]:
    """The last visit of headquarters to each office."""
    query = sa.select(office_visit.c.unit, sa.func.max(office_visit.c.visited_on))
    if scope.first_day is not None:
        query = query.where(office_visit.c.visited_on >= scope.first_day)
    if scope.last_day is not None:
        query = query.where(office_visit.c.visited_on <= scope.last_day)
    return reading.pairs(tx, query.group_by(office_visit.c.unit))


def branches(tx: Transaction) -> list[str]:
    """Every branch that ever had a cycle, in order."""
    return reading.column(tx, sa.select(cycle.c.unit).distinct().order_by(cycle.c.unit))
