"""A report as sheets: Latin keys, Arabic labels, plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.wording import Text
from journey.reports import Cell, Column, FactTable, Kind, Report, Table

Value = int | float | date | str | None

HIDDEN = "<5"
"""Stands for a count that is too small to be shown, or that would give one away."""


@dataclass(frozen=True)
class Head:
    """A column: its key for programs, its label for people, what its values are."""

    key: str
    label: str
    kind: Kind


@dataclass(frozen=True)
class Sheet:
    """One table of values."""

    key: str
    title: str
    heads: tuple[Head, ...]
    lines: tuple[tuple[Value, ...], ...]


def sheets_of(report: Report) -> tuple[Sheet, ...]:
    """One sheet per table of the report."""
    return tuple(_sheet(table) for table in report.tables)


def sheet_of_facts(facts: FactTable) -> Sheet:
    """The fact table as one sheet."""
    heads = tuple(Head(column.key, column.label.ar, column.kind) for column in facts.columns)
    lines = tuple(tuple(_plain(value) for value in row) for row in facts.rows)
    return Sheet("facts", "جدول الوقائع", heads, lines)


def _sheet(table: Table) -> Sheet:
    heads = [Head("key", "الرمز", Kind.TEXT), Head("label", "البيان", Kind.TEXT)]
    for column in table.columns:
        heads += _heads(column)
    lines = []
    for row in table.rows:
        line: list[Value] = [row.key, row.label.ar]
        for column, cell in zip(table.columns, row.cells, strict=True):
            line += _values(column, cell)
        lines.append(tuple(line))
    return Sheet(table.key, table.title.ar, tuple(heads), tuple(lines))


def _heads(column: Column) -> Iterable[Head]:
    yield Head(column.key, column.label.ar, column.kind)
    if column.kind is Kind.RATE:
        yield Head(f"{column.key}_numerator", f"{column.label.ar} - البسط", Kind.COUNT)
        yield Head(f"{column.key}_denominator", f"{column.label.ar} - المقام", Kind.COUNT)


def _values(column: Column, cell: Cell) -> Iterable[Value]:
    if cell.hidden:
        return [HIDDEN] * (3 if column.kind is Kind.RATE else 1)
    if column.kind is Kind.RATE:
        return [_plain(cell.value), cell.numerator, cell.denominator]
    return [_plain(cell.value)]


def _plain(value: object) -> Value:
    if isinstance(value, Text):
        return value.ar
    return value if isinstance(value, int | float | date | str) else None
