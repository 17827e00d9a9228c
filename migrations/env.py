"""Alembic's entry: runs the migrations on the connection that `migrations.commands` opened."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from engine.store.schema import metadata
from migrations.operations import follow_append_only_tables


def render_item(kind: str, thing: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain types they are stored as: a migration stays true
    when the class changes."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


connection = context.config.attributes.get("connection")
if not isinstance(connection, sa.Connection):
    raise SystemExit("Run migrations with `python -m migrations`, which opens the database.")
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=render_item,
    process_revision_directives=follow_append_only_tables,
    # SQLite cannot alter most things in place: the table is made anew and copied.
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
