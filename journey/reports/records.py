"""What a report is made of, as it leaves the room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.wording import Text


class Kind(StrEnum):
    """What the values of a column are."""

    COUNT = "count"  # distinct people, cases, referrals, …
    RATE = "rate"  # percent, always with what stands above and below the line
    DAYS = "days"  # a median
    MONEY = "money"  # a median in JOD
    NUMBER = "number"  # a sum that lists nothing
    TEXT = "text"  # words or a date


class Chart(StrEnum):
    """How a table is drawn beside its numbers."""

    BARS = "bars"  # one bar a row, of the first of the columns named
    SHARES = "shares"  # one bar a row, divided among the columns named
    FUNNEL = "funnel"  # the total, one bar a column
    LINE = "line"  # one point a row, of the first of the columns named


@dataclass(frozen=True)
class Cell:
    """One value. `value` is None where there is nothing to say, or where it is `hidden`.

    `drill` names the list behind a count or behind the numerator of a rate, `drill_below` the one
    behind the denominator; None where the reader may see no lists.
    """

    value: int | float | date | Text | None
    numerator: int | None = None
    denominator: int | None = None
    drill: str | None = None
    drill_below: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Column:
    """A column: `about` says what exactly is counted."""

    key: str
    label: Text
    about: Text
    kind: Kind


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    key: str
    label: Text
    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True)
class Table:
    """One breakdown of a report's numbers."""

    key: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    chart: Chart | None = None
    chart_columns: tuple[str, ...] = ()

    def column(self, key: str) -> int:
        """The place of a column."""
        return next(place for place, column in enumerate(self.columns) if column.key == key)

    @property
    def total(self) -> Row | None:
        """The line for the whole, each thing counted once."""
        return next((row for row in self.rows if row.total), None)


@dataclass(frozen=True)
class Summary:
    """A report as the list of reports shows it."""

    key: str
    title: Text
    about: Text


@dataclass(frozen=True)
class Report:
    """One report for one reader and period; `first_day` and `last_day` are None where open."""

    key: str
    title: Text
    about: Text
    tables: tuple[Table, ...]
    footnotes: tuple[Text, ...]
    first_day: date | None
    last_day: date | None
    unit: str | None
    day: date
    """The day in Amman on which it was made."""
    small_hidden: bool = False
    """Whether counts of 1 to 4 are left out."""

    def table(self, key: str) -> Table | None:
        """One of its tables."""
        return next((table for table in self.tables if table.key == key), None)

    def cells(self) -> Iterator[Cell]:
        """Every cell of every table."""
        for table in self.tables:
            for row in table.rows:
                yield from row.cells


@dataclass(frozen=True)
class Listed:
    """One thing behind a number. Fields are None where the reader may not see them."""

    kind: str
    """`case`, `vacancy` or `entry`."""
    id: str | None
    """The case's id, or the register's."""
    title: Text | None = None
    """Journey number, or what the register calls it."""
    unit: str | None = None
    unit_name: Text | None = None
    stage: Text | None = None
    name: str | None = None
    opened: date | None = None


@dataclass(frozen=True)
class Behind:
    """One page of the list behind a number."""

    report: Summary
    column: Column
    row: Text
    items: tuple[Listed, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class FactTable:
    """The rows of an export."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...] = field(repr=False)
