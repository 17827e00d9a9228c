"""Units: NAF branches, MoL employment offices, providers and headquarters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.schema import metadata
from engine.store.transaction import Transaction
from journey.store import reading

AFTER_ALL = 1000
"""The position of units that came later, which follow the shipped ones by code."""

unit = sa.Table(
    "unit",
    metadata,
    sa.Column("code", sa.String(80), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False, index=True),
    sa.Column("name_ar", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(200), nullable=False),
    sa.Column("governorate", sa.String(40)),
    sa.Column("paired_with", sa.String(80)),
    sa.Column("active_from", sa.Date, nullable=False),
    sa.Column("active_to", sa.Date),
    sa.Column("position", sa.Integer, nullable=False, comment="place in lists and reports"),
    sa.CheckConstraint("kind in ('naf', 'mol', 'provider', 'hq')", name="kind"),
)

office_visit = sa.Table(
    "office_visit",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("unit", sa.String(80), sa.ForeignKey("unit.code"), nullable=False, index=True),
    sa.Column("visited_on", sa.Date, nullable=False),
    sa.Column("visited_by", sa.String(120), nullable=False),
    sa.Column("note", sa.Text),
    sa.UniqueConstraint("unit", "visited_on"),
)
"""Visits of headquarters to an office (the last column of the office table)."""


def insert(tx: Transaction, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add units."""
    tx.execute(unit.insert(), [dict(row) for row in rows])


def codes(tx: Transaction) -> frozenset[str]:
    """Codes of every unit there ever was."""
    return frozenset(reading.column(tx, sa.select(unit.c.code)))


def find(tx: Transaction, code: str) -> Mapping[str, Any] | None:
    """One unit, active or not."""
    return reading.first(tx, sa.select(unit).where(unit.c.code == code))


def listing(tx: Transaction, kind: str | None, on: date) -> list[reading.Row]:
    """Units active on `on`, in the order of lists and reports."""
    query = sa.select(unit).where(
        unit.c.active_from <= on, sa.or_(unit.c.active_to.is_(None), unit.c.active_to >= on)
    )
    if kind is not None:
        query = query.where(unit.c.kind == kind)
    return reading.every(tx, query.order_by(unit.c.position, unit.c.code))


def in_order(tx: Transaction) -> list[str]:
    """Codes of every unit there ever was, in the order of lists and reports."""
    return reading.column(tx, sa.select(unit.c.code).order_by(unit.c.position, unit.c.code))


def record_visit(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Add one visit to an office; the same day again is the same visit."""
    known = sa.select(office_visit.c.id).where(
        office_visit.c.unit == row["unit"], office_visit.c.visited_on == row["visited_on"]
    )
    if tx.execute(known).first() is None:
        tx.execute(office_visit.insert(), dict(row))
