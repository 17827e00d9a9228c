"""The one operation Alembic lacks: making a table append-only, and its rendering in a migration."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations, ops

from engine.store.schema import append_only_statements, metadata


@Operations.register_operation("append_only")
class AppendOnlyOp(MigrateOperation):
    """`op.append_only(table, [key, ...])`: the database refuses to change or delete its rows."""

    def __init__(self, table: str, keys: list[str]) -> None:
        self.table = table
        self.keys = keys

    @classmethod
    def append_only(cls, operations: Operations, table: str, keys: list[str]) -> None:
        """Make the triggers of `table`, whose primary key is `keys`."""
        operations.invoke(cls(table, keys))

    def reverse(self) -> MigrateOperation:
        """Migrations only go forward: a journal is never unmade."""
        raise NotImplementedError("an append-only table stays one")


@Operations.implementation_for(AppendOnlyOp)
def _make(operations: Operations, operation: AppendOnlyOp) -> None:
    dialect = operations.get_context().dialect.name
    for statement in append_only_statements(operation.table, tuple(operation.keys), dialect):
        operations.execute(statement)


@renderers.dispatch_for(AppendOnlyOp)
def _render(_context: AutogenContext, operation: AppendOnlyOp) -> str:
    return f"op.append_only({operation.table!r}, {operation.keys!r})"


def follow_append_only_tables(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Autogenerate's hook: after the creation of an append-only table come its triggers; the way
    down is left out."""
    (script,) = directives
    complete: list[MigrateOperation] = []
    for operation in script.upgrade_ops.ops:
        complete.append(operation)
        if isinstance(operation, ops.CreateTableOp):
            table = metadata.tables[operation.table_name]
            if table.info.get("append_only"):
                keys = [column.name for column in table.primary_key.columns]
                complete.append(AppendOnlyOp(table.name, keys))
    script.upgrade_ops.ops = complete
    script.downgrade_ops.ops = []
