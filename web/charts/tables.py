"""Which chart stands beside a table of a report."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from journey.reports import Cell, Chart, Column, Row, Table
from web.charts.drawing import Bar, Part, bars, funnel, line, shares
from web.context import language
from web.formats import number, words

MOST_ROWS = 24
"""A taller chart shows less than its table."""


def drawn(table: Table) -> Markup:
    """The chart of a table; nothing where there is nothing to draw or something is hidden."""
    places = [table.column(key) for key in table.chart_columns] if table.chart else []
    across = table.chart is Chart.FUNNEL
    rows = [row for row in table.rows if row.total is across][:MOST_ROWS]
    cells = [row.cells[place] for row in rows for place in places]
    if any(cell.hidden for cell in cells) or not any(cell.value for cell in cells):
        return Markup("")
    columns = [table.columns[place] for place in places]
    return _drawn(table, rows, columns, places)


def _drawn(
    table: Table, rows: Sequence[Row], columns: Sequence[Column], places: Sequence[int]
) -> Markup:
    title, rtl = words(table.title), language() == "ar"
    match table.chart:
        case Chart.FUNNEL:
            return funnel(_across(rows[0], columns, places), title, rtl=rtl)
        case Chart.SHARES:
            legend = [words(column.label) for column in columns]
            divided = _divided(rows, columns, places)
            return shares(divided, title, legend, rtl=rtl, name=f"chart-{table.key}")
        case Chart.LINE if len(rows) > 1:
            return line(_single(rows, places[0]), f"{title}: {words(columns[0].label)}", rtl=rtl)
        case Chart.BARS:
            return bars(_single(rows, places[0]), f"{title}: {words(columns[0].label)}", rtl=rtl)
        case _:  # one point is no line
            return Markup("")


def value_of(cell: Cell) -> float:
    """A count as a length."""
    return float(cell.value) if isinstance(cell.value, int | float) else 0.0


def _single(rows: Sequence[Row], place: int) -> list[Bar]:
    return [_bar(words(row.label), row.cells[place]) for row in rows]


def _across(row: Row, columns: Sequence[Column], places: Sequence[int]) -> list[Bar]:
    return [
        _bar(words(column.label), row.cells[place])
        for column, place in zip(columns, places, strict=True)
    ]


def _bar(label: str, cell: Cell) -> Bar:
    value = value_of(cell)
    return Bar(label, value, number(value))


def _divided(rows: Sequence[Row], columns: Sequence[Column], places: Sequence[int]) -> list[Bar]:
    found = []
    for row in rows:
        parts = tuple(
            Part(words(column.label), value_of(row.cells[place]), kind)
            for kind, (column, place) in enumerate(zip(columns, places, strict=True))
        )
        whole = sum(part.value for part in parts)
        found.append(Bar(words(row.label), whole, number(whole), parts))
    return found
