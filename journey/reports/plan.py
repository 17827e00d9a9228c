"""How a report is described: measures, columns, and what its tables are broken down by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.store.transaction import Transaction
from engine.wording import Text
from journey.reports.records import Cell, Chart, Column, Kind, Summary
from journey.store.reports.counting import Measure
from journey.store.reports.dimensions import Split
from journey.store.reports.people import Condition, Rows
from journey.store.reports.scope import Scope

RowsOf = Callable[[Scope, bool], Rows]
Labels = Callable[[Transaction, Scope, frozenset[str]], Sequence[tuple[str, Text]]]
"""From the buckets that were found to the rows of the table, in order, with their names."""


@dataclass(frozen=True)
class Count:
    """A measure: the rows behind a number, and which of them it counts (None: all).

    Measures that share one function `rows` are counted in one statement. It is told whether
    branches are counted apart.
    """

    key: str
    label: Text
    about: Text
    rows: RowsOf
    where: Callable[[Scope], Condition] | None = None


@dataclass(frozen=True)
class Rate:
    """One measure of another, in percent."""

    key: str
    label: Text
    about: Text
    above: str
    below: str


@dataclass(frozen=True)
class Figure:
    """The median (or for `Kind.NUMBER` the sum) of the values of a measure."""

    key: str
    label: Text
    about: Text
    kind: Kind
    rows: RowsOf


@dataclass(frozen=True)
class Given:
    """A column of words or dates that is read as it is."""

    key: str
    label: Text
    about: Text
    read: Callable[[Transaction, Scope], Mapping[str, Cell]]


AnyColumn = Count | Rate | Figure | Given


@dataclass(frozen=True)
class TablePlan:
    """One table. `columns` are shown; `measures` are counted for rates without being shown.

    `split` None gives the total only. `parts` are sums within a row: a measure and what it is the
    sum of. `additive`: the rows add up to the total, or nearly so. `opaque`: the rows' names are
    free text, which does not go into addresses. `lists` says what a number counts.
    """

    key: str
    title: Text
    columns: tuple[AnyColumn, ...]
    split: Split | None
    labels: Labels
    measures: tuple[Count, ...] = ()
    total: bool = True
    additive: bool = True
    by_branch: bool = False
    opaque: bool = False
    lists: str = "case"
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    chart: Chart | None = None
    chart_columns: tuple[str, ...] = ()

    def measured(self, scope: Scope, *, split: bool) -> list[Measure]:
        """Every measure as it is counted; `split`: for the rows, not for the total."""
        statements: dict[int, Rows] = {}
        measures = []
        for key, count in self.counts().items():
            rows = statements.get(id(count.rows))
            if rows is None:
                rows = statements[id(count.rows)] = count.rows(scope, split and self.by_branch)
            measures.append(Measure(key, rows, count.where(scope) if count.where else None))
        return measures

    def measure(self, key: str, scope: Scope, *, split: bool) -> Measure:
        """One measure as it is counted."""
        return next(one for one in self.measured(scope, split=split) if one.key == key)

    def counts(self) -> dict[str, Count]:
        """Every measure by its key."""
        shown = [column for column in self.columns if isinstance(column, Count)]
        return {count.key: count for count in (*shown, *self.measures)}


@dataclass(frozen=True)
class ReportPlan:
    """One report. `partners`: employment offices may see it. `totals`: so may those who see
    totals only."""

    key: str
    title: Text
    about: Text
    tables: tuple[TablePlan, ...]
    footnotes: tuple[Text, ...] = ()
    partners: bool = False
    totals: bool = True
    notes: Callable[[Transaction, Scope], Sequence[Text]] = field(
        default=lambda _tx, _scope: (), repr=False
    )

    @property
    def summary(self) -> Summary:
        """What the list of reports says about it."""
        return Summary(self.key, self.title, self.about)

    def table(self, key: str) -> TablePlan | None:
        """One of its tables."""
        return next((table for table in self.tables if table.key == key), None)


def described(column: AnyColumn) -> Column:
    """The column as it leaves the room."""
    match column:
        case Count():
            kind = Kind.COUNT
        case Rate():
            kind = Kind.RATE
        case Figure():
            kind = column.kind
        case Given():
            kind = Kind.TEXT
    return Column(column.key, column.label, column.about, kind)
