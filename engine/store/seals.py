"""Seals: one row a day, and which chains stood where when it was made.

A chain's head is written down once, by the first seal that finds it: a chain that did not go on
costs nothing the next day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.store.cases import process_instance
from engine.store.journal import journal, journal_stream
from engine.store.schema import Instant, append_only, metadata
from engine.store.transaction import Transaction

seal = append_only(
    sa.Table(
        "seal",
        metadata,
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False, comment="chains in this tree"),
        sa.Column("chains", sa.BigInteger, nullable=False, comment="chains there were at all"),
        sa.Column("entries", sa.BigInteger, nullable=False, comment="entries in all chains"),
        sa.Column("root", sa.Text, nullable=False, comment="hex"),
        sa.Column("previous", sa.Text, nullable=False, comment="hash of the seal before, or empty"),
        sa.Column("hash", sa.Text, nullable=False, comment="hex, over all of the above"),
    )
)

seal_leaf = append_only(
    sa.Table(
        "seal_leaf",
        metadata,
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.Text, nullable=False, comment="hex"),
        sa.Column("day", sa.Date, nullable=False, comment="of the seal that found it"),
        sa.Index("ix_seal_leaf_day_stream", "day", "stream"),
    )
)

_S = seal.c
_L = seal_leaf.c


@dataclass(frozen=True)
class SealRow:
    """One row of `seal`."""

    day: date
    made_at: datetime
    changed: int
    chains: int
    entries: int
    root: str
    previous: str
    hash: str


@dataclass(frozen=True)
class Leaf:
    """Where one chain stood."""

    stream: str
    seq: int
    hash: str
    """Hex."""


def newest(tx: Transaction) -> SealRow | None:
    """The seal made last, or None."""
    row = tx.execute(sa.select(seal).order_by(_S.day.desc()).limit(1)).one_or_none()
    return None if row is None else _row(row)


def every(tx: Transaction) -> tuple[SealRow, ...]:
    """All seals, oldest first."""
    return tuple(_row(row) for row in tx.execute(sa.select(seal).order_by(_S.day)))


def insert(tx: Transaction, row: SealRow) -> None:
    """Store a seal; its day's primary key refuses a second one."""
    tx.execute(seal.insert(), vars(row))


def take(tx: Transaction, day: date, cases: str) -> int:
    """Write down for `day` the head of every chain that no seal found yet; how many there were.

    `cases` is what the streams of cases begin with. One statement, so one view of all heads.
    """
    heads = _heads(tx, cases).subquery()
    known = sa.exists().where(_L.stream == heads.c.stream, _L.seq == heads.c.seq)
    fresh = sa.select(heads.c.stream, heads.c.seq, heads.c.hash, sa.literal(day, sa.Date))
    # Sorted, so that PostgreSQL has looked everything up before it adds the first row: for an empty
    # table it may look by reading it whole, and would read what it has just added, again and again.
    statement = seal_leaf.insert().from_select(
        ["stream", "seq", "hash", "day"], fresh.where(~known).order_by(heads.c.stream)
    )
    tx.execute(statement)
    # The drivers do not agree on how many rows such a statement made.
    count = sa.select(sa.func.count()).select_from(seal_leaf).where(_L.day == day)
    return int(tx.execute(count).scalar_one())


def totals(tx: Transaction, cases: str) -> tuple[int, int]:
    """How many chains there are, and how many entries in them."""
    heads = _heads(tx, cases).subquery()
    entries = sa.func.coalesce(sa.func.sum(heads.c.seq), 0)
    statement = sa.select(sa.func.count().label("chains"), entries.label("entries"))
    row = tx.execute(statement.select_from(heads)).one()
    return int(row.chains), int(row.entries)


def heads(tx: Transaction, cases: str) -> Iterator[Leaf]:
    """Where every chain stands now, by the bytes of their names."""
    found = _heads(tx, cases).subquery()
    statement = sa.select(found).order_by(_bytewise(tx, found.c.stream))
    for row in tx.execute(statement.execution_options(yield_per=1000)):
        yield Leaf(row.stream, row.seq, row.hash)


def leaves(tx: Transaction, day: date) -> Iterator[Leaf]:
    """What the seal of `day` wrote down, by the bytes of the streams' names."""
    statement = sa.select(_L.stream, _L.seq, _L.hash).where(_L.day == day)
    statement = statement.order_by(_bytewise(tx, _L.stream), _L.seq)
    for row in tx.execute(statement.execution_options(yield_per=1000)):
        yield Leaf(row.stream, row.seq, row.hash)


def anchors(tx: Transaction, streams: Sequence[str], day: date) -> dict[str, Leaf]:
    """Of each of `streams`, the last entry that a seal of `day` or before wrote down."""
    statement = (
        sa.select(_L.stream, _L.seq, _L.hash)
        .where(_L.stream.in_(streams), _L.day <= day)
        .order_by(_L.stream, _L.seq)
    )
    return {row.stream: Leaf(row.stream, row.seq, row.hash) for row in tx.execute(statement)}


def broken_leaves(tx: Transaction, stream: str | None = None) -> Iterator[tuple[Leaf, date, bool]]:
    """What was sealed and is so no longer: the leaf, its day, and whether the entry is missing
    (else it is another one)."""
    same = sa.and_(journal.c.stream == _L.stream, journal.c.seq == _L.seq)
    hash_ = _hex(tx, journal.c.hash)
    statement = (
        sa.select(_L.stream, _L.seq, _L.hash, _L.day, journal.c.seq.is_(None).label("missing"))
        .select_from(seal_leaf.outerjoin(journal, same))
        .where(sa.or_(journal.c.seq.is_(None), hash_ != _L.hash))
        .order_by(_L.stream, _L.seq)
    )
    if stream is not None:
        statement = statement.where(_L.stream == stream)
    for row in tx.execute(statement.execution_options(yield_per=1000)):
        yield Leaf(row.stream, row.seq, row.hash), row.day, bool(row.missing)


def days_without_seal(tx: Transaction) -> tuple[date, ...]:
    """Days that something was written down for, but whose seal is gone."""
    statement = sa.select(_L.day).distinct().where(_L.day.not_in(sa.select(_S.day)))
    return tuple(tx.execute(statement.order_by(_L.day)).scalars())


def _heads(tx: Transaction, cases: str) -> sa.CompoundSelect[Any]:
    """Stream, number and hash (hex) of every chain's last entry."""
    c, s = process_instance.c, journal_stream.c
    return sa.union_all(
        sa.select(
            (sa.literal(cases, sa.Text) + c.id).label("stream"),
            sa.cast(c.journal_seq, sa.BigInteger).label("seq"),
            c.journal_hash.label("hash"),
        ).where(c.journal_seq > 0),
        sa.select(s.stream, s.seq, _hex(tx, s.hash).label("hash")).where(s.seq > 0),
    )


def _hex(tx: Transaction, column: sa.ColumnElement[bytes]) -> sa.ColumnElement[str]:
    if tx.dialect == "sqlite":
        return sa.func.lower(sa.func.hex(column), type_=sa.Text)
    return sa.func.encode(column, "hex", type_=sa.Text)


def _bytewise(tx: Transaction, column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """In the order of the UTF-8 bytes, which is SQLite's own and PostgreSQL's collation C."""
    return column if tx.dialect == "sqlite" else sa.collate(column, "C")


def _row(row: sa.Row[Any]) -> SealRow:
    return SealRow(**row._mapping)
