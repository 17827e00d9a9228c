"""Cycles: one row for each time a person goes through the journey, and their numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from engine.errors import AlreadyExists
from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction
from engine.wording import Text
from journey.store import reading

cycle = sa.Table(
    "cycle",
    metadata,
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("cycle_no", sa.Integer, nullable=False),
    sa.Column("journey_number", sa.Text, nullable=False, unique=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("closure_reason", sa.Text),
    sa.Column("chosen_group", sa.Text),
    sa.Column("client_group", sa.Text),
    sa.Column("grouping_date", sa.Date),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("outcome_type", sa.Text),
    sa.Column("stable_count", sa.Integer, nullable=False),
    sa.Column("age", sa.Integer),
    sa.Column("sex", sa.Text),
    sa.Column("residence_location", sa.Text),
    sa.Column("education_level", sa.Text),
    sa.Column("readiness_rule", sa.Text, comment="hash of the rule last asked about readiness"),
    sa.Column("minimum_wage_jod", sa.Numeric(10, 3, asdecimal=False)),
    sa.Column("readiness_barriers", sa.JSON),
    sa.Column("suggested_services", sa.JSON),
    sa.Column("services_accepted", sa.JSON),
    sa.Column("unmet_need", sa.Boolean),
    sa.UniqueConstraint("person_id", "cycle_no"),
    sa.Index("ix_cycle_unit_opened_at", "unit", "opened_at"),
)
sa.Index(
    "uq_cycle_open_person",
    cycle.c.person_id,
    unique=True,
    sqlite_where=cycle.c.closed_at.is_(None),
    postgresql_where=cycle.c.closed_at.is_(None),
)

journey_counter = sa.Table(
    "journey_counter",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
)


def next_number(tx: Transaction, year: int) -> int:
    """The next journey number of `year`; the row is locked until the transaction ends, and gives
    the number back when it fails."""
    insert = sqlite.insert if tx.dialect == "sqlite" else postgresql.insert
    # One statement: two first journeys of a year must not both make the row.
    bump = (
        insert(journey_counter)
        .values(year=year, last=1)
        .on_conflict_do_update(
            index_elements=[journey_counter.c.year], set_={"last": journey_counter.c.last + 1}
        )
        .returning(journey_counter.c.last)
    )
    return int(tx.execute(bump).scalar_one())


def insert(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Add a cycle. Raises `AlreadyExists` while another one of the person is open."""
    try:
        tx.execute(cycle.insert(), dict(row))
    except IntegrityError as error:
        raise already_open() from error


def already_open() -> AlreadyExists:
    """The person has an open journey."""
    return AlreadyExists(
        Text(
            "لهذا الشخص رحلة مفتوحة؛ تابعها أو أغلقها أولاً.",
            "This person has an open journey. Go on with it, or close it first.",
        )
    )


def update(tx: Transaction, instance_id: str, values: Mapping[str, Any]) -> None:
    """Write what changed in a cycle."""
    _updating(frozenset(values)).run(tx, {"b_instance": instance_id, **values})


@cache
def _updating(columns: frozenset[str]) -> Statement:
    """One for each set of columns that forms write together: a handful."""
    return Statement(
        cycle.update()
        .where(cycle.c.instance_id == sa.bindparam("b_instance"))
        .values({name: sa.bindparam(name) for name in sorted(columns)})
    )


def find(tx: Transaction, instance_id: str) -> Mapping[str, Any] | None:
    """One cycle by its case."""
    # Through Core: how a number is to be read, PostgreSQL says with each result.
    query = sa.select(cycle).where(cycle.c.instance_id == instance_id)
    return reading.first(tx, query)


def find_many(tx: Transaction, instance_ids: Collection[str]) -> list[reading.Row]:
    """The cycles of these cases, in no order."""
    query = sa.select(cycle).where(cycle.c.instance_id.in_(instance_ids))
    return reading.every(tx, query)


def of_person(tx: Transaction, person_id: str) -> list[reading.Row]:
    """Every cycle of a person, newest first."""
    query = sa.select(cycle).where(cycle.c.person_id == person_id)
    return reading.every(tx, query.order_by(cycle.c.cycle_no.desc()))


_OPEN = Statement(
    sa.select(cycle.c.instance_id).where(
        cycle.c.person_id == sa.bindparam("person_id"), cycle.c.closed_at.is_(None)
    )
)


def is_open(tx: Transaction, person_id: str) -> bool:
    """Whether the person has an open cycle."""
    return _OPEN.first(tx, {"person_id": person_id}) is not None


def persons_with_number(
    tx: Transaction, journey_number: str, units: Collection[str] | None
) -> list[str]:
    """The person of a journey number, if a cycle of `units` (None: any) has it."""
    query = sa.select(cycle.c.person_id).where(cycle.c.journey_number == journey_number)
    if units is not None:
        query = query.where(cycle.c.unit.in_(units))
    return reading.column(tx, query)


def erase_person(tx: Transaction, person_id: str) -> None:
    """Delete the cycles of a person."""
    tx.execute(cycle.delete().where(cycle.c.person_id == person_id))


def clear(tx: Transaction) -> None:
    """Delete every cycle (before they are made again from what the engine stores)."""
    tx.execute(cycle.delete())
