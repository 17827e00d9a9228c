"""The dashboard: a few figures out of the reports that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from engine.records import Actor
from journey.reports import Cell, Column, Report, Reports
from web.charts import drawn
from web.report_period import Asked

FIGURES = (
    ("offices", "numbers", "readiness_interviews"),
    ("offices", "numbers", "group_a_waiting"),
    ("loop", "branches", "overdue"),
    ("loop", "branches", "closure_rate"),
    ("referred", "group_b", "group_b_waiting"),
    ("offices", "rates", "employed_gross_rate"),
    ("offices", "rates", "employed_net_rate"),
    ("stable", "branches", "stable"),
)
"""Report, table and column of each figure: what a head looks at in the morning."""
CHARTS = (("offices", "numbers"), ("loop", "branches"))


@dataclass(frozen=True)
class Figure:
    """One number of the total of a report."""

    report: str
    column: Column
    cell: Cell


@dataclass(frozen=True)
class Picture:
    """One chart, and the report that it leads to."""

    report: Report
    svg: Markup


@dataclass(frozen=True)
class Overview:
    """What stands on the dashboard."""

    figures: tuple[Figure, ...]
    pictures: tuple[Picture, ...]


def overview(reports: Reports, reader: Actor, wanted: Asked) -> Overview:
    """The figures and charts of the reports open to the reader; each report is made once."""
    open_to = {summary.key for summary in reports.catalogue(reader)}
    made: dict[str, Report] = {}
    for key in dict.fromkeys(key for key, _, _ in FIGURES):
        if key in open_to:
            made[key] = reports.make(
                reader,
                key,
                wanted.first,
                wanted.last,
                wanted.unit,
                hide_small=wanted.sharing,
            )
    figures = [
        found
        for key, table, column in FIGURES
        if key in made and (found := _figure(made[key], table, column)) is not None
    ]
    return Overview(tuple(figures), tuple(_pictures(made)))


def _figure(report: Report, table_key: str, column_key: str) -> Figure | None:
    table = report.table(table_key)
    if table is None or table.total is None:
        return None
    place = table.column(column_key)
    return Figure(report.key, table.columns[place], table.total.cells[place])


def _pictures(made: dict[str, Report]) -> Sequence[Picture]:
    found = []
    for key, table_key in CHARTS:
        table = made[key].table(table_key) if key in made else None
        if table is not None and (svg := drawn(table)):
            found.append(Picture(made[key], svg))
    return found
