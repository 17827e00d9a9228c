"""A workbook: right to left, Arabic labels above Latin keys, numbers as numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from journey.reports import Kind
from web.exports.sheets import Sheet

_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0",
    Kind.RATE: "0.0",
    Kind.DAYS: "#,##0.0",
    Kind.MONEY: "#,##0.00",
    Kind.TEXT: "@",
}
_REFUSED = re.compile(r"[\[\]:*?/\\]")
_NAME = 31
"""The longest name of a sheet, in characters."""


def workbook_of(sheets: Sequence[Sheet], notes: Sequence[tuple[str, str]]) -> bytes:
    """The sheets, and one with `notes`: what each number counts."""
    out = io.BytesIO()
    # Text is never read as a formula or a link, whatever somebody typed.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    head = book.add_format(
        {"bold": True, "text_wrap": True, "bottom": 1, "valign": "top", "reading_order": 2}
    )
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for place, sheet in enumerate(sheets, 1):
        page = book.add_worksheet(_name(sheet.title, place))
        page.right_to_left()
        page.freeze_panes(2, 0)
        page.set_column(0, len(sheet.heads), 16)
        page.set_column(1, 1, 30)
        for column, heading in enumerate(sheet.heads):
            page.write_string(0, column, heading.label, head)
            page.write_string(1, column, heading.key, head)
        for row, line in enumerate(sheet.lines, 2):
            for column, value in enumerate(line):
                _write(page, (row, column), value, formats[sheet.heads[column].kind], day)
    _write_notes(book, notes, head)
    book.close()
    return out.getvalue()


def _write(page: Any, place: tuple[int, int], value: object, shape: Any, day: Any) -> None:
    if isinstance(value, date):
        page.write_datetime(*place, value, day)
    elif isinstance(value, int | float):
        page.write_number(*place, value, shape)
    elif value is not None:
        page.write_string(*place, str(value))


def _write_notes(book: Any, notes: Sequence[tuple[str, str]], head: Any) -> None:
    page = book.add_worksheet("التعريفات")
    page.right_to_left()
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 100)
    page.write_row(0, 0, ["الرقم", "ما يعدّه"], head)
    for row, (label, about) in enumerate(notes, 1):
        page.write_string(row, 0, label)
        page.write_string(row, 1, about)


def _name(title: str, place: int) -> str:
    """A name that the format allows, and no two alike."""
    return f"{place} {_REFUSED.sub(' ', title)}"[:_NAME].strip().strip("'")
