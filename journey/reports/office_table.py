"""The office table of the field test (reports.md 1), live, with its rates and footnotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from engine.store.transaction import Transaction
from journey.reports import hiding
from journey.store import office_table as counts
from journey.store import units
from journey.store.office_table import Counts
from journey.store.reports import Scope

TOTAL = "total"
MARK_DIRECT = "*"
MARK_LIST = "**"


@dataclass(frozen=True)
class OfficeRow:
    """One line: distinct persons in each count, named as the CSV of reports.md 1.2.

    `group_a_direct_placement` is None where nobody was placed directly, as printed; any count is
    None where it is hidden.
    """

    office: str
    contacted: int | None
    readiness_interviews: int | None
    group_a: int | None
    group_a_referred: int | None
    group_a_direct_placement: int | None
    group_b: int | None
    group_b_referred: int | None
    group_c: int | None
    followup_info: int | None
    visit_date: date | None


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(OfficeRow))


@dataclass(frozen=True)
class Rate:
    """A rate with what it was made of; a rate is never shown without (reports.md 4, P)."""

    name: str
    office: str
    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """To one decimal; None when nothing stands below the line."""
        return round(100 * self.numerator / self.denominator, 1) if self.denominator else None


@dataclass(frozen=True)
class Footnote:
    """A mark in the table and what it says."""

    mark: str
    text_ar: str
    text_en: str


DIRECT_PLACEMENT = Footnote(
    MARK_DIRECT,
    "* لم يتم الاتصال بوزارة العمل لكن مكتب الصندوق اتصل مباشرة بالمصانع في جرش وعمان.",
    "* The MoL was not contacted; the NAF office contacted factories in Jerash and Amman directly.",
)
"""000:L109; stands when somebody was placed by NAF directly with an employer."""
TRANSFERRED_BY_LIST = Footnote(
    MARK_LIST,
    "** ولكن تم نقلهم جميعًا إلى المكتب المحلي لوزارة العمل",
    "** But they were all transferred to the local MoL office.",
)
"""000:L110; stands when referrals were reconstructed from a list of names."""


@dataclass(frozen=True)
class OfficeTable:
    """The table: a row an office, the total (each person once), rates, and footnotes that apply.

    `printed` gives the cell of group A's referrals as the paper has it (`30*/92**`).
    """

    rows: tuple[OfficeRow, ...]
    rates: tuple[Rate, ...]
    footnotes: tuple[Footnote, ...]
    printed: Mapping[str, str]
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True)
class _Numbers:
    """Every count behind the table, by branch and for the whole (None)."""

    contacted: Counts
    interviewed: Counts
    groups: Mapping[str, Counts]
    referred_a: Counts
    listed_a: Counts
    referred_b: Counts
    direct: Counts
    employed_a: Counts
    employed_net_a: Counts
    followed_up: Counts
    partner_feedback: Counts
    visits: Mapping[str, date]


def make(tx: Transaction, scope: Scope, *, hide: bool) -> OfficeTable:
    """The table of a scope; `hide` leaves out small counts and what would give them away."""
    numbers = _read(tx, scope)
    branches = _branches(tx, scope, numbers)
    rows = [_row(numbers, branch) for branch in (*branches, None)]
    table = OfficeTable(
        tuple(rows),
        tuple(_rates(numbers, branches)),
        tuple(_footnotes(numbers)),
        {row.office: _printed(row, numbers) for row in rows},
        scope.first_day,
        scope.last_day,
    )
    return _hidden(table) if hide else table


def _read(tx: Transaction, scope: Scope) -> _Numbers:
    return _Numbers(
        contacted=counts.contacted(tx, scope),
        interviewed=counts.interviewed(tx, scope),
        groups={group: counts.grouped(tx, scope, group) for group in "ABC"},
        referred_a=counts.referred(tx, scope, "A"),
        listed_a=counts.referred(tx, scope, "A", reconstructed=True),
        referred_b=counts.referred(tx, scope, "B"),
        direct=counts.employed(tx, scope, "A", direct_only=True),
        employed_a=counts.employed(tx, scope, "A"),
        employed_net_a=counts.employed(tx, scope, "A", net=True),
        followed_up=counts.followed_up(tx, scope),
        partner_feedback=counts.followed_up(tx, scope, partners_only=True),
        visits=counts.visits(tx, scope),
    )


def _branches(tx: Transaction, scope: Scope, numbers: _Numbers) -> list[str]:
    """The reader's offices, with or without anything to count, in the order of the units; for a
    partner those that referred somebody."""
    order = {code: place for place, code in enumerate(units.in_order(tx))}
    seen = {branch for branch in numbers.contacted if branch is not None}
    for column in (numbers.interviewed, numbers.followed_up, *numbers.groups.values()):
        seen |= {branch for branch in column if branch is not None}
    if scope.branches is not None:
        seen |= set(scope.branches)
    elif scope.referred_to is None:
        seen |= {code for code in order if code.startswith("naf:")}
    return sorted(seen, key=lambda branch: (order.get(branch, len(order)), branch))


def _row(numbers: _Numbers, branch: str | None) -> OfficeRow:
    def of(column: Counts) -> int:
        return column.get(branch, 0)

    return OfficeRow(
        office=branch.removeprefix("naf:") if branch is not None else TOTAL,
        contacted=of(numbers.contacted),
        readiness_interviews=of(numbers.interviewed),
        group_a=of(numbers.groups["A"]),
        group_a_referred=of(numbers.referred_a),
        group_a_direct_placement=of(numbers.direct) or None,
        group_b=of(numbers.groups["B"]),
        group_b_referred=of(numbers.referred_b),
        group_c=of(numbers.groups["C"]),
        followup_info=of(numbers.followed_up),
        visit_date=numbers.visits.get(branch) if branch is not None else None,
    )


def _printed(row: OfficeRow, numbers: _Numbers) -> str:
    """The two facts that the paper put into one cell (reports.md I1); the total has no marks."""
    if row.office == TOTAL or row.group_a_direct_placement is None:
        return str(row.group_a_referred)
    listed = numbers.listed_a.get(f"naf:{row.office}", 0)
    mark = MARK_LIST if listed else ""
    return f"{row.group_a_direct_placement}{MARK_DIRECT}/{row.group_a_referred}{mark}"


def _footnotes(numbers: _Numbers) -> list[Footnote]:
    notes = []
    if numbers.direct.get(None):
        notes.append(DIRECT_PLACEMENT)
    if numbers.listed_a.get(None):
        notes.append(TRANSFERRED_BY_LIST)
    return notes


def _rates(numbers: _Numbers, branches: list[str]) -> list[Rate]:
    """The derived rates of reports.md 1.5, for every office and the total."""
    rates: list[Rate] = []
    for branch in (*branches, None):
        office = branch.removeprefix("naf:") if branch is not None else TOTAL

        def of(column: Counts, branch: str | None = branch) -> int:
            return column.get(branch, 0)

        contacted, interviewed = of(numbers.contacted), of(numbers.interviewed)
        group_a, group_b, group_c = (of(numbers.groups[group]) for group in "ABC")
        referred = of(numbers.referred_a) + of(numbers.referred_b)
        followed, employed = of(numbers.followed_up), of(numbers.employed_a)
        parts = {
            "interview_rate": (interviewed, contacted),
            "not_interviewed": (contacted - interviewed, contacted),
            "group_a_share": (group_a, interviewed),
            "group_b_share": (group_b, interviewed),
            "group_c_share": (group_c, interviewed),
            "group_a_referred": (of(numbers.referred_a), group_a),
            "group_a_waiting": (group_a - of(numbers.referred_a), group_a),
            "group_b_referred": (of(numbers.referred_b), group_b),
            "any_referral": (referred, group_a + group_b),
            "followup_info_per_referred": (followed, of(numbers.referred_a)),
            "loop_closed_by_partner": (of(numbers.partner_feedback), referred),
            "employed_gross_per_interview": (employed, interviewed),
            "employed_gross_per_group_a": (employed, group_a),
            "employed_net_per_group_a": (of(numbers.employed_net_a), group_a),
            "still_employed": (of(numbers.employed_net_a), employed),
        }
        rates += [Rate(name, office, above, below) for name, (above, below) in parts.items()]
    return rates


def _hidden(table: OfficeTable) -> OfficeTable:
    """The table with small counts and everything that would give them away taken out."""
    counted = [name for name in COLUMNS if name not in ("office", "visit_date")]
    numbers = {
        (name, row.office): getattr(row, name) or 0 for row in table.rows for name in counted
    }
    offices = [row.office for row in table.rows if row.office != TOTAL]
    sums = [((name, TOTAL), [(name, office) for office in offices]) for name in counted]
    sums += [
        (
            ("readiness_interviews", office),
            [(group, office) for group in ("group_a", "group_b", "group_c")],
        )
        for office in (*offices, TOTAL)
    ]
    taken = hiding.hidden(numbers, sums)

    def shown(row: OfficeRow) -> OfficeRow:
        gone = {name: None for name in counted if (name, row.office) in taken}
        return replace(row, **gone)  # type: ignore[arg-type]  # only counts, which may be None

    return replace(table, rows=tuple(shown(row) for row in table.rows), rates=(), printed={})
