"""What the National Aid Fund's client journey adds to the engine: people, units, cycles, the
service catalogue, typed projections of its forms, and its reports."""

from __future__ import annotations

from journey.journey import Journey
from journey.records import Cycle, FoundPerson, Person, PersonData, RegistryRow, Unit
from journey.reports import COLUMNS, Footnote, OfficeRow, OfficeTable, Rate

__all__ = [
    "COLUMNS",
    "Cycle",
    "Footnote",
    "FoundPerson",
    "Journey",
    "OfficeRow",
    "OfficeTable",
    "Person",
    "PersonData",
    "Rate",
    "RegistryRow",
    "Unit",
]
