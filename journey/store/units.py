"""Units: NAF branches, MoL employment offices, providers and headquarters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.database import Transaction
from engine.store.schema import metadata

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
    return frozenset(tx.execute(sa.select(unit.c.code)).scalars())


def find(tx: Transaction, code: str) -> Mapping[str, Any] | None:
    """One unit, active or not."""
    return tx.execute(sa.select(unit).where(unit.c.code == code)).mappings().first()


def listing(tx: Transaction, kind: str | None, on: date) -> list[Mapping[str, Any]]:
    """Units active on `on`, ordered by kind and code."""
    query = sa.select(unit).where(
        unit.c.active_from <= on, sa.or_(unit.c.active_to.is_(None), unit.c.active_to >= on)
    )
    if kind is not None:
        query = query.where(unit.c.kind == kind)
    return list(tx.execute(query.order_by(unit.c.kind, unit.c.code)).mappings())


def record_visit(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Add one visit to an office; the same day again is the same visit."""
    known = sa.select(office_visit.c.id).where(
        office_visit.c.unit == row["unit"], office_visit.c.visited_on == row["visited_on"]
    )
    if tx.execute(known).first() is None:
        tx.execute(office_visit.insert(), dict(row))
