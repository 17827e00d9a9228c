"""Reports as files: CSV for programs, workbooks for people."""

from web.exports.delimited import csv_of
from web.exports.sheets import Sheet, sheet_of_facts, sheets_of
from web.exports.workbook import workbook_of

__all__ = ["Sheet", "csv_of", "sheet_of_facts", "sheets_of", "workbook_of"]
