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
MONTHS = (
    ("يناير", "January"), ("فبراير", "February"), ("مارس", "March"), ("أبريل", "April"),
    ("مايو", "May"), ("يونيو", "June"), ("يوليو", "July"), ("أغسطس", "August"),
    ("سبتمبر", "September"), ("أكتوبر", "October"), ("نوفمبر", "November"),
    ("ديسمبر", "December"),
)  # fmt: skip
"""The names that the paper uses (000:L72)."""
WIDTH = 136
"""Columns of text that the table needs."""
RATES: dict[str, tuple[str, str]] = {
    "interview_rate": ("نسبة المقابلات", "Interviewed of contacted"),
    "not_interviewed": ("لم تُجرَ لهم مقابلة", "Not interviewed"),
    "group_a_share": ("حصة المجموعة أ", "Group A"),
    "group_b_share": ("حصة المجموعة ب", "Group B"),
    "group_c_share": ("حصة المجموعة ج", "Group C"),
    "group_a_referred": ("المحالون من المجموعة أ", "A referred"),
    "group_a_waiting": ("المجموعة أ دون إحالة", "A waiting for referral"),
    "group_b_referred": ("المحالون من المجموعة ب", "B referred"),
    "any_referral": ("أي إحالة (أ + ب)", "Any referral of A and B"),
    "followup_info_per_referred": ("معلومات متابعة لكل إحالة", "Follow-up per A referred"),
    "loop_closed_by_partner": ("حلقة أغلقها شريك", "Loop closed by a partner"),
    "employed_gross_per_interview": ("تشغيل إجمالي لكل مقابلة", "Employed (gross) per interview"),
    "employed_gross_per_group_a": ("تشغيل إجمالي من أ", "Employed (gross) per A"),
    "employed_net_per_group_a": ("تشغيل صافٍ من أ", "Employed (net) per A"),
    "still_employed": ("ما زال في العمل", "Still employed"),
}
"""reports.md 1.5."""


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
        f"{day.day} {MONTHS[day.month - 1][which]}" if day is not None else "",
    )
    return (name, *("" if cell is None else str(cell) for cell in numbers))


def show(table: OfficeTable, console: Console, language: str = "en") -> None:
    """Print the table, its footnotes and its rates."""
    which = 0 if language == "ar" else 1
    # No cell is ever cut, not even on a narrow terminal or in a file.
    console = Console(file=console.file, width=max(console.width, WIDTH))
    grid = Table(title=f"{table.first_day or ''} - {table.last_day or ''}")
    for heading in HEADINGS:
        longest = max(len(word) for word in heading[which].split())
        grid.add_column(heading[which], justify="right", min_width=longest)
    for row in table.rows:
        grid.add_row(*cells(row, table, language))
    console.print(grid)
    for note in table.footnotes:
        console.print(note.text_ar if language == "ar" else note.text_en)
    rates = Table(title="المؤشرات" if language == "ar" else "Rates")
    offices = [row.office for row in table.rows]
    rates.add_column("", no_wrap=True)
    for office in offices:
        rates.add_column(OFFICES.get(office, (office, office))[which], justify="right")
    known = {(rate.name, rate.office): rate for rate in table.rates}
    for name in dict.fromkeys(rate.name for rate in table.rates):
        shown = []
        for office in offices:
            rate = known[name, office]
            percent = "-" if rate.percent is None else f"{rate.percent} %"
            shown.append(f"{percent}\n{rate.numerator}/{rate.denominator}")
        rates.add_row(RATES[name][which], *shown)
    console.print(rates)
