"""Counting measures: few statements for a whole table, and one page of the rows behind a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.records import Paging
from engine.store.paging import decode_cursor, encode_cursor, limit_of
from engine.store.transaction import Transaction
from journey.store import reading
from journey.store.reports.dimensions import Split
from journey.store.reports.people import Condition, Rows

Found = dict[tuple[str, str | None], int]
Values = dict[tuple[str, str | None], list[tuple[float, int]]]
UNKNOWN = "not_known"
"""The bucket of rows that have none."""
_CURSOR = "behind-a-number"


@dataclass(frozen=True)
class Measure:
    """Rows, and which of them a number counts (None: all). Measures made of the very same
    statement are counted together."""

    key: str
    rows: Rows
    where: Condition | None = None

    def selected(self) -> Rows:
        """The rows that count."""
        if self.where is None:
            return self.rows
        rows = self.rows.subquery()
        return sa.select(rows).where(self.where(rows))


def _split(rows: Rows, split: Split, *others: str) -> sa.Subquery:
    """The rows with the bucket they fall into. A subquery: PostgreSQL takes an expression with
    parameters for another one where it stands a second time."""
    measured = rows.subquery()
    source, bucket = split(measured)
    return (
        sa.select(_named(bucket), *(measured.c[name] for name in ("counted", *others)))
        .select_from(source)
        .subquery()
    )


def _named(bucket: sa.ColumnElement[Any]) -> sa.Label[str]:
    return sa.func.coalesce(sa.cast(bucket, sa.Text), UNKNOWN).label("bucket")


def _together(measures: Iterable[Measure]) -> list[list[Measure]]:
    groups: dict[int, list[Measure]] = defaultdict(list)
    for measure in measures:
        groups[id(measure.rows)].append(measure)
    return list(groups.values())


def _counted(rows: sa.Subquery, measures: Sequence[Measure]) -> list[sa.Label[Any]]:
    """What each measure counts of a row: the thing itself, or nothing."""
    return [
        (
            rows.c.counted
            if measure.where is None
            else sa.case((measure.where(rows), rows.c.counted))
        ).label(f"m{place}")
        for place, measure in enumerate(measures)
    ]


def by_bucket(tx: Transaction, measures: Iterable[Measure], split: Split) -> Found:
    """How many things each measure counts in each bucket, in one statement for each kind of
    rows."""
    found: Found = {}
    for group in _together(measures):
        rows = group[0].rows.subquery()
        source, bucket = split(rows)
        each = sa.select(_named(bucket), *_counted(rows, group)).select_from(source).subquery()
        numbers = [sa.func.count(sa.distinct(each.c[f"m{n}"])) for n in range(len(group))]
        query = sa.select(each.c.bucket, *numbers).group_by(each.c.bucket)
        for row in tx.execute(query):
            found |= {(m.key, row[0]): row[n] for n, m in enumerate(group, 1) if row[n]}
    return found


def totals(tx: Transaction, measures: Iterable[Measure]) -> Found:
    """How many things each measure counts in all, each thing once."""
    found: Found = {}
    for group in _together(measures):
        rows = group[0].rows.subquery()
        each = sa.select(*_counted(rows, group)).subquery()
        numbers = [sa.func.count(sa.distinct(each.c[f"m{n}"])) for n in range(len(group))]
        row = tx.execute(sa.select(*numbers)).one()
        found |= {(m.key, None): row[n] for n, m in enumerate(group)}
    return found


def values(tx: Transaction, measures: Mapping[str, Rows], split: Split) -> Values:
    """The values of each measure with how often they occur, by bucket and in all (None)."""
    found: Values = defaultdict(list)
    for key, rows in measures.items():
        measured = _split(rows, split, "value")
        bucket, value = measured.c.bucket, measured.c.value
        number = sa.func.count(sa.distinct(measured.c.counted))
        each = sa.select(bucket, value, number).where(value.is_not(None)).group_by(bucket, value)
        for name, amount, times in _rows(tx, each):
            found[key, name].append((float(amount), times))
        everything = rows.subquery()
        value = everything.c.value
        number = sa.func.count(sa.distinct(everything.c.counted))
        whole = sa.select(value, number).where(value.is_not(None)).group_by(value)
        for amount, times in _rows(tx, whole):
            found[key, None].append((float(amount), times))
    return found


def _rows(tx: Transaction, query: sa.Select[Any]) -> list[Any]:
    return list(tx.execute(query))


def behind(
    tx: Transaction, rows: Rows, split: Split | None, bucket: str | None, paging: Paging
) -> tuple[list[reading.Row], str | None]:
    """One page of what a number counts: `counted` and the latest `instance_id` of each."""
    if split is None:
        measured = rows.subquery()
        condition: sa.ColumnElement[bool] = sa.true()
    else:
        measured = _split(rows, split, "instance_id")
        condition = measured.c.bucket == bucket
    limit = limit_of(paging)
    query = (
        sa.select(measured.c.counted, sa.func.max(measured.c.instance_id).label("instance_id"))
        .where(condition)
        .group_by(measured.c.counted)
        .order_by(measured.c.counted)
        .limit(limit + 1)
    )
    if paging.cursor is not None:
        (last,) = decode_cursor(_CURSOR, paging.cursor)
        query = query.where(measured.c.counted > last)
    found = reading.every(tx, query)
    if len(found) <= limit:
        return found, None
    page = found[:limit]
    return page, encode_cursor(_CURSOR, [page[-1]["counted"]])
