"""The fact table person - cycle - referral - outcome (R3), a row a referral or cycle without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from engine.store.transaction import Transaction
from journey.store.cycles import cycle
from journey.store.reports import outcomes, people, referrals
from journey.store.reports.people import Rows
from journey.store.reports.scope import Scope, at_place, during, own_cases

BATCH = 1_000


def cycles_of(scope: Scope) -> Rows:
    """Cycles opened in the period."""
    conditions = at_place(scope, cycle.c.unit, cycle.c.instance_id)
    conditions += during(scope, cycle.c.opened_at) + own_cases(scope, cycle.c.instance_id)
    return sa.select(
        cycle.c.instance_id.label("counted"),
        cycle.c.instance_id,
        cycle.c.unit.label("branch"),
        cycle.c.person_id,
    ).where(*conditions)


def referrals_of(scope: Scope) -> Rows:
    """Every referral of those cycles, whenever it was issued."""
    cases = cycles_of(scope).subquery()
    sent = referrals.issued(_always(scope)).subquery()
    return sa.select(sent).where(sent.c.instance_id.in_(sa.select(cases.c.instance_id)))


def employed_of(scope: Scope) -> Rows:
    """Those of the cycles in which the person was found employed."""
    cases = cycles_of(scope).subquery()
    placed = outcomes.employed(_always(scope)).subquery()
    return sa.select(placed).where(placed.c.instance_id.in_(sa.select(cases.c.instance_id)))


def _always(scope: Scope) -> Scope:
    return replace(scope, start=None, end=None, first_day=None, last_day=None)


def rows(tx: Transaction, scope: Scope) -> Iterator[tuple[Any, ...]]:
    """The rows, oldest cycle first. People are numbered within the table: it names nobody, and two
    exports cannot be joined by person."""
    cases = cycles_of(scope).subquery()
    sent = referrals_of(scope).subquery()
    placed = outcomes.employed(_always(scope)).subquery()
    left = people.left_cases(_always(scope))
    query = (
        sa.select(
            sa.func.dense_rank().over(order_by=cycle.c.person_id),
            cycle.c.cycle_no,
            cycle.c.journey_number,
            cycle.c.unit,
            cycle.c.opened_at,
            cycle.c.closed_at,
            cycle.c.closure_reason,
            cycle.c.sex,
            cycle.c.age,
            cycle.c.education_level,
            cycle.c.client_group,
            cycle.c.grouping_date,
            sent.c.issue_date,
            sent.c.destination_kind,
            sent.c.destination_unit,
            sent.c.intervention_type,
            sent.c.decision,
            sent.c.state,
            sent.c.feedback_day,
            sent.c.outcome,
            placed.c.start,
            placed.c.value,
            placed.c.placement_route,
            sa.case(
                (placed.c.instance_id.is_(None), None),
                (placed.c.instance_id.in_(left), "no"),
                else_="yes",
            ),
        )
        .select_from(cases)
        .join(cycle, cycle.c.instance_id == cases.c.instance_id)
        .outerjoin(sent, sent.c.instance_id == cases.c.instance_id)
        .outerjoin(placed, placed.c.instance_id == cases.c.instance_id)
        .order_by(cycle.c.opened_at, cycle.c.journey_number, sent.c.issue_date, sent.c.counted)
    )
    for part in tx.execute(query).partitions(BATCH):
        for row in part:
            yield tuple(row)
