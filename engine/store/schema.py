"""The one MetaData of the engine's tables, and the column types that both databases share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of `engine/store`; `journey/store` adds its own to the same MetaData object."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """A moment as `Instant` stores it. Raises `ValueError` for one without an offset."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no UTC offset")
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond, kept as an integer (microseconds since 1970).

    Integers sort and compare alike in SQLite and PostgreSQL and make keyset cursors exact.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Refuses naive datetimes: a moment without an offset is a mistake."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """The moment with UTC as its offset."""
        if value is None:
            return None
        seconds, micros = divmod(value, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


def append_only(table: sa.Table) -> sa.Table:
    """Let the database itself refuse every UPDATE, DELETE and TRUNCATE of `table`.

    The triggers are made right after the table (`create_all`); migrations call
    `append_only_statements`.
    """
    table.info["append_only"] = True
    keys = tuple(column.name for column in table.primary_key.columns)
    for dialect in ("sqlite", "postgresql"):
        for statement in append_only_statements(table.name, keys, dialect):
            _after_create(table, dialect, statement)
    return table


def _after_create(table: sa.Table, dialect: str, statement: str) -> None:
    @sa.event.listens_for(table, "after_create")
    def make(_table: sa.Table, connection: sa.Connection, **_: Any) -> None:
        if connection.dialect.name == dialect:
            connection.exec_driver_sql(statement)


def append_only_statements(table: str, keys: tuple[str, ...], dialect: str) -> tuple[str, ...]:
    """The DDL that makes `table` (primary key `keys`) append-only in `dialect`."""
    message = f"{table} is append-only"
    if dialect == "sqlite":
        same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        return (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
            # INSERT OR REPLACE deletes the old row without firing the trigger above.
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  own names
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        )
    return (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    )
