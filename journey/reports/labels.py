"""The rows of a table in order, with their names."""

from __future__ import annotations

from collections.abc import Sequence

from engine.store.transaction import Transaction
from engine.wording import Text
from journey.reports.codes import NOT_KNOWN, Names
from journey.reports.plan import Labels
from journey.store.reports import office_facts
from journey.store.reports.counting import UNKNOWN
from journey.store.reports.scope import Scope

Rows = Sequence[tuple[str, Text]]
LONGEST = 60
"""Rows of a table of free texts; the rest is in the list behind the total."""


def _with_unknown(rows: list[tuple[str, Text]], found: frozenset[str]) -> Rows:
    return [*rows, (UNKNOWN, NOT_KNOWN)] if UNKNOWN in found else rows


def of_codes(names: Names, *, always: bool = True) -> Labels:
    """Codes in their own order; `always` shows those without a number as well. A code that the
    list does not know is shown as it is."""

    def labels(_tx: Transaction, _scope: Scope, found: frozenset[str]) -> Rows:
        rows = [(code, text) for code, text in names.items() if always or code in found]
        more = sorted(found - set(names) - {UNKNOWN})
        return _with_unknown([*rows, *((code, Text.worded(code)) for code in more)], found)

    return labels


def of_texts(_tx: Transaction, _scope: Scope, found: frozenset[str]) -> Rows:
    """Free texts by themselves."""
    rows = [(text, Text.worded(text)) for text in sorted(found - {UNKNOWN})[:LONGEST]]
    return _with_unknown(rows, found)


def branches(tx: Transaction, scope: Scope, found: frozenset[str]) -> Rows:
    """The reader's offices, with or without anything to count; for a partner those that referred
    somebody."""
    wanted = set(found) | set(scope.branches or ())
    everywhere = scope.branches is None and scope.referred_to is None
    rows = [
        (row["code"], office_name(row))
        for row in office_facts.unit_rows(tx)
        if row["code"] in wanted or (everywhere and row["kind"] == "naf")
    ]
    return _with_unknown(rows, found)


def units_found(tx: Transaction, _scope: Scope, found: frozenset[str]) -> Rows:
    """Units of any kind that something was counted for."""
    rows = [
        (row["code"], Text(row["name_ar"], row["name_en"]))
        for row in office_facts.unit_rows(tx)
        if row["code"] in found
    ]
    return _with_unknown(rows, found)


def office_name(row: dict[str, object]) -> Text:
    """A branch by its town, as the paper has it: every branch is one of the Fund."""
    arabic, english = str(row["name_ar"]), str(row["name_en"])
    return Text(
        arabic.removeprefix("فرع صندوق المعونة الوطنية - "),
        english.removeprefix("National Aid Fund branch, "),
    )


def workers(tx: Transaction, _scope: Scope, found: frozenset[str]) -> Rows:
    """People of the staff by name: figures never rank them (reports.md 4, P)."""
    names = office_facts.user_names(tx, found - {UNKNOWN})
    rows = [(user, Text.worded(names.get(user, user))) for user in found - {UNKNOWN}]
    return _with_unknown(sorted(rows, key=lambda row: (row[1].ar, row[0])), found)


def rules(tx: Transaction, _scope: Scope, found: frozenset[str]) -> Rows:
    """The versions of the readiness rule, by when they decided first."""
    since = office_facts.first_use_of_rules(tx)
    known = sorted((since[rule], rule) for rule in found if rule in since)
    rows = []
    for place, (day, rule) in enumerate(known, 1):
        when = f"{day:%d/%m/%Y}"
        rows.append((rule, Text(f"القاعدة {place}، منذ {when}", f"Rule {place}, since {when}")))
    others = sorted(found - set(since) - {UNKNOWN})
    return _with_unknown([*rows, *((rule, Text.worded(rule[:8])) for rule in others)], found)


def changes(_tx: Transaction, _scope: Scope, found: frozenset[str]) -> Rows:
    """From one group to the next: `A>B`; a dash is no group."""
    arabic = {"A": "أ", "B": "ب", "C": "ج", "-": "بلا مجموعة"}
    english = {"A": "A", "B": "B", "C": "C", "-": "no group"}
    rows = []
    for change in sorted(found - {UNKNOWN}):
        before, _, after = change.partition(">")
        rows.append(
            (
                change,
                Text(
                    f"من {arabic.get(before, before)} إلى {arabic.get(after, after)}",
                    f"{english.get(before, before)} to {english.get(after, after)}",
                ),
            )
        )
    return _with_unknown(rows, found)


MONTHS = (
    ("كانون الثاني", "January"), ("شباط", "February"), ("آذار", "March"), ("نيسان", "April"),
    ("أيار", "May"), ("حزيران", "June"), ("تموز", "July"), ("آب", "August"),
    ("أيلول", "September"), ("تشرين الأول", "October"), ("تشرين الثاني", "November"),
    ("كانون الأول", "December"),
)  # fmt: skip


def months(_tx: Transaction, _scope: Scope, found: frozenset[str]) -> Rows:
    """Months in their order."""
    rows = []
    for month in sorted(found - {UNKNOWN}):
        year, _, number = month.partition("-")
        arabic, english = MONTHS[int(number) - 1]
        rows.append((month, Text(f"{arabic} {year}", f"{english} {year}")))
    return _with_unknown(rows, found)
