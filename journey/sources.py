"""Reference sources: what the reference fields of forms may be answered with."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from engine.clock import Clock, today
from engine.ports import Option, ReferenceSource, SourceQuery
from engine.records import Role
from engine.store import users
from engine.store.transaction import Transaction
from journey.store import persons as person_rows
from journey.store import registry, units
from journey.vault import Vault

MEDIATORS = frozenset({"mol_employment_office", "private_employment_agency"})
"""Where group A may be referred to (000:L30, 001:L49); the others serve group B (000:L31)."""
_ALEFS = str.maketrans("أإآ", "ااا")
_BEST_FIRST = {"admissible": 0, "admissible_with_warning": 1, None: 2, "rejected": 3}

Options = Callable[[Transaction, SourceQuery], Sequence[Option]]


@dataclass
class Source:
    """A reference source made of one function."""

    name: str
    read: Options

    def options(self, transaction: Transaction, query: SourceQuery) -> Sequence[Option]:
        """The choices open to `query.actor` now."""
        return self.read(transaction, query)


class Sources:
    """The journey's reference sources."""

    def __init__(self, clock: Clock, vault: Vault) -> None:
        self._clock = clock
        self._vault = vault

    def all(self) -> tuple[ReferenceSource, ...]:
        """Every source, to be registered with the engine."""
        return (
            Source("units_naf", self._units("naf")),
            Source("units_mol", self._units("mol")),
            Source("catalogue", self._catalogue),
            Source("catalogue_b", self._catalogue_b),
            Source("contacted", self._contacted),
            Source("vacancies", self._vacancies),
            Source("employers", self._employers),
            Source("case_workers", self._case_workers),
            Source("case_person", self._case_person),
            Source("locations", self._locations),
            Source("occupations", lambda _tx, _query: _occupations()),
        )

    def _today(self, tx: Transaction) -> date:
        return today(self._clock.now(tx))

    def _units(self, kind: str) -> Options:
        def options(tx: Transaction, query: SourceQuery) -> Sequence[Option]:
            found = units.listing(tx, kind, self._today(tx))
            own = query.instance.unit
            governorate = _governorate(tx, own)

            # The office next door first: most people seek work where they live.
            def place(row: Mapping[str, Any]) -> tuple[bool, bool, str]:
                near = own is not None and own in (row["code"], row["paired_with"])
                return not near, row["governorate"] != governorate, _letters(row["name_ar"])

            found.sort(key=place)
            return [Option(row["code"], row["name_ar"], row["name_en"]) for row in found]

        return options

    def _locations(self, tx: Transaction, query: SourceQuery) -> Sequence[Option]:
        """Localities, those of the governorate where the case is first."""
        governorate = _governorate(tx, query.instance.unit)
        found = sorted(_locations(), key=lambda one: one[0] != governorate)
        return [option for _, option in found]

    def _catalogue(self, tx: Transaction, query: SourceQuery) -> Sequence[Option]:
        """Active entries for the branch's site: mediators for group A, the others for group B."""
        group = query.variables.get("client_group")
        rows = self._entries(tx, query)
        if group in ("A", "B"):
            rows = [r for r in rows if (r["provider_kind"] in MEDIATORS) == (group == "A")]
        return [_entry(row) for row in rows]

    def _catalogue_b(self, tx: Transaction, query: SourceQuery) -> Sequence[Option]:
        rows = self._entries(tx, query)
        return [_entry(row) for row in rows if row["provider_kind"] not in MEDIATORS]

    def _contacted(self, tx: Transaction, query: SourceQuery) -> Sequence[Option]:
        """Only the destination that the worker contacted (S8, X28). An entry that has left the
        catalogue since is offered by its code: the referral was agreed with that partner."""
        contacted = query.variables.get("destination")
        if not isinstance(contacted, str):
            return []
        entries = [_entry(row) for row in self._entries(tx, query)]
        found = [option for option in entries if option.value == contacted]
        return found or [Option(contacted, contacted, contacted)]

    def _entries(self, tx: Transaction, query: SourceQuery) -> list[dict[str, Any]]:
        site = (query.instance.unit or "").removeprefix("naf:")
        rows = registry.catalogue_with_providers(tx, self._today(tx))
        kind = query.variables.get("intervention_type")
        here = [row for row in rows if not row["sites"] or site in row["sites"]]
        here.sort(key=lambda row: (row["intervention_type"] != kind, row["id"]))
        return here

    def _vacancies(self, tx: Transaction, query: SourceQuery) -> Sequence[Option]:
        """Open vacancies, those that passed the quality check first; an old check is none."""
        day = self._today(tx)

        def rank(row: Mapping[str, Any]) -> tuple[int, str]:
            until = row["check_valid_until"]
            current = until is not None and until >= day
            return _BEST_FIRST.get(row["vacancy_admissible"] if current else None, 2), row["id"]

        rows = sorted(registry.vacancies_with_employers(tx, day), key=rank)
        return [
            Option(row["id"], text, text)
            for row in rows
            for text in [
                f"{row['id']} · {row['job_title']} · {row['employer_name']} · "
                f"{row['offered_wage_jod']:g} JOD"
            ]
        ]

    def _employers(self, tx: Transaction, query: SourceQuery) -> Sequence[Option]:
        found = registry.employers_on(tx, self._today(tx))
        return [Option(row["id"], row["name"], row["name"]) for row in found]

    def _case_workers(self, tx: Transaction, query: SourceQuery) -> Sequence[Option]:
        names = users.with_role(tx, Role.CASE_WORKER, query.instance.unit)
        found = [user for name in names if (user := users.find(tx, name)) is not None]
        return [Option(user.username, user.name, user.name) for user in found]

    def _case_person(self, tx: Transaction, query: SourceQuery) -> Sequence[Option]:
        """The case's own person, by name, national id and phone: what a partner needs to receive
        somebody (001:L139). The engine logs each reading of a task's form."""
        subject = query.instance.subject
        row = person_rows.find(tx, subject) if subject is not None else None
        if row is None or row["erased_at"] is not None:
            return []
        data = self._vault.open(tx, row).data
        parts = (f"{data.first_name} {data.last_name}", data.national_id, data.phone)
        text = " · ".join(part for part in parts if part)
        return [Option(row["id"], text, text)]


def _entry(row: Mapping[str, Any]) -> Option:
    """An entry as a destination: `<unit that serves it>/<entry>`, which is how a diagram can tell
    whose task the referral becomes."""
    return Option(
        f"{row['provider_unit']}/{row['id']}",
        f"{row['provider_name_ar']} · {row['name_ar']}",
        f"{row['provider_name_en']} · {row['name_en']}",
    )


def _table(name: str) -> list[dict[str, str]]:
    text = (files("journey") / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _governorate(tx: Transaction, unit: str | None) -> str | None:
    """Where a unit is, if it is known."""
    row = units.find(tx, unit) if unit is not None else None
    return None if row is None else row["governorate"]


def _letters(text: str) -> str:
    """Arabic as a dictionary orders it: every alef is the same letter."""
    return text.translate(_ALEFS)


@cache
def _locations() -> tuple[tuple[str, Option], ...]:
    """Localities with their governorate, by the Arabic names; the list is an assumption, to be
    replaced by the official one."""
    found = [
        (
            row["governorate"],
            Option(
                row["code"],
                f"{row['governorate_ar']} · {row['name_ar']}",
                f"{row['governorate_en']} · {row['name_en']}",
            ),
        )
        for row in _table("locations.csv")
    ]
    return tuple(sorted(found, key=lambda one: _letters(one[1].label_ar)))


@cache
def _occupations() -> tuple[Option, ...]:
    """ISCO-08 major and sub-major groups (002:L202)."""
    return tuple(
        Option(row["code"], f"{row['code']} {row['name_ar']}", f"{row['code']} {row['name_en']}")
        for row in _table("occupations.csv")
    )
