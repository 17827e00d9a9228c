"""From the plan of a table to its numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from engine.store.transaction import Transaction
from engine.wording import Text
from journey.reports import hiding
from journey.reports.plan import AnyColumn, Count, Figure, Given, Rate, TablePlan, described
from journey.reports.records import Cell, Kind, Row, Table
from journey.store.reports import counting
from journey.store.reports.scope import Scope

TOTAL = "total"
TOTAL_LABEL = Text("المجموع", "Total")
HIDDEN = Cell(None, hidden=True)
_NOTHING = Cell(None)

Key = tuple[str, str | None]
"""A measure and a bucket; None is the total."""


@dataclass(frozen=True)
class _Numbers:
    """What was counted for one table, and the names of its rows."""

    counts: Mapping[Key, int]
    values: Mapping[Key, Sequence[tuple[float, int]]]
    given: Mapping[str, Mapping[str, Cell]]
    labels: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class _View:
    """How the numbers of one table may be shown."""

    plan: TablePlan
    numbers: _Numbers
    hidden: Collection[Key]
    small_hidden: bool
    drill: bool


def make(
    tx: Transaction, scope: Scope, plans: Sequence[TablePlan], *, hide: bool, drill: bool
) -> tuple[Table, ...]:
    """The tables of one report: `hide` leaves out small counts, `drill` names the lists behind
    the others. What one table hides no other one shows."""
    wholes: _Wholes = {}
    counted = [_count_all(tx, scope, plan, wholes) for plan in plans]
    hidden = _hidden(plans, counted) if hide else frozenset()
    tables = []
    for plan, numbers in zip(plans, counted, strict=True):
        own = {(name, b) for key, name, b in hidden if key in (plan.key, TOTAL)}
        tables.append(_table(_View(plan, numbers, own, hide, drill)))
    return tuple(tables)


_Wholes = dict[Count, int]
"""Totals that another table of the report has counted already."""


def _count_all(tx: Transaction, scope: Scope, plan: TablePlan, wholes: _Wholes) -> _Numbers:
    figures = {c.key: c.rows(scope, False) for c in plan.columns if isinstance(c, Figure)}
    given = {c.key: c.read(tx, scope) for c in plan.columns if isinstance(c, Given)}
    counts = plan.counts()
    new = [m for m in plan.measured(scope, split=False) if counts[m.key] not in wholes]
    totals = counting.totals(tx, new)
    wholes |= {counts[measure.key]: totals[measure.key, None] for measure in new}
    found: dict[Key, int] = {(key, None): wholes[count] for key, count in counts.items()}
    if plan.split is None:
        return _Numbers(found, {}, given, ())
    found |= counting.by_bucket(tx, plan.measured(scope, split=True), plan.split)
    values = counting.values(tx, figures, plan.split)
    buckets = {bucket for _, bucket in (*found, *values) if bucket is not None}
    buckets |= {bucket for cells in given.values() for bucket in cells if bucket != TOTAL}
    return _Numbers(found, values, given, plan.labels(tx, scope, frozenset(buckets)))


def _table(view: _View) -> Table:
    plan = view.plan
    rows = [
        Row(token(plan, bucket), label, _cells(view, bucket))
        for bucket, label in view.numbers.labels
    ]
    if plan.total or plan.split is None:
        rows.append(Row(TOTAL, TOTAL_LABEL, _cells(view, None), total=True))
    return Table(
        plan.key,
        plan.title,
        tuple(described(column) for column in plan.columns),
        tuple(rows),
        plan.chart,
        plan.chart_columns,
    )


def token(plan: TablePlan, bucket: str) -> str:
    """What stands for a bucket in an address: free text by its digest."""
    if not plan.opaque or bucket == counting.UNKNOWN:
        return bucket
    return hashlib.sha256(bucket.encode()).hexdigest()[:16]


def address(plan: TablePlan, measure: str, bucket: str | None) -> str:
    """The address of the list behind a number."""
    return ".".join((plan.key, measure, TOTAL if bucket is None else token(plan, bucket)))


def _hidden(
    plans: Sequence[TablePlan], counted: Sequence[_Numbers]
) -> frozenset[tuple[str, str, str | None]]:
    """(table, measure, bucket); the total of a measure is the same one in every table."""
    counts: dict[tuple[str, str, str | None], int] = {}
    sums: list[hiding.Sum[tuple[str, str, str | None]]] = []
    for plan, numbers in zip(plans, counted, strict=True):
        buckets: list[str | None] = [bucket for bucket, _ in numbers.labels]

        def key(
            measure: str, bucket: str | None, table: str = plan.key
        ) -> tuple[str, str, str | None]:
            return (TOTAL if bucket is None else table, measure, bucket)

        for name in plan.counts():
            for bucket in (*buckets, None):
                counts[key(name, bucket)] = numbers.counts.get((name, bucket), 0)
            if plan.additive and plan.split is not None and plan.total:
                sums.append((key(name, None), [key(name, bucket) for bucket in buckets]))
        for whole, parts in plan.parts:
            sums += [(key(whole, b), [key(part, b) for part in parts]) for b in (*buckets, None)]
    return hiding.hidden(counts, sums)


def _cells(view: _View, bucket: str | None) -> tuple[Cell, ...]:
    return tuple(_cell(view, column, bucket) for column in view.plan.columns)


def _cell(view: _View, column: AnyColumn, bucket: str | None) -> Cell:
    match column:
        case Count():
            return _count(view, column.key, bucket)
        case Rate():
            return _rate(_count(view, column.above, bucket), _count(view, column.below, bucket))
        case Figure():
            return _figure(view, column, bucket)
        case Given():
            return view.numbers.given[column.key].get(bucket or TOTAL, _NOTHING)


def _count(view: _View, measure: str, bucket: str | None) -> Cell:
    if (measure, bucket) in view.hidden:
        return HIDDEN
    number = view.numbers.counts.get((measure, bucket), 0)
    linked = view.drill and number > 0
    return Cell(number, drill=address(view.plan, measure, bucket) if linked else None)


def _rate(above: Cell, below: Cell) -> Cell:
    """In percent to one decimal; a rate is never shown without what it is made of."""
    if above.hidden or below.hidden:
        return HIDDEN
    assert isinstance(above.value, int)  # noqa: S101  a count
    assert isinstance(below.value, int)  # noqa: S101  a count
    percent = round(100 * above.value / below.value, 1) if below.value else None
    return Cell(percent, above.value, below.value, above.drill, below.drill)


def _figure(view: _View, column: Figure, bucket: str | None) -> Cell:
    values = sorted(view.numbers.values.get((column.key, bucket), ()))
    number = sum(times for _, times in values)
    if view.small_hidden and hiding.is_small(number) and column.kind is not Kind.NUMBER:
        return HIDDEN
    if not number:
        return _NOTHING
    if column.kind is Kind.NUMBER:
        return Cell(_plain(sum(value * times for value, times in values)), denominator=number)
    return Cell(_plain(_median(values, number)), denominator=number)


def _median(values: Sequence[tuple[float, int]], number: int) -> float:
    places = {(number - 1) // 2, number // 2}
    middle, before = [], 0
    for value, times in values:
        middle += [value for place in places if before <= place < before + times]
        before += times
    return sum(middle) / len(middle)


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 1)
