"""People who were contacted, interviewed, grouped, referred, employed: the office table's rows.

`by_branch`: each branch counts a person's last group there, the whole counts the last of all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from journey.store.projections import (
    contact_attempt,
    follow_up,
    grouping,
    list_transfer,
    readiness_interview,
    referral,
)
from journey.store.reports.scope import Scope, in_scope, own_cases

DIRECT = "naf_direct_to_employer"
PARTNER_SOURCES = ("provider", "mol")
OUTCOME_FORM = "follow_up_form"
"""Where the worker records an outcome; what a partner reports is not one yet (journey.md X25): its
vacancy may still fail the quality check."""

Rows = sa.Select[Any]
Condition = Callable[[sa.Subquery], sa.ColumnElement[bool]]
"""Which of a measure's rows count."""


def persons(table: sa.FromClause, conditions: list[Any]) -> Rows:
    """Each person of the rows."""
    return sa.select(table.c.person_id.label("counted"), table.c.instance_id, table.c.branch).where(
        *conditions
    )


def contacted(scope: Scope) -> Rows:
    """People with at least one logged attempt (reports.md I6: not only the interviewed)."""
    conditions = in_scope(contact_attempt, scope)
    return persons(contact_attempt, [*conditions, contact_attempt.c.attempt_result.is_not(None)])


def interviewed(scope: Scope) -> Rows:
    """People with a job-readiness interview."""
    return persons(readiness_interview, in_scope(readiness_interview, scope))


def _last_groupings(scope: Scope, *, by_branch: bool) -> sa.Subquery:
    table = grouping
    keys = [table.c.branch, table.c.person_id] if by_branch else [table.c.person_id]
    place = sa.func.row_number().over(
        partition_by=keys, order_by=[table.c.grouped_at.desc(), table.c.instance_id.desc()]
    )
    ranked = (
        sa.select(
            table.c.branch,
            table.c.person_id,
            table.c.instance_id,
            table.c.client_group,
            table.c.grouping_date,
            place.label("place"),
        )
        .where(*in_scope(table, scope))
        .subquery()
    )
    return sa.select(ranked).where(ranked.c.place == 1).subquery()


def grouped(scope: Scope, *, by_branch: bool = False) -> Rows:
    """People by their last grouping in the period."""
    rows = _last_groupings(scope, by_branch=by_branch)
    return sa.select(
        rows.c.person_id.label("counted"),
        rows.c.instance_id,
        rows.c.branch,
        rows.c.client_group,
        rows.c.grouping_date,
    )


def in_group(*groups: str, among: Rows | None = None, without: Rows | None = None) -> Condition:
    """Those grouped so; only those whose case is `among` these cases, or not `without` those."""

    def condition(rows: sa.Subquery) -> sa.ColumnElement[bool]:
        wanted = [rows.c.client_group.in_(groups)]
        if among is not None:
            wanted.append(rows.c.instance_id.in_(among))
        if without is not None:
            wanted.append(rows.c.instance_id.not_in(without))
        return sa.and_(*wanted)

    return condition


def referral_cases(scope: Scope, *, reconstructed: bool = False) -> Rows:
    """Cases with a referral form made out in the period; `reconstructed`: only those of people
    who were sent by a list of names and whose form was made up afterwards."""
    # A worker's own table counts what the worker grouped and anybody referred.
    conditions = in_scope(referral, scope, actors=False)
    if reconstructed:
        conditions.append(referral.c.instance_id.in_(sa.select(list_transfer.c.instance_id)))
    return sa.select(referral.c.instance_id).where(*conditions)


def employed_cases(scope: Scope, *, direct_only: bool = False, net: bool = False) -> Rows:
    """Cases found employed; `net` leaves out those known to have left again, and not found
    employed anew since."""
    conditions = [
        *in_scope(follow_up, scope, actors=False),
        follow_up.c.form == OUTCOME_FORM,
        follow_up.c.outcome_type == "employed",
    ]
    if direct_only:
        conditions.append(follow_up.c.placement_route == DIRECT)
    cases = sa.select(follow_up.c.instance_id).where(*conditions)
    if net:
        cases = cases.where(follow_up.c.instance_id.not_in(left_cases(scope)))
    return cases


def left_cases(scope: Scope) -> Rows:
    """Cases known to have left the job, and not found employed anew since."""
    anew = follow_up.alias("anew")
    again = sa.exists().where(
        anew.c.instance_id == follow_up.c.instance_id,
        anew.c.conducted_at > follow_up.c.conducted_at,
        anew.c.outcome_type == "employed",
        # Of work that begins later it is not asked yet.
        anew.c.still_employed.is_not(sa.false()),
        anew.c.form == OUTCOME_FORM,
        *in_scope(anew, scope, actors=False),
    )
    return sa.select(follow_up.c.instance_id).where(
        *in_scope(follow_up, scope, actors=False), follow_up.c.still_employed.is_(False), ~again
    )


def followed_up(scope: Scope) -> Rows:
    """People about whom an outcome, or feedback of a provider or MoL, was recorded."""
    by_partner = _by_partner(follow_up)
    known = sa.and_(follow_up.c.outcome_type.is_not(None), follow_up.c.outcome_type != "stable")
    conditions = in_scope(follow_up, scope, actors=False)
    rows = persons(
        follow_up,
        [*conditions, *own_cases(scope, follow_up.c.instance_id), sa.or_(by_partner, known)],
    )
    return rows.add_columns(follow_up.c.feedback_source, follow_up.c.form)


def _by_partner(rows: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(rows.c.feedback_source.in_(PARTNER_SOURCES), rows.c.form != "retention_check")


def by_partner(rows: sa.Subquery) -> sa.ColumnElement[bool]:
    """Those on whom a provider or MoL reported (reports.md I2 keeps the two apart)."""
    return _by_partner(rows)
