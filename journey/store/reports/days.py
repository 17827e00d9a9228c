"""Days between two dates, in the SQL of both databases."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

DAY = 86_400_000_000
"""Microseconds: moments are stored so."""


class days_between(FunctionElement[int]):
    """Whole days from the first date to the second."""

    type = sa.Integer()
    inherit_cache = True
    name = "days_between"


@compiles(days_between, "postgresql")
def _postgresql(element: days_between, compiler: Any, **options: Any) -> str:
    first, second = element.clauses
    return f"({compiler.process(second, **options)} - {compiler.process(first, **options)})"


@compiles(days_between, "sqlite")
def _sqlite(element: days_between, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


def days_of_moments(
    first: sa.ColumnElement[Any], second: sa.ColumnElement[Any]
) -> sa.ColumnElement[int]:
    """Whole days from the first moment to the second."""
    apart = sa.type_coerce(second, sa.BigInteger) - sa.type_coerce(first, sa.BigInteger)
    return sa.cast(apart // DAY, sa.Integer)
