"""Words to the planner of SQLite, which keeps no statistics and guesses which index is narrow."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class filter_only(FunctionElement[Any]):
    """A text column whose condition only filters: SQLite looks for rows with another one.

    PostgreSQL has statistics and decides for itself; for it this is the column as it is.
    """

    name = "filter_only"
    type = sa.Text()
    inherit_cache = True


@compiles(filter_only)
def _plain(element: filter_only, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(filter_only, "sqlite")
def _without_index(element: filter_only, compiler: SQLCompiler, **options: Any) -> str:
    # https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
    return f"+{compiler.process(element.clauses, **options)}"


def begins_with(column: sa.Column[str], text: str, dialect: str) -> sa.ColumnElement[bool]:
    """Whether a column begins with `text`, as it is or in capitals, so that its index is used:
    in SQLite any, in PostgreSQL one made with `text_pattern_ops`."""
    return sa.or_(*(_prefix(column, one, dialect) for one in sorted({text, text.upper()})))


def _prefix(column: sa.Column[str], text: str, dialect: str) -> sa.ColumnElement[bool]:
    if dialect != "sqlite":
        return column.startswith(text, autoescape=True)
    return sa.and_(column >= text, column < f"{text}\U0010ffff")
