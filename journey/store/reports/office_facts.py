"""What an office has to work with (reports.md 1.6), and names for the rows of tables."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.transaction import Transaction
from engine.store.users import app_user, user_role, user_unit
from journey.store import reading
from journey.store.cycles import cycle
from journey.store.registry import catalogue_entry
from journey.store.units import unit


def staff(tx: Transaction) -> dict[tuple[str, str], int]:
    """Active accounts by unit and role."""
    query = (
        sa.select(user_unit.c.unit, user_role.c.role, sa.func.count())
        .join(user_role, user_role.c.username == user_unit.c.username)
        .join(app_user, app_user.c.username == user_unit.c.username)
        .where(app_user.c.active)
        .group_by(user_unit.c.unit, user_role.c.role)
    )
    found: list[Any] = list(tx.execute(query))
    return {(row[0], row[1]): row[2] for row in found}


def entry_sites(tx: Transaction, on: date) -> list[Any]:
    """The sites of each active entry of the catalogue; an empty list is everywhere."""
    query = sa.select(catalogue_entry.c.sites).where(
        catalogue_entry.c.entry_status == "active",
        catalogue_entry.c.valid_from <= on,
        sa.or_(catalogue_entry.c.valid_to.is_(None), catalogue_entry.c.valid_to >= on),
    )
    return reading.column(tx, query)


def unit_rows(tx: Transaction) -> list[reading.Row]:
    """Every unit there ever was, in the order of lists."""
    return reading.every(tx, sa.select(unit).order_by(unit.c.position, unit.c.code))


def user_names(tx: Transaction, usernames: Collection[str]) -> dict[str, str]:
    """The names of these accounts."""
    query = sa.select(app_user.c.username, app_user.c.name)
    return reading.pairs(tx, query.where(app_user.c.username.in_(usernames)))


def first_use_of_rules(tx: Transaction) -> dict[str, date]:
    """The readiness rules that decided, with the first day of a grouping by each."""
    query = sa.select(cycle.c.readiness_rule, sa.func.min(cycle.c.grouping_date)).where(
        cycle.c.readiness_rule.is_not(None), cycle.c.grouping_date.is_not(None)
    )
    return reading.pairs(tx, query.group_by(cycle.c.readiness_rule))
