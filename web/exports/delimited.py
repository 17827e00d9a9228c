"""CSV as spreadsheets and programs read it."""

from __future__ import annotations

import csv
import io
from datetime import date

from web.exports.sheets import Sheet, Value

_COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(sheet: Sheet) -> bytes:
    """One line of Latin keys, then the values: UTF-8 with a mark that spreadsheets look for, ISO
    dates, points in numbers. Text that a spreadsheet would run as a formula is made text by an
    apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([head.key for head in sheet.heads])
    for line in sheet.lines:
        writer.writerow([_field(value) for value in line])
    return out.getvalue().encode("utf-8-sig")


def _field(value: Value) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_COMMANDS):
        return f"'{value}"
    return "" if value is None else value
