"""The one operation Alembic lacks: making a table append-only, and its rendering in a migration."""

from __future__ import annotations

from typing import Any

from alembic import op
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, ops

from engine.store.schema import append_only_statements, metadata


def append_only(table: str, keys: list[str]) -> None:
    """In a migration: let the database refuse to change rows of `table` (primary key `keys`)."""
    dialect = op.get_context().dialect.name
    for statement in append_only_statements(table, tuple(keys), dialect):
        op.execute(statement)


class AppendOnlyOp(MigrateOperation):
    """What autogenerate plans; rendered as a call of `append_only`."""

    def __init__(self, table: str, keys: list[str]) -> None:
        self.table = table
        self.keys = keys


@renderers.dispatch_for(AppendOnlyOp)
def _render(context: AutogenContext, operation: AppendOnlyOp) -> str:
    context.imports.add("from migrations.operations import append_only")
    return f"append_only({operation.table!r}, {operation.keys!r})"


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
