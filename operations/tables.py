"""Tables to files and back: one gzip file a table, one JSON list a row, in the order of the keys.

The tables are read as they stand in the database, not as today's code declares them, so a database
of an earlier release is backed up and restored as it is, and goes on from there. Moments are whole
numbers, as stored; bytes are base64, days ISO 8601, JSON its own text. Both databases write and
read the same files.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import sqlalchemy as sa

from engine.store.transaction import Transaction
from operations.manifest import BackupError, Part

_BATCH = 1000
_LEVEL = 1  # most of it is ciphertext, which no effort makes smaller
_NOT_OURS = "alembic_version"  # the manifest says it


def tables_in(tx: Transaction) -> list[sa.Table]:
    """The tables of the database as they stand, a table after those that it points to."""
    found = sa.MetaData()
    found.reflect(tx.connection)
    tables = [table for table in found.sorted_tables if table.name != _NOT_OURS]
    for table in tables:
        for column in table.columns:
            if isinstance(column.type, sa.Numeric):
                column.type = sa.Numeric(
                    column.type.precision, column.type.scale, asdecimal=False
                )  # fmt: skip
    return tables


def dump(tx: Transaction, table: sa.Table, folder: Path) -> Part:
    """Write every row of `table` into a file in `folder`."""
    file = folder / f"{table.name}.jsonl.gz"
    encode = msgspec.json.Encoder().encode
    rows = 0
    with file.open("xb") as raw:
        # No name and no time in the file: the same rows make the same file.
        with gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as out:
            statement = sa.select(*(_read(column) for column in table.columns))
            statement = statement.order_by(*table.primary_key.columns)
            for row in tx.execute(statement.execution_options(yield_per=_BATCH)):
                out.write(encode(tuple(row)) + b"\n")
                rows += 1
        raw.flush()
    return Part(
        table=str(table.name),  # it is a string of its own kind, with quotes if needed
        file=file.name,
        columns=tuple(str(column.name) for column in table.columns),
        rows=rows,
        bytes=file.stat().st_size,
        sha256=sha256_of(file),
    )


def load(tx: Transaction, table: sa.Table, part: Part, folder: Path) -> None:
    """Insert every row of a part into `table`. Raises `BackupError` when they do not fit."""
    unknown = set(part.columns) - set(table.columns.keys())
    if unknown:
        raise BackupError(f"{part.file} has columns that {table.name} lacks: {sorted(unknown)}.")
    columns = [table.columns[name] for name in part.columns]
    readers = [_reader(column) for column in columns]
    statement = table.insert().values({column.name: _bound(tx, column) for column in columns})
    names = [f"v_{column.name}" for column in columns]
    rows = 0
    for batch in _batches(folder / part.file):
        tx.execute(
            statement,
            [
                {
                    name: None if value is None else read(value)
                    for name, read, value in zip(names, readers, row, strict=True)
                }
                for row in batch
            ],
        )
        rows += len(batch)
    if rows != part.rows:
        raise BackupError(f"{part.file} has {rows} rows, the manifest says {part.rows}.")
    _count_on(tx, table)


def sha256_of(file: Path) -> str:
    """The hash of a file, hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _batches(file: Path) -> Iterator[list[Any]]:
    decode = msgspec.json.Decoder().decode
    with file.open("rb") as raw, gzip.GzipFile(fileobj=raw) as opened:
        batch: list[Any] = []
        for line in _lines(opened):
            batch.append(decode(line))
            if len(batch) == _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


def _lines(opened: gzip.GzipFile) -> Iterator[bytes]:
    stream: BinaryIO = opened  # type: ignore[assignment]  # it reads like any other file
    try:
        yield from stream
    except (OSError, EOFError) as error:
        raise BackupError(f"A part of the backup is damaged: {error}") from error


def _read(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """A column as it is read: JSON by its text, so that nothing is lost on the way."""
    if isinstance(column.type, sa.JSON):
        return sa.cast(column, sa.Text).label(column.name)
    return column


def _bound(tx: Transaction, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    name = f"v_{column.name}"
    if isinstance(column.type, sa.JSON):
        text = sa.bindparam(name, type_=sa.Text)
        return text if tx.dialect == "sqlite" else sa.cast(text, sa.JSON)
    return sa.bindparam(name, type_=column.type)


def _reader(column: sa.Column[Any]) -> Callable[[Any], Any]:
    """From what the file has to what the driver takes."""
    if isinstance(column.type, sa.LargeBinary):
        return base64.b64decode
    if isinstance(column.type, sa.Date):
        return date.fromisoformat
    return lambda value: value


def _count_on(tx: Transaction, table: sa.Table) -> None:
    """Let PostgreSQL number the next row after those that came with their numbers."""
    if tx.dialect == "sqlite":
        return
    for column in table.primary_key.columns:
        if isinstance(column.type, sa.Integer | sa.BigInteger) and column.server_default:
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            highest = sa.select(sa.func.max(column)).scalar_subquery()
            numbered = sa.func.setval(
                sequence, sa.func.coalesce(highest, 1), highest.is_not(None)
            )  # fmt: skip
            tx.execute(sa.select(numbered))
