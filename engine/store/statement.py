"""Statements of the hot path: compiled once, run past SQLAlchemy.

What a completion costs is mostly what SQLAlchemy does around its dozen statements (events,
compile cache, result objects), about ten times what the database takes for them. Here a Core
statement is compiled once for each database, with the same column types, and the driver runs the
text, on PostgreSQL several in one message (`engine.store.pipeline`). Tables and conditions stay in
Core; nothing is written in SQL by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.store.channel import Answer
from engine.store.transaction import Transaction

Values = Mapping[str, Any]
"""Values by name: of a statement's parameters, or of a row's columns."""

_Processor = Callable[[Any], Any]
_Core = sa.Select[Any] | sa.UpdateBase


@dataclass(frozen=True)
class _Compiled:
    """One statement for one database."""

    text: str
    positions: tuple[str, ...] | None
    """Names of the parameters in order, where the driver wants them by position."""
    fixed: Mapping[str, Any]
    """Parameters that the statement itself brings (literals in its conditions)."""
    incoming: tuple[tuple[str, _Processor], ...]
    columns: tuple[str, ...]
    outgoing: tuple[tuple[int, _Processor], ...]

    def parameters(self, values: Values) -> Any:
        """What the driver takes. A value that is missing is a `KeyError`."""
        given = {**self.fixed, **values} if self.fixed else dict(values)
        for name, processor in self.incoming:
            given[name] = processor(given[name])
        return given if self.positions is None else [given[name] for name in self.positions]

    def row(self, found: Sequence[Any]) -> dict[str, Any]:
        """A row by column names."""
        values = list(found)
        for position, processor in self.outgoing:
            value = values[position]
            if value is not None:
                values[position] = processor(value)
        return dict(zip(self.columns, values, strict=True))


class Statement:
    """A statement that runs often. Safe to share between threads and connections."""

    def __init__(
        self,
        statement: _Core | None = None,
        *,
        sqlite: _Core | None = None,
        postgresql: _Core | None = None,
    ) -> None:
        """One `statement` for both databases, or one for each."""
        self._statements = {
            "sqlite": sqlite if sqlite is not None else statement,
            "postgresql": postgresql if postgresql is not None else statement,
        }
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, tx: Transaction, values: Values) -> list[dict[str, Any]]:
        """The rows that a SELECT finds, or a RETURNING answers, each by column names."""
        compiled = self._for(tx)
        found = tx.run(compiled.text, compiled.parameters(values)).fetchall()
        return [compiled.row(one) for one in found]

    def first(self, tx: Transaction, values: Values) -> dict[str, Any] | None:
        """The first row, or None."""
        compiled = self._for(tx)
        # All are fetched: a SELECT that is left half-read holds SQLite's view of the data open.
        found = tx.run(compiled.text, compiled.parameters(values)).fetchall()
        return compiled.row(found[0]) if found else None

    def run(self, tx: Transaction, values: Values) -> None:
        """Run it once, at the latest before anything later is read and before the commit."""
        compiled = self._for(tx)
        tx.run(compiled.text, compiled.parameters(values))

    def count(self, tx: Transaction, values: Values) -> int:
        """Run it once and now; how many rows it changed."""
        compiled = self._for(tx)
        return tx.run(compiled.text, compiled.parameters(values)).rowcount

    def run_each(self, tx: Transaction, many: Iterable[Values]) -> None:
        """As `run`, for each of these values. Nothing to do is no statement."""
        self._each(tx, many)

    def change_each(self, tx: Transaction, many: Iterable[Values], otherwise: Exception) -> None:
        """As `run_each`, where each of them must change one row: else `otherwise` is raised, at
        the latest before anything later is read and before the commit."""
        rows = list(many)
        answer = self._each(tx, rows)
        if answer is not None:
            tx.expect(answer, len(rows), otherwise)

    def _each(self, tx: Transaction, many: Iterable[Values]) -> Answer | None:
        rows = list(many)
        if not rows:
            return None
        compiled = self._for(tx)
        parameters = [compiled.parameters(values) for values in rows]
        if len(parameters) == 1:
            return tx.run(compiled.text, parameters[0])
        return tx.run_many(compiled.text, parameters)

    def _for(self, tx: Transaction) -> _Compiled:
        compiled = self._compiled.get(tx.dialect)
        if compiled is None:
            statement = self._statements[tx.dialect]
            if statement is None:
                raise LookupError(f"This statement is not written for {tx.dialect}.")
            compiled = self._compiled[tx.dialect] = _compile(statement, tx.sql_dialect)
        return compiled


def _compile(statement: _Core, dialect: sa.Dialect) -> _Compiled:
    """Compile with the dialect's own types, as `Connection.execute` would."""
    compiled = statement.compile(dialect=dialect)
    incoming = []
    fixed = {}
    for name, value in compiled.params.items():
        bound = compiled.binds[name]
        if not bound.required:
            fixed[name] = value
        processor = bound.type.dialect_impl(dialect).bind_processor(dialect)
        if processor is not None:
            incoming.append((name, processor))
    columns: list[str] = []
    outgoing: list[tuple[int, _Processor]] = []
    if isinstance(statement, sa.Select) or compiled.returning:
        for position, column in enumerate(statement.exported_columns):
            columns.append(str(column.key))
            back = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if back is not None:
                outgoing.append((position, back))
    positions = getattr(compiled, "positiontup", None)
    return _Compiled(
        text=str(compiled),
        positions=None if positions is None else tuple(positions),
        fixed=fixed,
        incoming=tuple(incoming),
        columns=tuple(columns),
        outgoing=tuple(outgoing),
    )
