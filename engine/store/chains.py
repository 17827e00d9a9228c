"""Reading all chains for verification: heads page by page, and the rows of a page of streams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa

from engine.store.cases import process_instance
from engine.store.journal import Row, journal, journal_stream
from engine.store.seals import Leaf, seal_leaf
from engine.store.transaction import Transaction

_P = process_instance.c
_S = journal_stream.c
_J = journal.c
_COLUMNS = tuple(_J[name] for name in Row.__dataclass_fields__)


def case_heads(tx: Transaction, cases: str, after: str, limit: int) -> list[Leaf]:
    """The heads that the rows of the next cases name; `after` is the id of the last one seen."""
    statement = sa.select(_P.id, _P.journal_seq, _P.journal_hash).order_by(_P.id).limit(limit)
    if after:
        statement = statement.where(_P.id > after)
    rows = tx.execute(statement)
    return [Leaf(f"{cases}{row.id}", row.journal_seq, row.journal_hash) for row in rows]


def other_heads(tx: Transaction, after: str, limit: int) -> list[Leaf]:
    """The heads of the next streams that are no cases'."""
    statement = sa.select(_S.stream, _S.seq, _S.hash).order_by(_S.stream).limit(limit)
    if after:
        statement = statement.where(_S.stream > after)
    return [Leaf(row.stream, row.seq, row.hash.hex()) for row in tx.execute(statement)]


def head_of(tx: Transaction, stream: str, cases: str) -> Leaf | None:
    """The head of one stream, wherever it is kept; None when nothing keeps it."""
    if stream.startswith(cases):
        statement = sa.select(_P.journal_seq, _P.journal_hash)
        found = tx.execute(statement.where(_P.id == stream.removeprefix(cases))).one_or_none()
        return None if found is None else Leaf(stream, found.journal_seq, found.journal_hash)
    other = tx.execute(sa.select(_S.seq, _S.hash).where(_S.stream == stream)).one_or_none()
    return None if other is None else Leaf(stream, other.seq, other.hash.hex())


def rows_of_streams(
    tx: Transaction, streams: Sequence[str], since: date | None = None
) -> Iterator[Row]:
    """The rows of these streams, each stream's together and in order. With `since` only what came
    after the last entry that a seal of that day or before wrote down."""
    statement = sa.select(*_COLUMNS).where(_J.stream.in_(streams))
    if since is not None:
        leaf = seal_leaf.c
        sealed = sa.exists().where(
            leaf.stream == _J.stream, leaf.seq >= _J.seq, leaf.day <= since
        )  # fmt: skip
        statement = statement.where(~sealed)
    statement = statement.order_by(_J.stream, _J.seq)
    for row in tx.execute(statement.execution_options(yield_per=500)):
        yield Row(**row._mapping)


def streams_without_head(tx: Transaction, cases: str) -> Iterator[tuple[str, int]]:
    """Streams with entries that no case and no head knows, and how many entries they have."""
    kept = sa.exists().where(_S.stream == _J.stream)
    of_case = sa.exists().where(_P.id == sa.func.substr(_J.stream, len(cases) + 1))
    is_case = sa.func.substr(_J.stream, 1, len(cases)) == cases
    statement = (
        sa.select(_J.stream, sa.func.count().label("entries"))
        .where(~kept, ~sa.and_(is_case, of_case))
        .group_by(_J.stream)
        .order_by(_J.stream)
    )
    for row in tx.execute(statement.execution_options(yield_per=500)):
        yield row.stream, row.entries
