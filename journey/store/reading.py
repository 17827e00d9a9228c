"""Rows as plain dictionaries."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.store.transaction import Transaction

Row = dict[str, Any]


def first(tx: Transaction, query: sa.Select[Any]) -> Row | None:
    """The first row of a query, or None."""
    found = tx.execute(query).mappings().first()
    return None if found is None else {str(name): value for name, value in found.items()}


def every(tx: Transaction, query: sa.Select[Any]) -> list[Row]:
    """All rows of a query."""
    return [dict(row._mapping) for row in tx.execute(query)]


def column(tx: Transaction, query: sa.Select[Any]) -> list[Any]:
    """The first column of a query."""
    return list(tx.execute(query).scalars())


def pairs(tx: Transaction, query: sa.Select[Any]) -> dict[Any, Any]:
    """The second column by the first."""
    found: list[Any] = list(tx.execute(query))
    return {row[0]: row[1] for row in found}
