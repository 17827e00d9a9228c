"""The counts of the office table (reports.md 1), as SQL aggregates over the projections.

Each function counts distinct persons: one row per branch, and the whole under the key None.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from engine.store.transaction import Transaction
from journey.store import reading
from journey.store.reports import counting, dimensions, people
from journey.store.reports.counting import Measure
from journey.store.reports.people import Condition, Rows
from journey.store.reports.scope import Scope
from journey.store.units import office_visit

Counts = dict[str | None, int]


def _count(tx: Transaction, rows: Callable[[bool], Rows], where: Condition | None = None) -> Counts:
    found = counting.by_bucket(tx, [Measure("", rows(True), where)], dimensions.own("branch"))
    found |= counting.totals(tx, [Measure("", rows(False), where)])
    return {branch: number for (_, branch), number in found.items()}


def contacted(tx: Transaction, scope: Scope) -> Counts:
    """People with at least one logged attempt (reports.md I6: not only the interviewed)."""
    return _count(tx, lambda _split: people.contacted(scope))


def interviewed(tx: Transaction, scope: Scope) -> Counts:
    """People with a job-readiness interview."""
    return _count(tx, lambda _split: people.interviewed(scope))


def _grouped(tx: Transaction, scope: Scope, where: Condition) -> Counts:
    return _count(tx, lambda split: people.grouped(scope, by_branch=split), where)


def grouped(tx: Transaction, scope: Scope, group: str) -> Counts:
    """People whose last grouping in the period is `group`."""
    return _grouped(tx, scope, people.in_group(group))


def referred(tx: Transaction, scope: Scope, group: str, *, reconstructed: bool = False) -> Counts:
    """People of `group` with a referral form made out in the period; `reconstructed`: only those
    who were sent by a list of names and whose form was made up afterwards."""
    cases = people.referral_cases(scope, reconstructed=reconstructed)
    return _grouped(tx, scope, people.in_group(group, among=cases))


def employed(
    tx: Transaction, scope: Scope, group: str, *, direct_only: bool = False, net: bool = False
) -> Counts:
    """People of `group` found employed; `net` leaves out those known to have left again, and not
    found employed anew since."""
    cases = people.employed_cases(scope, direct_only=direct_only, net=net)
    return _grouped(tx, scope, people.in_group(group, among=cases))


def followed_up(tx: Transaction, scope: Scope, *, partners_only: bool = False) -> Counts:
    """People about whom an outcome, or feedback of a provider or MoL, was recorded;
    `partners_only`: by a provider or MoL (reports.md I2 keeps the two apart)."""
    where = people.by_partner if partners_only else None
    return _count(tx, lambda _split: people.followed_up(scope), where)


def visits(tx: Transaction, scope: Scope) -> dict[str, date]:
    """The last visit of headquarters to each office."""
    query = sa.select(office_visit.c.unit, sa.func.max(office_visit.c.visited_on))
    if scope.first_day is not None:
        query = query.where(office_visit.c.visited_on >= scope.first_day)
    if scope.last_day is not None:
        query = query.where(office_visit.c.visited_on <= scope.last_day)
    return reading.pairs(tx, query.group_by(office_visit.c.unit))
