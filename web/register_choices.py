"""What may be chosen in the registers' forms, in the reader's language."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from flask import g

from engine.records import Paging
from engine.wording import Text
from journey.records import RegistryRow
from journey.registry import Registry
from journey.reports import codes
from web import person_form
from web.context import actor, journey, language
from web.formats import named
from web.texts import lazy

Choices = list[tuple[str, str]]

_AT_ONCE = 200

TARGET_GROUPS: Final = (
    ("all", lazy("Everybody")),
    ("youth", lazy("Younger people")),
    ("older", lazy("Older people")),
    ("women", lazy("Women")),
    ("pwd", lazy("Persons with disabilities")),
)
ENTRY_STATES: Final = (
    ("draft", lazy("Proposed, not yet accepted")),
    ("active", lazy("Active")),
    ("suspended", lazy("Suspended")),
)
CHECK_RESULTS: Final = (
    ("admissible", lazy("Admissible")),
    ("admissible_with_warning", lazy("Admissible with a warning")),
    ("rejected", lazy("Rejected")),
)


def provider_kinds() -> Choices:
    """Kinds of institutions."""
    return _of(codes.DESTINATIONS)


def interventions() -> Choices:
    """Types of intervention."""
    return _of(codes.INTERVENTIONS)


def services() -> Choices:
    """What the second interview may suggest."""
    return _of(codes.SERVICES)


def target_groups() -> Choices:
    """For whom a service is meant."""
    return _worded(TARGET_GROUPS)


def entry_states() -> Choices:
    """Where a catalogue entry stands."""
    return _worded(ENTRY_STATES)


def check_results() -> Choices:
    """Results of a vacancy's quality check."""
    return _worded(CHECK_RESULTS)


def locations() -> Choices:
    """Localities."""
    return person_form.locations()


def occupations() -> Choices:
    """Groups of occupations."""
    return [(code, f"{code} {text.in_language(language())}") for code, text in _jobs().items()]


def unit_names() -> Choices:
    """Every place where people work."""
    return [(unit.code, named(unit)) for unit in journey().units.list(actor())]


def employment_offices() -> Choices:
    """The employment offices, the reader's own first."""
    found = journey().units.list(actor(), "mol")
    own = actor().units
    near = {unit.code for unit in found if unit.code in own or unit.paired_with in own}
    ordered = sorted(found, key=lambda unit: unit.code not in near)
    return [(unit.code, named(unit)) for unit in ordered]


def provider_units() -> Choices:
    """Where people of institutions work: employment offices and places of their own."""
    found = journey().units.list(actor())
    return [(unit.code, named(unit)) for unit in found if unit.kind in ("mol", "provider")]


def sites() -> Choices:
    """The branches by the names that catalogue entries use."""
    return [
        (unit.code.removeprefix("naf:"), named(unit))
        for unit in journey().units.list(actor(), "naf")
    ]


def providers_now() -> Choices:
    """Institutions that hold today; for their own people only their own."""
    own = {unit for unit in actor().units if unit.startswith("provider:")}
    rows = _rows("providers", journey().providers, all_dates=False)
    return [(row.id, named(row.values)) for row in rows if not own or row.values["unit"] in own]


def provider_names() -> Choices:
    """Every institution there ever was."""
    return [(row.id, named(row.values)) for row in providers_ever()]


def providers_ever() -> list[RegistryRow]:
    """The rows of every institution there ever was."""
    return _rows("providers_ever", journey().providers, all_dates=True)


def employers_now() -> Choices:
    """Employers that hold today, by name."""
    rows = _rows("employers", journey().employers, all_dates=False)
    return sorted(((row.id, str(row.values["name"])) for row in rows), key=lambda one: one[1])


def employer_names() -> Choices:
    """Every employer there ever was."""
    rows = _rows("employers_ever", journey().employers, all_dates=True)
    return [(row.id, str(row.values["name"])) for row in rows]


def _rows(name: str, registry: Registry, *, all_dates: bool) -> list[RegistryRow]:
    """Every row of a register, read once a request."""
    kept: dict[str, list[RegistryRow]] = g.setdefault("register_rows", {})
    if name not in kept:
        rows: list[RegistryRow] = []
        cursor: str | None = None
        while True:
            page = registry.list(actor(), all_dates=all_dates, paging=Paging(_AT_ONCE, cursor))
            rows += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        kept[name] = rows
    return kept[name]


def _of(names: Mapping[str, Text]) -> Choices:
    tongue = language()
    return [(code, text.in_language(tongue)) for code, text in names.items()]


def _worded(pairs: tuple[tuple[str, str], ...]) -> Choices:
    return [(code, str(words)) for code, words in pairs]


@cache
def _jobs() -> dict[str, Text]:
    """The groups of occupations that the journey knows."""
    text = (files("journey") / "occupations.csv").read_text("utf-8")
    return {
        row["code"]: Text(row["name_ar"], row["name_en"])
        for row in csv.DictReader(text.splitlines())
    }
