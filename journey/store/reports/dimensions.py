"""What a table is broken down by: from a measure's rows to the row of the table they fall into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from journey.store.cycles import cycle
from journey.store.projections import readiness_interview

Bucket = tuple[sa.FromClause, sa.ColumnElement[Any]]
Split = Callable[[sa.Subquery], Bucket]


def own(name: str) -> Split:
    """A column of the measure itself."""
    return lambda rows: (rows, rows.c[name])


def of_case(name: str) -> Split:
    """A column of the case's cycle."""

    def split(rows: sa.Subquery) -> Bucket:
        joined = rows.outerjoin(cycle, cycle.c.instance_id == rows.c.instance_id)
        return joined, cycle.c[name]

    return split


def month_of(name: str) -> Split:
    """The month of a date of the measure itself, as `2019-05`."""
    return lambda rows: (rows, sa.func.substr(sa.cast(rows.c[name], sa.Text), 1, 7))


def age_band(rows: sa.Subquery) -> Bucket:
    """Youth until 29, then in tens (OQ14)."""
    age = cycle.c.age
    band = sa.case(
        (age.is_(None), None),
        (age < 18, "under_18"),
        (age < 30, "18_29"),
        (age < 40, "30_39"),
        (age < 50, "40_49"),
        (age < 60, "50_59"),
        else_="60_over",
    )
    return rows.outerjoin(cycle, cycle.c.instance_id == rows.c.instance_id), band


def listed(codes: Sequence[str], column: sa.ColumnElement[Any]) -> tuple[sa.Subquery, Any]:
    """One row per code, and the condition that a column with a list of codes holds it."""
    literals = [sa.select(sa.literal(code).label("code")) for code in codes]
    known = sa.union_all(*literals).subquery()
    return known, sa.cast(column, sa.Text).like(sa.literal('%"') + known.c.code + sa.literal('"%'))


def codes_of_case(name: str, codes: Sequence[str]) -> Split:
    """A list of codes of the case's cycle: the row falls into each of them."""

    def split(rows: sa.Subquery) -> Bucket:
        known, holds = listed(codes, cycle.c[name])
        joined = rows.join(cycle, cycle.c.instance_id == rows.c.instance_id).join(known, holds)
        return joined, known.c.code

    return split


def codes_of_interview(name: str, codes: Sequence[str]) -> Split:
    """A list of codes of the case's job-readiness interview."""

    def split(rows: sa.Subquery) -> Bucket:
        table = readiness_interview
        known, holds = listed(codes, table.c[name])
        joined = rows.join(
            table, sa.and_(table.c.instance_id == rows.c.instance_id, table.c.latest)
        ).join(known, holds)
        return joined, known.c.code

    return split
