"""Providers, catalogue entries, employers and vacancies: dated rows that are never deleted.

A row ends by its `valid_to`; each change keeps the row as it was in `registry_change`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import SchemaItem

from engine.errors import AlreadyExists
from engine.records import Paging
from engine.store.paging import Keyset
from engine.store.schema import Instant, metadata
from engine.store.transaction import Transaction
from engine.wording import Text
from journey.store import reading


def _dated(name: str, *columns: SchemaItem) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("id", sa.String(64), primary_key=True),
        *columns,
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.CheckConstraint("valid_to is null or valid_to >= valid_from", name="validity"),
    )


provider = _dated(
    "provider",
    sa.Column("name_ar", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(200), nullable=False),
    sa.Column("provider_kind", sa.String(40), nullable=False),
    sa.Column("address", sa.String(300), nullable=False),
    sa.Column("unit", sa.String(80), sa.ForeignKey("unit.code"), nullable=False),
)
"""Institutions that serve referrals; `unit` is where their own people work."""

catalogue_entry = _dated(
    "catalogue_entry",
    sa.Column(
        "provider_id", sa.String(64), sa.ForeignKey("provider.id"), nullable=False, index=True
    ),
    sa.Column("name_ar", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(200), nullable=False),
    sa.Column("intervention_type", sa.String(40), nullable=False),
    sa.Column("suggested_service_codes", sa.JSON, nullable=False),
    sa.Column("sites", sa.JSON, nullable=False),
    sa.Column("target_groups", sa.JSON, nullable=False),
    sa.Column("duration_weeks", sa.Numeric(6, 2, asdecimal=False), nullable=False),
    sa.Column("expected_result", sa.String(300), nullable=False),
    sa.Column("eligibility_rule", sa.String(500)),
    sa.Column("contact_person", sa.String(120), nullable=False),
    sa.Column("contact_phone", sa.String(40), nullable=False),
    sa.Column("contact_email", sa.String(120)),
    sa.Column("default_feedback_days", sa.Integer, nullable=False),
    sa.Column("capacity_per_intake", sa.Integer),
    sa.Column("next_intake_date", sa.Date),
    sa.Column("cost_to_client_jod", sa.Numeric(10, 3, asdecimal=False)),
    sa.Column("commuting_support", sa.Boolean, nullable=False),
    sa.Column("stipend_jod_month", sa.Numeric(10, 3, asdecimal=False)),
    sa.Column("certified", sa.Boolean),
    sa.Column("funding_source", sa.String(200)),
    sa.Column("entry_status", sa.String(16), nullable=False),
    sa.CheckConstraint("default_feedback_days between 1 and 90", name="feedback_days"),
    sa.CheckConstraint("entry_status in ('draft', 'active', 'suspended')", name="status"),
)
"""One service of one provider (tools.yaml h, entry_fields)."""

employer = _dated(
    "employer",
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("employer_ssc_number", sa.String(40), unique=True),
    sa.Column("location", sa.String(80)),
    sa.Column("contact_phone", sa.String(40)),
)

vacancy = _dated(
    "vacancy",
    sa.Column(
        "employer_id", sa.String(64), sa.ForeignKey("employer.id"), nullable=False, index=True
    ),
    sa.Column("job_title", sa.String(200), nullable=False),
    sa.Column("occupation_code", sa.String(16)),
    sa.Column("workplace_location", sa.String(80), nullable=False),
    sa.Column("offered_wage_jod", sa.Numeric(10, 3, asdecimal=False), nullable=False),
    sa.Column("positions", sa.Integer, nullable=False),
    sa.Column("age_requirement", sa.String(200)),
    sa.Column("mol_unit", sa.String(80), sa.ForeignKey("unit.code"), index=True),
    sa.Column("vacancy_admissible", sa.String(40)),
    sa.Column("check_valid_until", sa.Date),
    sa.CheckConstraint("positions >= 1", name="positions"),
    sa.CheckConstraint("offered_wage_jod > 0", name="wage"),
)
"""A vacancy as reported (tools.yaml e, vacancy_data); the last check's result stands on it."""

registry_change = sa.Table(
    "registry_change",
    metadata,
    sa.Column("kind", sa.String(24), primary_key=True),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.String(120), nullable=False),
    sa.Column("before", sa.JSON, nullable=False),
)
"""How a row was before its change to `revision`."""


class Kind(StrEnum):
    """The kinds of rows, named as their tables."""

    PROVIDER = "provider"
    CATALOGUE_ENTRY = "catalogue_entry"
    EMPLOYER = "employer"
    VACANCY = "vacancy"


_TABLES = {Kind(table.name): table for table in (provider, catalogue_entry, employer, vacancy)}
_LISTS = frozenset({"suggested_service_codes", "sites", "target_groups"})
_DEFAULTS: Mapping[str, Any] = {
    "default_feedback_days": 14,
    "entry_status": "active",
    "commuting_support": False,
    "positions": 1,
}


def fields(kind: Kind) -> frozenset[str]:
    """Every column of a kind."""
    return frozenset(_TABLES[kind].c.keys())


def required(kind: Kind) -> frozenset[str]:
    """Columns that must be filled."""
    return frozenset(c.name for c in _TABLES[kind].c if not c.nullable) - {"revision"}


def empty(kind: Kind) -> dict[str, Any]:
    """What a column holds that nobody filled."""
    return {
        name: [] if name in _LISTS else _DEFAULTS.get(name)
        for name in _TABLES[kind].c.keys()  # noqa: SIM118
        if name not in ("id", "revision", "valid_from", "valid_to")
    }


def insert(tx: Transaction, kind: Kind, row: Mapping[str, Any]) -> None:
    """Add a row at revision 1. Raises `AlreadyExists` for a known id or number."""
    with _unique(kind):
        tx.execute(_TABLES[kind].insert(), {**row, "revision": 1})


@contextmanager
def _unique(kind: Kind) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise AlreadyExists(
            Text(
                "يوجد سجل بهذا المعرّف أو الرقم من قبل.",
                f"A {kind.value} with this id or number exists already.",
            )
        ) from error


def find(tx: Transaction, kind: Kind, row_id: str) -> Mapping[str, Any] | None:
    """One row, valid or not."""
    table = _TABLES[kind]
    return reading.first(tx, sa.select(table).where(table.c.id == row_id))


def change(  # noqa: PLR0917  the parts of one change
    tx: Transaction,
    kind: Kind,
    row_id: str,
    revision: int,
    values: Mapping[str, Any],
    record: Mapping[str, Any],
) -> bool:
    """Write the next revision and keep the one before; False when `revision` is stale.

    Raises `AlreadyExists` for a number that another row has.
    """
    table = _TABLES[kind]
    with _unique(kind):
        done = tx.execute(
            table.update()
            .where(table.c.id == row_id, table.c.revision == revision)
            .values(revision=revision + 1, **values)
        )
    if done.rowcount != 1:
        return False
    tx.execute(
        registry_change.insert(),
        {"kind": kind.value, "id": row_id, "revision": revision + 1, **record},
    )
    return True


def history(tx: Transaction, kind: Kind, row_id: str) -> list[reading.Row]:
    """Every change of a row, oldest first."""
    query = sa.select(registry_change).where(
        registry_change.c.kind == kind.value, registry_change.c.id == row_id
    )
    return reading.every(tx, query.order_by(registry_change.c.revision))


def listing(
    tx: Transaction, kind: Kind, paging: Paging, *, on: date | None, equal: Mapping[str, Any]
) -> tuple[list[reading.Row], str | None]:
    """One page of rows by id; `on` keeps those valid that day, None keeps all."""
    table = _TABLES[kind]
    query = sa.select(table)
    if on is not None:
        query = query.where(
            table.c.valid_from <= on, sa.or_(table.c.valid_to.is_(None), table.c.valid_to >= on)
        )
    for name, value in equal.items():
        query = query.where(table.c[name] == value)
    order = Keyset(table.name, (table.c.id,))
    found, cursor = order.split(tx.execute(order.apply(query, paging)).all(), paging)
    return [dict(row._mapping) for row in found], cursor


def set_check(tx: Transaction, vacancy_id: str, result: str, valid_until: date) -> None:
    """Put the result of a quality check on the vacancy it was about, if it is registered."""
    tx.execute(
        vacancy.update()
        .where(vacancy.c.id == vacancy_id)
        .values(vacancy_admissible=result, check_valid_until=valid_until)
    )


def catalogue_with_providers(tx: Transaction, on: date) -> list[reading.Row]:
    """Active entries valid on `on`, each with its provider's names, kind, address and unit."""
    entry = catalogue_entry
    query = (
        sa.select(
            entry,
            provider.c.name_ar.label("provider_name_ar"),
            provider.c.name_en.label("provider_name_en"),
            provider.c.provider_kind,
            provider.c.address.label("provider_address"),
            provider.c.unit.label("provider_unit"),
        )
        .join(provider, provider.c.id == entry.c.provider_id)
        .where(
            entry.c.entry_status == "active",
            entry.c.valid_from <= on,
            sa.or_(entry.c.valid_to.is_(None), entry.c.valid_to >= on),
            sa.or_(provider.c.valid_to.is_(None), provider.c.valid_to >= on),
        )
        .order_by(entry.c.id)
    )
    return reading.every(tx, query)


def vacancies_with_employers(tx: Transaction, on: date) -> list[reading.Row]:
    """Vacancies valid on `on`, each with its employer's name."""
    query = (
        sa.select(vacancy, employer.c.name.label("employer_name"))
        .join(employer, employer.c.id == vacancy.c.employer_id)
        .where(
            vacancy.c.valid_from <= on,
            sa.or_(vacancy.c.valid_to.is_(None), vacancy.c.valid_to >= on),
        )
        .order_by(vacancy.c.id)
    )
    return reading.every(tx, query)


def destination(tx: Transaction, entry_id: str) -> Mapping[str, Any] | None:
    """The kind and unit of the provider of a catalogue entry, whether it is still valid or not."""
    query = (
        sa.select(provider.c.provider_kind, provider.c.unit)
        .join(catalogue_entry, catalogue_entry.c.provider_id == provider.c.id)
        .where(catalogue_entry.c.id == entry_id)
    )
    return reading.first(tx, query)


def employers_on(tx: Transaction, on: date) -> list[reading.Row]:
    """Employers valid on `on`, by name."""
    query = sa.select(employer).where(
        employer.c.valid_from <= on,
        sa.or_(employer.c.valid_to.is_(None), employer.c.valid_to >= on),
    )
    return reading.every(tx, query.order_by(employer.c.name, employer.c.id))
