"""Rows of the journal (append-only) and of the heads of streams that have no other home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.schema import Instant, append_only, metadata
from engine.store.statement import Statement
from engine.store.transaction import Transaction

journal = append_only(
    sa.Table(
        "journal",
        metadata,
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("element_id", sa.Text, nullable=True),
        sa.Column("element_name", sa.Text, nullable=True),
        sa.Column("flow_ids", sa.Text, nullable=False),  # JSON list
        sa.Column("header", sa.Text, nullable=False),  # JSON object: versions and hashes
        sa.Column("owner", sa.Text, nullable=False),  # whose key sealed the payload
        sa.Column("payload", sa.LargeBinary, nullable=False),  # sealed JSON
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("seq >= 1", name="seq"),
    )
)

journal_stream = sa.Table(
    "journal_stream",
    metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class Row:
    """One journal row exactly as stored."""

    stream: str
    seq: int
    at: datetime
    kind: str
    actor: str
    element_id: str | None
    element_name: str | None
    flow_ids: str
    header: str
    owner: str
    payload: bytes
    hash: bytes


_INSERT = Statement(journal.insert())
_COLUMNS = tuple(journal.c[name] for name in Row.__dataclass_fields__)


def insert(tx: Transaction, rows: Sequence[Row]) -> None:
    """Append `rows` with one executemany."""
    _INSERT.run_each(tx, map(vars, rows))


def rows_of(
    tx: Transaction, stream: str, *, after: int = 0, limit: int | None = None
) -> Iterator[Row]:
    """The rows of `stream` with a number above `after`, oldest first, read in small batches."""
    query = (
        sa.select(*_COLUMNS)
        .where(journal.c.stream == stream, journal.c.seq > after)
        .order_by(journal.c.seq)
        .execution_options(yield_per=500)
    )
    if limit is not None:
        query = query.limit(limit)
    for row in tx.execute(query):
        yield Row(**row._mapping)


@dataclass(frozen=True)
class Headline:
    """The readable part of an entry that says what was done, without its data."""

    seq: int
    at: datetime
    kind: str
    element_id: str | None
    element_name: str | None


def headlines(tx: Transaction, stream: str, actor: str) -> list[Headline]:
    """What `actor` did in a stream, oldest first; nothing sealed is read."""
    columns = [journal.c[name] for name in Headline.__dataclass_fields__]
    query = sa.select(*columns).where(journal.c.stream == stream, journal.c.actor == actor)
    return [Headline(**row._mapping) for row in tx.execute(query.order_by(journal.c.seq))]


def last_of(tx: Transaction, stream: str) -> tuple[int, bytes] | None:
    """Number and hash of the newest row of `stream`."""
    row = tx.execute(
        sa.select(journal.c.seq, journal.c.hash)
        .where(journal.c.stream == stream)
        .order_by(journal.c.seq.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.seq, row.hash)


def streams(tx: Transaction) -> Iterator[str]:
    """The names of all streams, in order."""
    query = sa.select(journal.c.stream).group_by(journal.c.stream).order_by(journal.c.stream)
    yield from tx.execute(query.execution_options(yield_per=500)).scalars()


def head(tx: Transaction, stream: str) -> tuple[int, bytes] | None:
    """The stored head of a stream that keeps it in `journal_stream`, or None."""
    row = tx.execute(
        sa.select(journal_stream.c.seq, journal_stream.c.hash).where(
            journal_stream.c.stream == stream
        )
    ).first()
    return None if row is None else (row.seq, row.hash)


def _locked(insert: sqlite.Insert | postgresql.Insert) -> sa.UpdateBase:
    """Writing the row as it is makes it when missing and locks it in either case."""
    return insert.on_conflict_do_update(
        index_elements=[journal_stream.c.stream], set_={"seq": journal_stream.c.seq}
    ).returning(journal_stream.c.seq, journal_stream.c.hash)


_LOCK_HEAD = Statement(
    sqlite=_locked(sqlite.insert(journal_stream)),
    postgresql=_locked(postgresql.insert(journal_stream)),
)
_MOVE_HEAD = Statement(
    journal_stream.update()
    .where(journal_stream.c.stream == sa.bindparam("b_stream"))
    .values(seq=sa.bindparam("b_seq"), hash=sa.bindparam("b_hash"))
)


def lock_head(tx: Transaction, stream: str) -> tuple[int, bytes]:
    """The head of `stream`, made when missing; no other transaction appends until this ends."""
    head = _LOCK_HEAD.first(tx, {"stream": stream, "seq": 0, "hash": b""})
    if head is None:
        raise LookupError(f"The head of {stream} was not answered.")  # an upsert always does
    return head["seq"], head["hash"]


def move_head(tx: Transaction, stream: str, seq: int, hash_: bytes) -> None:
    """Write the new head of a locked stream."""
    _MOVE_HEAD.run(tx, {"b_stream": stream, "b_seq": seq, "b_hash": hash_})
