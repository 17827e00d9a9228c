"""Figures for heads, headquarters and auditors: reports of tables whose every number has a
definition and, for those who may see cases, the list behind it (reports.md)."""

from journey.reports.office_table import (
    COLUMNS,
    TOTAL,
    Footnote,
    OfficeRow,
    OfficeTable,
    Rate,
)
from journey.reports.records import (
    Behind,
    Cell,
    Chart,
    Column,
    FactTable,
    Kind,
    Listed,
    Report,
    Row,
    Summary,
    Table,
)
from journey.reports.verbs import Reports

__all__ = [
    "COLUMNS",
    "TOTAL",
    "Behind",
    "Cell",
    "Chart",
    "Column",
    "FactTable",
    "Footnote",
    "Kind",
    "Listed",
    "OfficeRow",
    "OfficeTable",
    "Rate",
    "Report",
    "Reports",
    "Row",
    "Summary",
    "Table",
]
