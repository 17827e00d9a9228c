"""The office table on a terminal, as the paper printed it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from journey.reports import TOTAL, OfficeRow, OfficeTable

HEADINGS: tuple[tuple[str, str], ...] = (
    ("المكتب المحلي", "Local office"),
    ("عدد العملاء الذين تم التواصل معهم", "Clients contacted"),
    ("عدد مقابلات جاهزية العمل", "Job-readiness interviews"),
    ("المصنفين في المجموعة أ", "Group A"),
    ("المجموعة أ المحالين إلى مكتب التشغيل", "A referred to employment office"),
    ("المجموعة ب", "Group B"),
    ("المجموعة ب المحالين إلى مقدمين الخدمات", "B referred to providers"),
    ("المجموعة ج", "Group C"),
    ("معلومات المتابعة من قبل مزودين الخدمات", "Follow-up information"),
    ("تاريخ الزيارة", "Visit"),
)
"""000:L52-L61, and in English (reports.md 1.1, 1.2)."""
OFFICES = {
    "irbid": ("اربد", "Irbid"),
    "zarqa": ("الزرقاء", "Zarqa"),
    "east_amman": ("الشرق-عمان", "East Amman"),
    TOTAL: ("المجموع", "Total"),
}


def cells(row: OfficeRow, table: OfficeTable, language: str = "en") -> tuple[str, ...]:
    """The cells of one row as printed, beginning with the office."""
    which = 0 if language == "ar" else 1
    name = OFFICES[row.office][which] if row.office in OFFICES else row.office
    day = row.visit_date
    numbers = (
        row.contacted,
        row.readiness_interviews,
        row.group_a,
        table.printed.get(row.office),
        row.group_b,
        row.group_b_referred,
        row.group_c,
        row.followup_info,
        day.isoformat() if day is not None else "",
    )
    return (name, *("" if cell is None else str(cell) for cell in numbers))


def show(table: OfficeTable, console: Console, language: str = "en") -> None:
    """Print the table, its footnotes and its rates."""
    which = 0 if language == "ar" else 1
    grid = Table(title=f"{table.first_day or ''} - {table.last_day or ''}")
    for heading in HEADINGS:
        grid.add_column(heading[which], justify="right")
    for row in table.rows:
        grid.add_row(*cells(row, table, language))
    console.print(grid)
    for note in table.footnotes:
        console.print(note.text_ar if language == "ar" else note.text_en)
    rates = Table(title="المؤشرات" if language == "ar" else "Rates")
    offices = [row.office for row in table.rows]
    for title in ("", *(OFFICES.get(office, (office, office))[which] for office in offices)):
        rates.add_column(title, justify="right")
    known = {(rate.name, rate.office): rate for rate in table.rates}
    for name in dict.fromkeys(rate.name for rate in table.rates):
        shown = []
        for office in offices:
            rate = known[name, office]
            percent = "-" if rate.percent is None else f"{rate.percent} %"
            shown.append(f"{rate.numerator}/{rate.denominator} = {percent}")
        rates.add_row(name, *shown)
    console.print(rates)
